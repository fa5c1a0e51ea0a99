import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

export interface StatusCounts {
  sites: number;
  /** The oldest last sync of the sites; null while one of them was never read. */
  dataAsOf: Date | null;
  runsUnderWay: number;
}

export async function readStatus(reader: Reader): Promise<StatusCounts> {
  const [row] = await reader.query<StatusCounts>(sql`
    with governed as (
      select s.last_synced_at
        from sites s
       where exists (select 1
                       from connection_sites cs
                       join connections c on c.id = cs.connection_id
                      where cs.site_id = s.id and c.state <> 'archived')
    )
    select count(*) as sites,
           case when count(*) = count(last_synced_at) then min(last_synced_at) end as "dataAsOf",
           (select count(*) from runs where state in ('queued', 'running')) as "runsUnderWay"
      from governed
  `);
  return row ?? { sites: 0, dataAsOf: null, runsUnderWay: 0 };
}
