import type { ConditionTerms, SeatStanding } from "../model/conditions.ts";
import type { Reader } from "./database.ts";
import { standingsSql } from "./expression.ts";
import { sql } from "./sql.ts";

/** Where these accounts stand among the seats of their sites; those of a site without a known capacity are left out. */
export async function findStandings(
  reader: Reader,
  terms: ConditionTerms,
  accountIds: readonly string[],
): Promise<Map<string, SeatStanding>> {
  const rows = await reader.query<{ accountId: string; rank: number | null; usedPercent: number }>(sql`
    select account_id as "accountId", rank::integer as rank, used_percent as "usedPercent"
      from (${standingsSql(terms)}) standings
     where account_id = any (${accountIds})
  `);
  return new Map(rows.map(({ accountId, ...standing }) => [accountId, standing]));
}
