import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** The hourly job beside a site's daily one: a run that follows the audit log. */
export const REFRESH_CHANGES = "refresh-changes";

/**
 * Gives each daily job of the site its hourly one, half an hour past the minute of the daily one. It is on where the
 * daily one is and a connection reads the site's activity, to which the audit log belongs. Right however often it is
 * called; what was said of its time stays, and one that a person switched off stays off.
 */
export async function settleChangesJobs(tx: Tx, siteId: string, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into jobs (name, kind, connection_id, site_id, cron, enabled, created_at)
    select 'Refresh changes ' || s.name, ${REFRESH_CHANGES}, daily.connection_id, daily.site_id,
           case when split_part(daily.cron, ' ', 1) ~ '^[0-9]{1,2}$'
                then (split_part(daily.cron, ' ', 1)::integer + 30) % 60 else 30 end || ' * * * *',
           daily.enabled and exists (select 1
                                       from site_capabilities r
                                       join connections c on c.id = r.connection_id and c.state = 'published'
                                      where r.site_id = daily.site_id and r.capability = 'activity'
                                        and r.capability = any (c.capabilities)),
           ${at}::timestamptz
      from jobs daily
      join sites s on s.id = daily.site_id
     where daily.kind = 'refresh-site' and daily.site_id = ${siteId}
        on conflict (kind, coalesce(connection_id, ''), coalesce(site_id, '')) do update
       set enabled = excluded.enabled and not jobs.is_switched_off
  `);
}
