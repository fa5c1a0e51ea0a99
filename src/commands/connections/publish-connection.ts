import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { settleSites } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listSiteCapabilities } from "../../store/site-capabilities.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import type { Context } from "../context.ts";
import { makeFirstRule } from "../reclamation-rules/make-first-rule.ts";

export type PublishConnectionRefusal = LifeCycleRefusal | "no-such-connection" | "unconfirmed-copy";

/**
 * Hands a validated connection over to the schedule: each site gets its job and its first run. Of a site that others read
 * already it takes what nobody reads, or what failed with them; the rest stays where it is. It also gets its first
 * reclamation rule, which only reports.
 */
export function publishConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, PublishConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "publish");
    if (!state.ok) return state;
    if (await findRestoredCopy(tx)) return refuse("unconfirmed-copy");

    const at = clock.now();
    const saved = await saveConnection(tx, { ...connection, state: state.value }, at);
    const sites = await listSitesOfConnection(tx, connectionId);
    const known = await listSiteCapabilities(
      tx,
      sites.map((each) => each.id),
    );
    const settled = await settleSites(tx, sites, { requestedBy: actor.operatorId, at });
    const stays = known
      .filter((each) => each.isServed && connection.capabilities.includes(each.capability))
      .filter((each) => !settled.some(({ siteId, taken }) => siteId === each.siteId && taken.includes(each.capability)))
      .map(({ siteId, capability, connectionId: servedBy }) => ({ siteId, capability, servedBy }));
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.published",
      subjectId: connectionId,
      detail: {
        capabilities: connection.capabilities,
        siteIds: sites.map((each) => each.id),
        takes: settled.map(({ siteId, taken }) => ({ siteId, capabilities: taken })),
        stays,
      },
    });
    await makeFirstRule(
      tx,
      actor,
      saved,
      sites.map((each) => each.id),
      at,
    );
    return ok(saved);
  });
}
