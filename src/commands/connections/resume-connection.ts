import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { settleSites } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import type { Context } from "../context.ts";

export type ResumeConnectionRefusal = LifeCycleRefusal | "no-such-connection" | "unconfirmed-copy";

/**
 * Lets the schedule go on where it was paused; the next run is the next scheduled one. What other connections took over
 * meanwhile stays with them.
 */
export function resumeConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, ResumeConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "resume");
    if (!state.ok) return state;
    if (await findRestoredCopy(tx)) return refuse("unconfirmed-copy");

    const at = clock.now();
    const saved = await saveConnection(tx, { ...connection, state: state.value }, at);
    const sites = await listSitesOfConnection(tx, connectionId);
    const settled = await settleSites(tx, sites, { requestedBy: actor.operatorId, at });
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.resumed", subjectId: connectionId, detail: { settled } });
    return ok(saved);
  });
}
