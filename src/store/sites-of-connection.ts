import { type Sql, sql } from "./sql.ts";

/** Whether a site is one that the connection reaches. */
export function isSiteOf(siteId: Sql, connectionId: string): Sql {
  return sql`${siteId} in (select own.site_id from connection_sites own where own.connection_id = ${connectionId})`;
}
