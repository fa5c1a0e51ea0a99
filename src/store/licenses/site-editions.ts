import type { Edition, SourceKind } from "../../model/connections.ts";
import type { Reader } from "../database.ts";
import { isCountedSite } from "../sample/counted-sites.ts";
import { sql } from "../sql.ts";

export interface SiteEdition {
  id: string;
  name: string;
  source: SourceKind;
  edition: Edition | null;
  lastSyncedAt: Date | null;
  isSample: boolean;
}

/** These sites, or with null every one that counts in totals, by name. */
export async function listSiteEditions(
  reader: Reader,
  siteIds: readonly string[] | null = null,
): Promise<SiteEdition[]> {
  return reader.query<SiteEdition>(sql`
    select id, name, source, edition, last_synced_at as "lastSyncedAt", is_sample as "isSample"
      from sites
     where case when ${siteIds as string[] | null}::text[] is null then ${isCountedSite("sites")}
                else id = any (${siteIds as string[] | null}::text[]) end
     order by name, id
  `);
}
