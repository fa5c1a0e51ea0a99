import type { License } from "../../model/licenses.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";
import { LICENSE_COLUMNS } from "./licenses.ts";

export interface RemindedLicense extends License {
  /** Names. */
  sites: string[];
}

/** Licenses that have not ended. */
export async function listReminded(reader: Reader): Promise<RemindedLicense[]> {
  return reader.query<RemindedLicense>(sql`
    select ${LICENSE_COLUMNS},
           array(select s.name from license_sites x join sites s on s.id = x.site_id
                  where x.license_id = l.id order by s.name) as sites
      from licenses l
     where l.ended_on is null
     order by l.id
  `);
}
