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

/** The rule that found every one of these seats, by the candidates named; null where none or several did. */
export async function findRuleOfCandidates(
  reader: Reader,
  seats: readonly { siteId: string; accountId: string; candidateId: string | null }[],
): Promise<string | null> {
  const [row] = await reader.query<{ ruleId: string | null }>(sql`
    select min(c.rule_id) as "ruleId"
      from unnest(${seats.map((each) => each.siteId)}::text[], ${seats.map((each) => each.accountId)}::text[],
                  ${seats.map((each) => each.candidateId)}::text[]) as wish(site_id, account_id, candidate_id)
      left join candidates c
        on c.id = wish.candidate_id and c.site_id = wish.site_id and c.account_id = wish.account_id
    having count(c.rule_id) = count(*) and min(c.rule_id) = max(c.rule_id)
  `);
  return row?.ruleId ?? null;
}

export async function countSeatsOfSites(reader: Reader, siteIds: readonly string[]): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select count(*) as seats from seats where site_id = any (${siteIds as string[]}) and ended_at is null
  `);
  return row?.seats ?? 0;
}
