import type { License } from "../../model/licenses.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";
import { LICENSE_COLUMNS } from "./licenses.ts";

export interface RemindedLicense extends License {
  /** Names. */
  sites: string[];
  /** Of the owner. */
  email: string;
}

/** Licenses whose owner can be written to. */
export async function listReminded(reader: Reader): Promise<RemindedLicense[]> {
  return reader.query<RemindedLicense>(sql`
    select ${LICENSE_COLUMNS}, o.email,
           array(select s.name from license_sites x join sites s on s.id = x.site_id
                  where x.license_id = l.id order by s.name) as sites
      from licenses l
      join operators o on o.id = l.owner_id and o.email is not null and o.ended_at is null
     where l.ended_on is null
     order by l.id
  `);
}
