import type { EvidenceKind, EvidenceSource } from "../../model/facts.ts";
import type { Tx } from "../database.ts";
import { mergePersonSummaries } from "../person-summaries.ts";
import { sql } from "../sql.ts";

export interface SeenUse {
  kind: EvidenceKind;
  source: EvidenceSource;
  at: Date;
}

/**
 * Keeps use that was looked up for one account as evidence, and brings what conditions see of it up to date. Of its
 * silence a single look says nothing, so what is known of the account reaches no further than before.
 */
export async function saveLookedUpUse(
  tx: Tx,
  account: { siteId: string; accountId: string; personId: string },
  lookedUp: { at: Date; uses: readonly SeenUse[] },
): Promise<void> {
  if (lookedUp.uses.length === 0) return;
  const written = await tx.execute(sql`
    insert into evidence as held (site_id, account_id, kind, source, last_at, known_since, known_until, is_told)
    select ${account.siteId}, ${account.accountId}, use.kind, use.source, max(use.at), ${lookedUp.at}, ${lookedUp.at}, false
      from jsonb_to_recordset(${JSON.stringify(lookedUp.uses)}::jsonb) as use(kind text, source text, at timestamptz)
     group by use.kind, use.source
        on conflict (site_id, account_id, kind, source) do update
       set last_at = excluded.last_at
     where held.last_at is null or held.last_at < excluded.last_at
  `);
  if (written === 0) return;
  await tx.execute(sql`
    create temporary table summary_people on commit drop as select ${account.personId}::text as person_id
  `);
  await mergePersonSummaries(tx);
}
