import type { Tx } from "./database.ts";
import { requestRun } from "./runs.ts";
import { findSiteReader } from "./site-readers.ts";
import { lockSite } from "./sites.ts";
import { sql } from "./sql.ts";

/**
 * One job a site: a run reads the roster, activity and permissions of what the connection's capabilities allow, in one
 * walk and as of one instant.
 */
export const REFRESH_SITE = "refresh-site";

export interface SiteToSchedule {
  connectionId: string;
  siteId: string;
  /** The site's name; the job is called after it. */
  name: string;
  requestedBy: string;
  at: Date;
}

/**
 * The site's daily job, and its first run unless one is under way; both exist once however often this is called. A site
 * that another connection's job reads already gets none: two that see different things would undo each other's facts.
 */
export async function scheduleSite(tx: Tx, site: SiteToSchedule): Promise<void> {
  // Two connections that are published at once look one after the other.
  await lockSite(tx, site.siteId);
  const [other] = await tx.query<{ id: string }>(sql`
    select id
      from jobs
     where site_id = ${site.siteId}
       and connection_id <> ${site.connectionId}
       and kind = ${REFRESH_SITE}
       and enabled
     limit 1
  `);
  if (other) return;
  await tx.execute(sql`
    insert into jobs (name, kind, connection_id, site_id, cron, created_at)
    values (${`Refresh ${site.name}`}, ${REFRESH_SITE}, ${site.connectionId}, ${site.siteId}, ${dailyCron(site.siteId)},
            ${site.at})
        on conflict (kind, coalesce(connection_id, ''), coalesce(site_id, '')) do update set enabled = true
  `);
  const { siteId, connectionId, requestedBy, at: requestedAt } = site;
  // Refused when another connection's run of the site is under way: that one reads the same site.
  await requestRun(tx, { siteId, connectionId, scope: "full", trigger: "publish", requestedBy, requestedAt });
}

/**
 * Paused connections keep their jobs, switched off. Those of sites that were removed, or that another connection reads
 * by now, stay off.
 */
export async function saveJobsEnabled(tx: Tx, connectionId: string, isEnabled: boolean): Promise<void> {
  await tx.execute(sql`
    update jobs
       set enabled = ${isEnabled}
             and exists (select 1
                           from connection_sites x
                          where x.connection_id = jobs.connection_id
                            and x.site_id = jobs.site_id)
             and not exists (select 1
                               from jobs other
                              where other.site_id = jobs.site_id
                                and other.connection_id <> jobs.connection_id
                                and other.kind = jobs.kind
                                and other.enabled)
     where connection_id = ${connectionId}
  `);
}

/** Their results stay with them, switched off: a job that is gone has no history. */
export async function disableSiteJobs(tx: Tx, connectionId: string, siteId: string): Promise<void> {
  await tx.execute(sql`
    update jobs
       set enabled = false
     where connection_id = ${connectionId}
       and site_id = ${siteId}
  `);
}

/** Schedules several sites, in an order in which no two transactions wait for each other. */
export async function scheduleSites(
  tx: Tx,
  connectionId: string,
  sites: readonly { id: string; name: string }[],
  asked: { requestedBy: string; at: Date },
): Promise<void> {
  for (const { id: siteId, name } of sites.toSorted(byId))
    await scheduleSite(tx, { connectionId, siteId, name, ...asked });
}

/** Sites that a connection no longer reads go on with the published one that has reached them longest. */
export async function handOverSites(
  tx: Tx,
  sites: readonly { id: string; name: string }[],
  asked: { requestedBy: string; at: Date },
): Promise<void> {
  for (const { id: siteId, name } of sites.toSorted(byId)) {
    const next = await findSiteReader(tx, siteId, null);
    if (next?.connectionId) await scheduleSite(tx, { connectionId: next.connectionId, siteId, name, ...asked });
  }
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

/** Between 00:00 and 05:59 UTC, at a minute of the site's own, so that sites do not all begin at once. */
function dailyCron(siteId: string): string {
  let hash = 0;
  for (const character of siteId) hash = (hash * 31 + character.charCodeAt(0)) % 360;
  return `${hash % 60} ${Math.floor(hash / 60)} * * *`;
}
