import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface SyncHealthRow {
  siteId: string;
  site: string;
  connectionId: string;
  connection: string;
  health: string;
  lastSyncedAt: Date | null;
  staleAfterHours: number;
  run: {
    runId: string;
    state: "queued" | "running";
    startedAt: Date | null;
    /** Listings, of those that are known so far. */
    listings: number;
    listingsDone: number;
    /** Read so far. */
    rows: number;
  } | null;
}

/** Each site of a connection that is not archived, with the run that is under way there. */
export async function listSyncHealth(reader: Reader): Promise<SyncHealthRow[]> {
  const rows = await reader.query<SyncHealthRow & { run: { startedAt: string | null } | null }>(sql`
    select s.id as "siteId", s.name as site, c.id as "connectionId", c.name as connection, s.health,
           s.last_synced_at as "lastSyncedAt", c.stale_after_hours as "staleAfterHours", under_way.run
      from sites s
      join lateral (select c.id, c.name, (c.settings ->> 'staleAfterHours')::integer as stale_after_hours
                      from connection_sites cs
                      join connections c on c.id = cs.connection_id
                     where cs.site_id = s.id and c.state <> 'archived'
                     order by c.state <> 'published', c.created_at, c.id
                     limit 1) as c on true
      left join lateral (
           select jsonb_build_object(
                    'runId', r.id, 'state', r.state, 'startedAt', r.started_at, 'listings', count(l.key),
                    'listingsDone', count(l.key) filter (where l.state in ('complete', 'failed', 'not-allowed')),
                    'rows', coalesce(sum(l.rows), 0)) as run
             from runs r
             left join listings l on l.run_id = r.id
            where r.site_id = s.id and r.state in ('queued', 'running')
            group by r.id
            order by r.state desc, r.requested_at
            limit 1) as under_way on true
     order by s.name, s.id
  `);
  return rows.map(({ run, ...row }) => ({
    ...row,
    run: run && { ...run, startedAt: run.startedAt === null ? null : new Date(run.startedAt) },
  }));
}
