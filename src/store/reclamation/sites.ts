import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** Those of these ids that are sites. */
export async function listSiteIds(reader: Reader, siteIds: readonly string[]): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`select id from sites where id = any (${siteIds})`);
  return rows.map(({ id }) => id);
}
