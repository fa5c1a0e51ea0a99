import type { ExclusionEffect } from "../../model/exclusions.ts";
import { sql, type Sql } from "../sql.ts";

/**
 * Whether an exclusion of this effect lies over an account at `at`. `row` has `site_id` and `account_id`. What an
 * exclusion catches is settled after each run and whenever it changes; that it expired counts from its very instant.
 */
export function isExcludedSql(row: Sql, effect: ExclusionEffect, at: Date): Sql {
  return sql`
    exists (select 1
              from exclusion_hits hit
             where hit.site_id = ${row}.site_id and hit.account_id = ${row}.account_id
               and ${effect} = any (hit.effects) and (hit.until is null or hit.until > ${at}))`;
}
