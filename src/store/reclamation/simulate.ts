import type { ConditionTerms } from "../../model/conditions.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import {
  SILENCE_BUCKETS,
  SIMULATED_OUTCOMES,
  type SilenceBucket,
  type SimulatedCount,
  type SimulatedOutcome,
} from "../../model/simulation.ts";
import { conditionSql } from "../conditions.ts";
import type { Reader } from "../database.ts";
import { LAST_USED_SQL, rankedSql } from "../expression.ts";
import { SEAT_FACTS_COLUMNS, type SeatFactsRow } from "../seat-facts.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { eligibilityOfAll } from "./eligibility.ts";

type Simulated = Pick<ReclamationRule, "siteIds" | "condition" | "settings">;

/**
 * How many seats are alike in what the rule would do with them and in how long they have been silent: one statement over
 * all seats of its sites, of which only these counts leave the database. They are grouped by one number. `limit all` limits
 * nothing; it keeps that number apart from the columns it is made of, from which PostgreSQL would expect nearly as many
 * groups as seats and then not share the work between two processes.
 */
export async function countSimulation(
  reader: Reader,
  rule: Simulated,
  terms: ConditionTerms,
): Promise<SimulatedCount[]> {
  const { joins, outcome } = outcomeSql(rule, terms, (word) => rawSql(String(SIMULATED_OUTCOMES.indexOf(word))));
  const rows = await reader.query<AlikeRow>(sql`
    select judged."siteId", judged.alike, count(*)::integer as accounts
      from (select f.site_id as "siteId",
                   (coalesce(${outcome}, ${SIMULATED_OUTCOMES.length}::integer) * 10 + ${bucketSql(terms)}) * 2
                     + (f.seat_id is not null)::integer as alike
              from seat_facts f
              ${joins}
             where ${ofSites(rule)}
            limit all) judged
     group by 1, 2
  `);
  return rows.map(({ siteId, alike, accounts }) => ({
    siteId,
    outcome: SIMULATED_OUTCOMES[Math.floor(alike / 20)] ?? null,
    bucket: SILENCE_BUCKETS[Math.floor(alike / 2) % 10] ?? "no-evidence",
    isSeat: alike % 2 === 1,
    accounts,
  }));
}

/** `alike` holds the places of the outcome and of the bucket, and whether it is a seat. */
interface AlikeRow {
  siteId: string;
  alike: number;
  accounts: number;
}

export interface SimulatedRow extends SeatFactsRow {
  outcome: SimulatedOutcome;
  name: string;
  site: string;
  lastUsedAt: Date | null;
}

/** Where a page ended. */
export interface SimulatedPosition {
  lastUsedAt: Date | null;
  accountId: string;
}

export interface SimulatedPage {
  outcomes: readonly SimulatedOutcome[];
  after: SimulatedPosition | null;
  limit: number;
}

/** Seats of these outcomes, the longest silent first. */
export async function listSimulated(
  reader: Reader,
  rule: Simulated,
  terms: ConditionTerms,
  { outcomes, after, limit }: SimulatedPage,
): Promise<SimulatedRow[]> {
  const used = sql`coalesce(${rawSql(LAST_USED_SQL)}, '-infinity')`;
  const begin = after
    ? sql`(${used}, f.account_id) > (coalesce(${after.lastUsedAt}::timestamptz, '-infinity'), ${after.accountId}::text)`
    : sql`true`;
  const { joins, outcome } = outcomeSql(rule, terms, (word) => rawSql(`'${word}'`));
  return reader.query<SimulatedRow>(sql`
    select page.*, s.display_name as name, site.name as site
      from (select ${SEAT_FACTS_COLUMNS}, ${rawSql(LAST_USED_SQL)} as "lastUsedAt", judged.outcome
              from seat_facts f
              ${joins}
             cross join lateral (select ${outcome} as outcome) judged
             where ${ofSites(rule)} and judged.outcome = any (${outcomes as string[]}::text[]) and ${begin}
             order by ${used}, f.account_id
             limit ${limit}) page
      join sites site on site.id = page."siteId"
      left join account_summaries s on s.site_id = page."siteId" and s.account_id = page."accountId"
     order by coalesce(page."lastUsedAt", '-infinity'), page."accountId"
  `);
}

/** Null where the condition does not hold and more evidence would not change that. */
function outcomeSql(
  rule: Simulated,
  terms: ConditionTerms,
  named: (outcome: SimulatedOutcome) => Sql,
): { joins: Sql; outcome: Sql } {
  const { holds, mightMatch } = conditionSql(rule.condition, terms);
  const { joins, isExcluded, isInGrace, isCoolingDown, isOpen } = eligibilityOfAll(rule.settings, terms.asOf);
  const outcome = sql`
    case ${holds}
         when true then case when ${isExcluded} then ${named("excluded")}
                             when ${isInGrace} then ${named("in-grace")}
                             when ${isCoolingDown} then ${named("cooling-down")}
                             when ${isOpen} then ${named("already-candidate")}
                             else ${named("would-take")} end
         when false then null
         else case when ${mightMatch} then ${named("lacks-evidence")} end end`;
  return { joins, outcome };
}

function bucketSql(terms: ConditionTerms): Sql {
  const used = rawSql(LAST_USED_SQL);
  const ago = (days: number) => sql`${new Date(terms.asOf.getTime() - days * 86_400_000)}::timestamptz`;
  const named = (bucket: SilenceBucket) => rawSql(String(SILENCE_BUCKETS.indexOf(bucket)));
  return sql`
    case when ${used} > ${ago(30)} then ${named("0-30")}
         when not coalesce(${rankedSql(terms)}, false) then ${named("no-evidence")}
         when ${used} > ${ago(60)} then ${named("30-60")}
         when ${used} > ${ago(90)} then ${named("60-90")}
         when ${used} > ${ago(120)} then ${named("90-120")}
         when ${used} is null then ${named("never")}
         else ${named("120+")} end`;
}

function ofSites({ siteIds }: Simulated): Sql {
  return siteIds === null ? sql`true` : sql`f.site_id = any (${siteIds}::text[])`;
}
