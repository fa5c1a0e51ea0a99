import type { ConditionTerms } from "../../model/conditions.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { conditionSql } from "../conditions.ts";
import type { Reader } from "../database.ts";
import { LAST_USED_SQL } from "../expression.ts";
import type { Past } from "../instants.ts";
import { SEAT_FACTS_COLUMNS, type SeatFactsRow } from "../seat-facts.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { inGraceSql } from "./eligibility.ts";
import { pastSeatFacts } from "./past-seat-facts.ts";
import type { SimulatedPosition } from "./simulate.ts";

type Tested = Pick<ReclamationRule, "condition" | "settings">;

export interface BacktestCounts {
  seats: number;
  wouldTake: number;
  lacksEvidence: number;
  /** Of those it would have taken, active within so many days after. */
  within7: number;
  within30: number;
  within90: number;
}

/** Whom a rule would have taken on a past day, and how many of them were active so soon after: one statement. */
export async function countBacktest(
  reader: Reader,
  rule: Tested,
  terms: ConditionTerms,
  past: Past,
): Promise<BacktestCounts> {
  const within = (days: number) => sql`
    (count(*) filter (where j.is_taken and j.active_after_at <= ${later(past.at, days)}::timestamptz))::integer`;
  const [row] = await reader.query<BacktestCounts>(sql`
    with past_seats as materialized (select * from ${pastSeatFacts(past)} facts),
    judged as (${judged(rule, terms, past)})
    select (select count(*)::integer from past_seats where seat_id is not null) as seats,
           (count(*) filter (where j.is_taken))::integer as "wouldTake",
           (count(*) filter (where j.lacks_evidence))::integer as "lacksEvidence",
           ${within(7)} as within7, ${within(30)} as within30, ${within(90)} as within90
      from judged j
  `);
  if (!row) throw new Error("The counts of a back-test gave no row.");
  return row;
}

export interface BacktestRow extends SeatFactsRow {
  name: string | null;
  site: string;
  lastUsedAt: Date | null;
  activeAfterAt: Date | null;
}

/** The seats it would have taken, the longest silent first. */
export async function listBacktest(
  reader: Reader,
  rule: Tested,
  terms: ConditionTerms,
  past: Past,
  { after, limit }: { after: SimulatedPosition | null; limit: number },
): Promise<BacktestRow[]> {
  const used = sql`coalesce(${rawSql(LAST_USED_SQL)}, '-infinity')`;
  const begin = after
    ? sql`(${used}, f.account_id) > (coalesce(${after.lastUsedAt}::timestamptz, '-infinity'), ${after.accountId}::text)`
    : sql`true`;
  return reader.query<BacktestRow>(sql`
    with past_seats as materialized (select * from ${pastSeatFacts(past)} facts),
    judged as (${judged(rule, terms, past)})
    select ${SEAT_FACTS_COLUMNS}, ${rawSql(LAST_USED_SQL)} as "lastUsedAt", j.active_after_at as "activeAfterAt",
           site.name as site,
           (select v.display_name
              from account_versions v
             where v.site_id = f.site_id and v.account_id = f.account_id and v.valid_from <= ${past.at}
             order by v.valid_from desc
             limit 1) as name
      from past_seats f
      join judged j on j.site_id = f.site_id and j.account_id = f.account_id and j.is_taken
      join sites site on site.id = f.site_id
     where ${begin}
     order by ${used}, f.account_id
     limit ${limit}
  `);
}

/** What the rule would have found, with the first activity of each after that day. */
function judged({ condition, settings }: Tested, terms: ConditionTerms, past: Past): Sql {
  const { matches, lacksEvidence } = conditionSql(condition, terms);
  return sql`
    select f.site_id, f.account_id, found.is_taken, found.lacks_evidence,
           case when found.is_taken
                then (select min(e.occurred_at)
                        from activity_events e
                       where e.site_id = f.site_id and e.account_id = f.account_id and e.occurred_at > ${past.at})
           end as active_after_at
      from past_seats f
     cross join lateral (
       select ${matches} and not ${inGraceSql(settings.graceDays, past.at)} as is_taken,
              ${lacksEvidence} as lacks_evidence) found
     where found.is_taken or found.lacks_evidence`;
}

function later(at: Date, days: number): Date {
  return new Date(at.getTime() + days * 86_400_000);
}

export interface TestableSite {
  siteId: string;
  site: string;
  /** When views of its accounts were read first; null: never. */
  viewsSince: Date | null;
}

/** Since when it is known at each site that somebody did not read. */
export async function listViewsSince(reader: Reader): Promise<TestableSite[]> {
  return reader.query<TestableSite>(sql`
    select s.id as "siteId", s.name as site, k.since as "viewsSince"
      from sites s
      left join site_known_since k on k.site_id = s.id and k.kind = 'organization-accounts'
     order by lower(s.name), s.id
  `);
}
