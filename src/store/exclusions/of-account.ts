import type { ExclusionEffect } from "../../model/exclusions.ts";
import type { Reader } from "../database.ts";
import { sql, type Sql } from "../sql.ts";

/** An exclusion that lies over an account. */
export interface AccountExclusion {
  ruleId: string;
  name: string;
  effects: ExclusionEffect[];
}

/** The exclusions that lie over an account at `at`, as `AccountExclusion[]`. `row` has `site_id` and `account_id`. */
export function exclusionsOfAccount(row: Sql, at: Date): Sql {
  return sql`
    (select coalesce(jsonb_agg(jsonb_build_object('ruleId', rule.id, 'name', rule.name, 'effects', hit.effects)
                               order by lower(rule.name), rule.id), '[]')
       from exclusion_hits hit
       join exclusion_rules rule on rule.id = hit.rule_id
      where hit.site_id = ${row}.site_id and hit.account_id = ${row}.account_id
        and (hit.until is null or hit.until > ${at}))`;
}

/** What a list asks of the exclusions over its accounts. */
export interface ExclusionFilter {
  /** Whether any lies over it; null: either way. */
  isExcluded: boolean | null;
  /** With any of these effects. */
  effects: readonly ExclusionEffect[] | null;
  now: Date;
}

/** The conditions of a filter on `row`, which has `site_id` and `account_id`. */
export function exclusionConditions(row: Sql, filter: ExclusionFilter | undefined): Sql[] {
  if (!filter) return [];
  const { isExcluded, effects, now } = filter;
  return [
    ...(isExcluded === null ? [] : [sql`${hasExclusion(row, null, now)} = ${isExcluded}`]),
    ...(effects === null ? [] : [hasExclusion(row, effects, now)]),
  ];
}

/** Whether any exclusion, or one of these effects, lies over an account; `row` as above. */
function hasExclusion(row: Sql, effects: readonly ExclusionEffect[] | null, at: Date): Sql {
  return sql`
    exists (select 1
              from exclusion_hits hit
             where hit.site_id = ${row}.site_id and hit.account_id = ${row}.account_id
               and (hit.until is null or hit.until > ${at})
               and (${effects}::text[] is null or hit.effects && ${effects}::text[]))`;
}

/** The exclusions over these accounts at `at`, by account id; accounts over which none lies have no entry. */
export async function listExclusionsOf(
  reader: Reader,
  accountIds: readonly string[],
  at: Date,
): Promise<Map<string, AccountExclusion[]>> {
  if (accountIds.length === 0) return new Map();
  const rows = await reader.query<AccountExclusion & { accountId: string }>(sql`
    select hit.account_id as "accountId", rule.id as "ruleId", rule.name, hit.effects
      from exclusion_hits hit
      join accounts a on a.site_id = hit.site_id and a.id = hit.account_id
      join exclusion_rules rule on rule.id = hit.rule_id
     where a.id = any (${accountIds as string[]}) and (hit.until is null or hit.until > ${at})
     order by lower(rule.name), rule.id
  `);
  const byAccount = Map.groupBy(rows, (each) => each.accountId);
  return new Map(
    [...byAccount].map(([accountId, theirs]) => [
      accountId,
      theirs.map(({ ruleId, name, effects }) => ({ ruleId, name, effects })),
    ]),
  );
}

/** Held seats over which exclusions lie, by site: over any of them, and by each effect. */
export interface ExcludedSeats {
  siteId: string;
  any: number;
  "not-counted": number;
  "no-reclaim": number;
  "no-review": number;
  "no-notify": number;
}

export async function countExcludedSeats(reader: Reader, at: Date): Promise<ExcludedSeats[]> {
  const having = (effect: ExclusionEffect) => sql`count(*) filter (where ${effect} = any (over.effects))`;
  return reader.query<ExcludedSeats>(sql`
    select over.site_id as "siteId", count(*) as "any", ${having("not-counted")} as "not-counted",
           ${having("no-reclaim")} as "no-reclaim", ${having("no-review")} as "no-review",
           ${having("no-notify")} as "no-notify"
      from (select hit.site_id, hit.account_id, array_agg(distinct each.effect) as effects
              from exclusion_hits hit
             cross join lateral unnest(hit.effects) as each (effect)
             where hit.until is null or hit.until > ${at}
             group by hit.site_id, hit.account_id) as over
      join account_summaries s on s.site_id = over.site_id and s.account_id = over.account_id
     where s.seat_id is not null
     group by over.site_id
  `);
}
