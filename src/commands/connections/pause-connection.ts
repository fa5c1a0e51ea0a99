import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { handOverSites, saveJobsEnabled } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type PauseConnectionRefusal = LifeCycleRefusal | "no-such-connection";

/** Stops the schedule and keeps everything else; a run that is under way ends by itself. */
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
    await saveJobsEnabled(tx, connectionId, false);
    await handOverSites(tx, await listSitesOfConnection(tx, connectionId), { requestedBy: actor.operatorId, at });
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.paused", subjectId: connectionId });
    return ok(saved);
  });
}
