import type { SourceKind } from "../model/connections.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

export interface SiteAddress {
  id: string;
  sourceKey: string;
  baseUrl: string;
  name: string;
}

/** Every site of a source that Usher knows; as many as a company has, which are few. */
export function listSiteAddresses(reader: Reader, source: SourceKind): Promise<SiteAddress[]> {
  return reader.query<SiteAddress>(sql`
    select id, source_key as "sourceKey", base_url as "baseUrl", name
      from sites
     where source = ${source}
     order by id
  `);
}
