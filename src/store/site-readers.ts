import type { Reader } from "./database.ts";
import { findLeadConnection } from "./site-capabilities.ts";
import { sql } from "./sql.ts";

/**
 * Which connection a run of a site belongs to: whoever reads its roster, else the published one that has reached it
 * longest. With `askedFor` only if that connection reaches the site too: a run is of the whole site, whoever asks. Null:
 * there is no such site, or it is none of that connection; `connectionId` null: no such published connection reaches it.
 */
export async function findSiteReader(
  reader: Reader,
  siteId: string,
  askedFor: string | null,
): Promise<{ connectionId: string | null } | null> {
  const [row] = await reader.query<{ connectionId: string | null }>(sql`
    select (select cs.connection_id
              from connection_sites cs
              join connections c on c.id = cs.connection_id
             where cs.site_id = s.id
               and c.state = 'published'
               and (${askedFor}::text is null or c.id = ${askedFor})
             order by cs.added_at, cs.connection_id
             limit 1) as "connectionId"
      from sites s
     where s.id = ${siteId}
       and (${askedFor}::text is null
            or exists (select from connection_sites cs where cs.site_id = s.id and cs.connection_id = ${askedFor}))
  `);
  if (!row?.connectionId) return row ?? null;
  return { connectionId: (await findLeadConnection(reader, siteId)) ?? row.connectionId };
}
