import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface SiteLicense {
  /** Null: unlimited, or not told. */
  seats: number | null;
  usedSeats: number | null;
  expiresAt: Date | null;
  maintenanceExpiresAt: Date | null;
  origin: "organization" | "license";
}

/** Keeps what a source told of a site's license. What it told before stays as history; the same again is only seen again. */
export async function saveSiteLicense(tx: Tx, siteId: string, told: SiteLicense, at: Date): Promise<void> {
  const said = sql`(${told.seats}::integer, ${told.usedSeats}::integer, ${told.expiresAt}::timestamptz,
                    ${told.maintenanceExpiresAt}::timestamptz, ${told.origin}::text)`;
  await tx.execute(sql`
    update site_licenses
       set valid_to = ${at}
     where site_id = ${siteId} and valid_to is null
       and (seats, used_seats, expires_at, maintenance_expires_at, origin) is distinct from ${said}
  `);
  await tx.execute(sql`
    insert into site_licenses (site_id, valid_from, seats, used_seats, expires_at, maintenance_expires_at, origin,
                               observed_at)
    values (${siteId}, ${at}, ${told.seats}, ${told.usedSeats}, ${told.expiresAt}, ${told.maintenanceExpiresAt},
            ${told.origin}, ${at})
        on conflict (site_id) where valid_to is null do update
       set observed_at = excluded.observed_at
  `);
}

/** Sites that a published connection reads, which may tell what was bought for them. */
export async function listReadSites(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select distinct s.id
      from sites s
      join connection_sites x on x.site_id = s.id
      join connections c on c.id = x.connection_id and c.state = 'published'
     order by s.id
  `);
  return rows.map(({ id }) => id);
}
