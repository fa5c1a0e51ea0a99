import type { Edition, SourceKind } from "../../model/connections.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface SiteEdition {
  id: string;
  name: string;
  source: SourceKind;
  edition: Edition | null;
  lastSyncedAt: Date | null;
}

/** These sites, or with null every one, by name. */
export async function listSiteEditions(
  reader: Reader,
  siteIds: readonly string[] | null = null,
): Promise<SiteEdition[]> {
  return reader.query<SiteEdition>(sql`
    select id, name, source, edition, last_synced_at as "lastSyncedAt"
      from sites
     where ${siteIds as string[] | null}::text[] is null or id = any (${siteIds as string[] | null}::text[])
     order by name, id
  `);
}
