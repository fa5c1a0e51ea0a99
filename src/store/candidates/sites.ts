import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** Sites on which there are seats or guests that conditions see. */
export async function listSeatSiteIds(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select s.id from sites s where exists (select from seat_facts f where f.site_id = s.id) order by s.id
  `);
  return rows.map(({ id }) => id);
}
