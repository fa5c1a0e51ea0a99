import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface SetupFacts {
  hasConnection: boolean;
  isPublished: boolean;
  isSynced: boolean;
  /** Every site that has groups giving a seat has one that somebody decided about. */
  areGroupsConfirmed: boolean;
  hasLicense: boolean;
  /** A rule that somebody looked at: any that is not as Usher made it. */
  hasRule: boolean;
}

/** How far the installation is set up. */
export async function readSetupFacts(reader: Reader): Promise<SetupFacts> {
  const [row] = await reader.query<SetupFacts>(sql`
    select exists (select 1 from connections where state <> 'archived') as "hasConnection",
           exists (select 1 from connections where state = 'published') as "isPublished",
           exists (select 1 from site_summaries) as "isSynced",
           exists (select 1 from product_access_decisions)
           and not exists (select 1
                             from product_access p
                            where p.valid_to is null
                              and not exists (select 1 from product_access_decisions d where d.site_id = p.site_id))
             as "areGroupsConfirmed",
           exists (select 1 from licenses where ended_on is null) as "hasLicense",
           exists (select 1 from reclamation_rules where ended_at is null and (made_for is null or revision > 1)) as "hasRule"
  `);
  if (!row) throw new Error("The database told nothing of the set-up.");
  return row;
}
