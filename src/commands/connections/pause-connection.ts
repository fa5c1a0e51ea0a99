import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { disableJobs, settleSites } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type PauseConnectionRefusal = LifeCycleRefusal | "no-such-connection";

/**
 * Stops the schedule and keeps everything else; a run that is under way ends by itself. What other connections can read
 * of its sites they take over.
 */
export function pauseConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, PauseConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "pause");
    if (!state.ok) return state;

    const at = clock.now();
    const saved = await saveConnection(tx, { ...connection, state: state.value }, at);
    await disableJobs(tx, connectionId);
    const sites = await listSitesOfConnection(tx, connectionId);
    const settled = await settleSites(tx, sites, { requestedBy: actor.operatorId, at });
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.paused", subjectId: connectionId, detail: { settled } });
    return ok(saved);
  });
}
