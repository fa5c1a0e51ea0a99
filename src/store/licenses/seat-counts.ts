import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** Seats held now, of each of these sites that has any. */
export async function countSeatsBySite(reader: Reader, siteIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await reader.query<{ siteId: string; seats: number }>(sql`
    select site_id as "siteId", count(*) as seats
      from seats
     where site_id = any (${siteIds as string[]}) and ended_at is null
     group by site_id
  `);
  return new Map(rows.map(({ siteId, seats }) => [siteId, seats]));
}
