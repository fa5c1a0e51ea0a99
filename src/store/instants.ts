import { rawSql, sql, type Sql } from "./sql.ts";

/** When something is asked for: an instant of the past, or null for now, which has indexes and summaries of its own. */
export type Instant = Date | null;

/** An earlier instant, and the sites of which enough was known by then: rows of others would be short for want of looking. */
export interface Past {
  at: Date;
  siteIds: readonly string[];
}

/** Every site for now, those that are known for an earlier instant. */
export function amongKnown(siteId: Sql, past: Past | null): Sql {
  return past === null ? sql`true` : sql`${siteId} = any (${past.siteIds as string[]})`;
}

/** Whether a row with `valid_from` and `valid_to` holds at the instant; `row` is its alias. A fact ends where the next one begins. */
export function holds(row: string, at: Instant): Sql {
  return holdsBetween(rawSql(`${row}.valid_from`), rawSql(`${row}.valid_to`), at);
}

/** The same for a table that names its ends otherwise. */
export function holdsBetween(from: Sql, to: Sql, at: Instant): Sql {
  if (at === null) return sql`${to} is null`;
  return sql`${from} <= ${at} and (${to} is null or ${to} > ${at})`;
}
