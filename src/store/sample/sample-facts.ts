import type { ConnectionState, Edition, SourceKind } from "../../model/connections.ts";
import { productAccessGroups } from "../access-sql.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** The sample company's connection to this kind of source, as far as it was made. */
export async function findSampleConnection(
  reader: Reader,
  source: SourceKind,
): Promise<{ id: string; state: ConnectionState } | null> {
  const rows = await reader.query<{ id: string; state: ConnectionState }>(sql`
    select id, state from connections where is_sample and source = ${source} order by created_at, id limit 1
  `);
  return rows[0] ?? null;
}

export async function hasSampleImport(reader: Reader, fileName: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select id from imports where kind = 'people' and state = 'applied' and file_name = ${fileName} limit 1
  `);
  return rows.length > 0;
}

export interface SampleSite {
  id: string;
  name: string;
  source: SourceKind;
  edition: Edition | null;
  /** Current ones. */
  seats: number;
}

export async function listSampleSites(reader: Reader): Promise<SampleSite[]> {
  return reader.query<SampleSite>(sql`
    select s.id, s.name, s.source, s.edition,
           (select count(*) from seats seat where seat.site_id = s.id and seat.ended_at is null) as seats
      from sites s
     where s.is_sample
     order by s.created_at, s.id
  `);
}

/** Groups that give a seat at a sample site, of which nobody has said so. */
export async function listUnconfirmedGroups(reader: Reader): Promise<{ siteId: string; groupId: string }[]> {
  return reader.query<{ siteId: string; groupId: string }>(sql`
    select g.site_id as "siteId", g.id as "groupId"
      from sites s
      join groups g on g.site_id = s.id
      left join product_access_decisions d on d.site_id = g.site_id and d.group_id = g.id
     where s.is_sample and d.group_id is null
       and g.id in (select group_id from (${productAccessGroups(sql`s.id`)}) as giving)
     order by g.site_id, g.id
  `);
}
