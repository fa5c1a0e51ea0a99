import type { Capability } from "../model/connections.ts";
import { settleChangesJobs } from "./changes-jobs.ts";
import type { Tx } from "./database.ts";
import { requestRun } from "./runs.ts";
import {
  findLeadConnection,
  findLostDetail,
  noteLostCapabilities,
  settleSiteCapabilities,
} from "./site-capabilities.ts";
import { findSite, lockSite, saveSiteHealth } from "./sites.ts";
import { sql } from "./sql.ts";

/**
 * One job a site: a run reads the roster, activity and permissions, each with the credentials of the connection that
 * serves it, in one walk and as of one instant.
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

/** What became of a site when who reads it was settled. */
export interface SettledSite {
  siteId: string;
  /** Capabilities that another connection reads from now on, or that are read for the first time. */
  taken: Capability[];
  /** Capabilities that were read, and that nobody reads any more. */
  lost: Capability[];
}

/**
 * Settles which connection reads what of a site, and with it the site's daily job with its hourly one: they are those of
 * whoever reads the roster. What changed hands is read at once, unless a run is under way. Right however often it is
 * called.
 */
export async function settleSite(
  tx: Tx,
  site: Omit<SiteToSchedule, "connectionId">,
  options: { withRun: boolean } = { withRun: false },
): Promise<SettledSite> {
  const { siteId, requestedBy, at } = site;
  // Two connections that are published at once look one after the other.
  await lockSite(tx, siteId);
  const taken = await settleSiteCapabilities(tx, siteId, at);
  const { lost, regained } = await noteLostCapabilities(tx, siteId, at);
  await tellSiteOfLoss(tx, siteId, regained);
  const lead = await findLeadConnection(tx, siteId);
  if (lead) {
    await disableOtherJobs(tx, siteId, lead);
    await saveSiteJob(tx, { ...site, connectionId: lead });
    if (taken.length > 0 || options.withRun) {
      await requestRun(tx, {
        siteId,
        connectionId: lead,
        scope: "full",
        trigger: "publish",
        requestedBy,
        requestedAt: at,
      });
    }
  }
  await settleChangesJobs(tx, siteId, at);
  return { siteId, taken, lost: lost.filter((each) => each.isNew).map((each) => each.capability) };
}

/** A loss degrades the site in words; once all of it is read again, and nothing else was wrong, it no longer is. */
async function tellSiteOfLoss(tx: Tx, siteId: string, regained: readonly Capability[]): Promise<void> {
  const detail = await findLostDetail(tx, siteId);
  if (detail) return saveSiteHealth(tx, siteId, "degraded", detail);
  const site = await findSite(tx, siteId);
  const told = site?.healthDetail?.capability;
  if (site?.health === "degraded" && told && regained.includes(told)) {
    await saveSiteHealth(tx, siteId, "connected", null);
  }
}

/** What a person switched off stays off until a person switches it on again. */
async function saveSiteJob(tx: Tx, site: SiteToSchedule): Promise<void> {
  await tx.execute(sql`
    insert into jobs (name, kind, connection_id, site_id, cron, created_at)
    values (${`Refresh ${site.name}`}, ${REFRESH_SITE}, ${site.connectionId}, ${site.siteId}, ${dailyCron(site.siteId)},
            ${site.at})
        on conflict (kind, coalesce(connection_id, ''), coalesce(site_id, '')) do update
       set enabled = not jobs.is_switched_off
  `);
}

/** One daily job a site: that of whoever no longer leads stays with its results, switched off. */
async function disableOtherJobs(tx: Tx, siteId: string, connectionId: string): Promise<void> {
  await tx.execute(sql`
    update jobs
       set enabled = false
     where site_id = ${siteId}
       and connection_id <> ${connectionId}
       and kind = ${REFRESH_SITE}
       and enabled
  `);
}

/** Paused connections keep their jobs, switched off. */
export async function disableJobs(tx: Tx, connectionId: string): Promise<void> {
  await tx.execute(sql`
    update jobs
       set enabled = false
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

/** Settles several sites, in an order in which no two transactions wait for each other. */
export async function settleSites(
  tx: Tx,
  sites: readonly { id: string; name: string }[],
  asked: { requestedBy: string; at: Date },
  options?: { withRun: boolean },
): Promise<SettledSite[]> {
  const settled: SettledSite[] = [];
  for (const { id: siteId, name } of sites.toSorted(byId)) {
    settled.push(await settleSite(tx, { siteId, name, ...asked }, options));
  }
  return settled;
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
