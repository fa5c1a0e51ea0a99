import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { saveJobsEnabled } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import type { Context } from "../context.ts";

export type ResumeConnectionRefusal = LifeCycleRefusal | "no-such-connection";

/** Lets the schedule go on where it was paused; the next run is the next scheduled one. */
export function resumeConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, ResumeConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "resume");
    if (!state.ok) return state;

    const saved = await saveConnection(tx, { ...connection, state: state.value }, clock.now());
    await saveJobsEnabled(tx, connectionId, true);
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.resumed", subjectId: connectionId });
    return ok(saved);
  });
}
