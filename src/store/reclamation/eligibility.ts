import type { ReclamationSettings } from "../../model/reclamation.ts";
import { isExcludedSql } from "../exclusions/hits.ts";
import { LAST_USED_SQL } from "../expression.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** Why a rule leaves a seat alone although its condition holds, over `seat_facts f`; none is ever null. */
export interface EligibilitySql {
  isExcluded: Sql;
  isInGrace: Sql;
  isCoolingDown: Sql;
  isOpen: Sql;
}

/** What was taken since the site was read last is still among the facts: it is not found a second time. */
export const IS_JUST_TAKEN = rawSql(`
  (c.state = 'reclaimed'
   and c.state_since > (select read.as_of from site_summaries read where read.site_id = c.site_id))`);
const IS_UNDER_WAY = sql`(c.closed_at is null or ${IS_JUST_TAKEN})`;

/** Looked up seat by seat: for the seats that a rule found. */
export function eligibilitySql(
  settings: Pick<ReclamationSettings, "graceDays" | "coolDownDays">,
  at: Date,
): EligibilitySql {
  const isOf = sql`c.site_id = f.site_id and c.account_id = f.account_id`;
  return {
    isExcluded: isExcludedSql(rawSql("f"), "no-reclaim", at),
    isInGrace: inGraceSql(settings.graceDays, at),
    isCoolingDown: sql`
      exists (select 1 from candidates c where ${isOf} and ${isLeftAlone(settings, at)})`,
    isOpen: sql`exists (select 1 from candidates c where ${isOf} and ${IS_UNDER_WAY})`,
  };
}

/**
 * The same by `joins` behind `seat_facts f`, for all seats of the sites: what is left alone is gathered once and looked up
 * once a seat. With a join for each reason a simulation took a quarter longer; with a subquery for each candidate, as in
 * `IS_JUST_TAKEN`, PostgreSQL would not share the work between two processes.
 */
export function eligibilityOfAll(
  settings: Pick<ReclamationSettings, "graceDays" | "coolDownDays">,
  at: Date,
): EligibilitySql & { joins: Sql } {
  return {
    joins: sql`
      left join (select each.site_id, each.account_id, bool_or(each.reason = 'excluded') as is_excluded,
                        bool_or(each.reason = 'kept') as is_kept, bool_or(each.reason = 'open') as is_open
                   from (select hit.site_id, hit.account_id, 'excluded' as reason
                           from exclusion_hits hit
                          where 'no-reclaim' = any (hit.effects) and (hit.until is null or hit.until > ${at})
                          union all
                         select c.site_id, c.account_id, 'kept' from candidates c where ${isLeftAlone(settings, at)}
                          union all
                         select c.site_id, c.account_id, 'open'
                           from candidates c
                           left join site_summaries read on read.site_id = c.site_id
                          where c.closed_at is null or c.state = 'reclaimed' and c.state_since > read.as_of) each
                  group by each.site_id, each.account_id) alone
        on alone.site_id = f.site_id and alone.account_id = f.account_id`,
    isExcluded: rawSql("coalesce(alone.is_excluded, false)"),
    isInGrace: inGraceSql(settings.graceDays, at),
    isCoolingDown: rawSql("coalesce(alone.is_kept, false)"),
    isOpen: rawSql("coalesce(alone.is_open, false)"),
  };
}

/** Of a candidate `c`: it was kept, or its seat was asked back after it was taken, and that was not long ago. */
function isLeftAlone({ coolDownDays }: Pick<ReclamationSettings, "coolDownDays">, at: Date): Sql {
  const since = new Date(at.getTime() - coolDownDays * 86_400_000);
  return sql`(c.state = 'kept' and c.kept_until > ${at} or c.state = 'restored' and c.state_since > ${since})`;
}

/**
 * Whether a seat is new. One whose grant the source does not tell counts from when it was first seen, unless it was used
 * before: then it is older than that.
 */
export function inGraceSql(graceDays: number, at: Date): Sql {
  const since = sql`${new Date(at.getTime() - graceDays * 86_400_000)}::timestamptz`;
  return sql`
    (f.granted_at > ${since}
     and (f.granted_origin = 'organization' or ${rawSql(LAST_USED_SQL)} is null or ${rawSql(LAST_USED_SQL)} > ${since}))`;
}
