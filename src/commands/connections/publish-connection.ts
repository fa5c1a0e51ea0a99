import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { scheduleSites } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type PublishConnectionRefusal = LifeCycleRefusal | "no-such-connection";

/** Hands a validated connection over to the schedule: each site gets its jobs and its first run. */
export function publishConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, PublishConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "publish");
    if (!state.ok) return state;

    const at = clock.now();
    const saved = await saveConnection(tx, { ...connection, state: state.value }, at);
    const sites = await listSitesOfConnection(tx, connectionId);
    await scheduleSites(tx, connectionId, sites, { requestedBy: actor.operatorId, at });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.published",
      subjectId: connectionId,
      detail: { capabilities: connection.capabilities, siteIds: sites.map((each) => each.id) },
    });
    return ok(saved);
  });
}
