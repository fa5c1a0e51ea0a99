import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/**
 * Which published connection reads a site: the one asked for, or with null the one that has read it longest. Null: there
 * is no such site; `connectionId` null: no published connection reads it.
 */
export async function findSiteReader(
  reader: Reader,
  siteId: string,
  connectionId: string | null,
): Promise<{ connectionId: string | null } | null> {
  const [row] = await reader.query<{ connectionId: string | null }>(sql`
    select (select cs.connection_id
              from connection_sites cs
              join connections c on c.id = cs.connection_id
             where cs.site_id = s.id
               and c.state = 'published'
               and (${connectionId}::text is null or c.id = ${connectionId})
             order by cs.added_at, cs.connection_id
             limit 1) as "connectionId"
      from sites s
     where s.id = ${siteId}
  `);
  return row ?? null;
}
