import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Capability } from "../../model/connections.ts";
import { ALWAYS_ON } from "../../rules/connections.ts";
import { settleSite } from "../../store/connection-jobs.ts";
import { requestRun } from "../../store/runs.ts";
import { chooseSiteCapability, findLeadConnection, listSiteCapabilities } from "../../store/site-capabilities.ts";
import { findSite, lockSite } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type ServeCapabilityRefusal =
  | "no-such-site"
  | "not-of-site"
  | "connection-not-published"
  | "capability-off"
  | "roster-always-on";

/**
 * A person chooses which connection reads a capability of a site (null: nobody). The choice stays until that connection
 * can no longer read it; what changed hands is read at once, unless a run is under way.
 */
export function serveCapability(
  { db, clock, actor }: Context,
  siteId: string,
  capability: Capability,
  connectionId: string | null,
): Promise<Result<void, ServeCapabilityRefusal>> {
  return db.transaction(async (tx) => {
    if (!(await lockSite(tx, siteId))) return refuse("no-such-site");
    const site = await findSite(tx, siteId);
    const connection = site?.connections.find((each) => each.id === connectionId);
    if (connectionId === null && capability === ALWAYS_ON) return refuse("roster-always-on");
    if (connectionId !== null) {
      if (!connection) return refuse("not-of-site");
      if (connection.state !== "published") return refuse("connection-not-published");
      if (!connection.capabilities.includes(capability)) return refuse("capability-off");
    }
    const before = (await listSiteCapabilities(tx, [siteId])).find((each) => each.capability === capability);
    const at = clock.now();
    await chooseSiteCapability(tx, { siteId, capability, connectionId, chosenBy: actor.operatorId, at });
    await settleSite(tx, { siteId, name: site?.name ?? siteId, requestedBy: actor.operatorId, at });
    const lead = await findLeadConnection(tx, siteId);
    if (connectionId !== null && lead !== null && before?.connectionId !== connectionId) {
      const run = { siteId, connectionId: lead, scope: "full", trigger: "person" } as const;
      await requestRun(tx, { ...run, requestedBy: actor.operatorId, requestedAt: at });
    }
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "site.capability-served",
      subjectId: siteId,
      detail: { capability, from: before?.connectionId ?? null, to: connectionId },
    });
    return ok(undefined);
  });
}
