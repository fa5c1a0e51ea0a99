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

export function eligibilitySql(settings: Pick<ReclamationSettings, "graceDays">, at: Date): EligibilitySql {
  const isOf = sql`c.site_id = f.site_id and c.account_id = f.account_id`;
  return {
    isExcluded: isExcludedSql(rawSql("f"), "no-reclaim", at),
    isInGrace: inGraceSql(settings.graceDays, at),
    isCoolingDown: sql`
      exists (select 1 from candidates c where ${isOf} and c.state = 'kept' and c.kept_until > ${at})`,
    isOpen: sql`exists (select 1 from candidates c where ${isOf} and c.closed_at is null)`,
  };
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
