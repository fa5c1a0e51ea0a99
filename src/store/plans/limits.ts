import type { ReclamationSettings } from "../../model/reclamation.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** Settings of a reclamation rule, ended ones too; null: there is none. */
export async function findReclamationSettings(reader: Reader, ruleId: string): Promise<ReclamationSettings | null> {
  const [row] = await reader.query<{ settings: ReclamationSettings }>(sql`
    select settings from reclamation_rules where id = ${ruleId}
  `);
  return row?.settings ?? null;
}

export async function countSeatsOfSites(reader: Reader, siteIds: readonly string[]): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select count(*) as seats from seats where site_id = any (${siteIds as string[]}) and ended_at is null
  `);
  return row?.seats ?? 0;
}
