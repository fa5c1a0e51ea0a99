import { ok, refuse, type Result } from "../../lib/result.ts";
import { type LifeCycleRefusal, nextState } from "../../rules/connections.ts";
import { disableJobs, settleSites } from "../../store/connection-jobs.ts";
import { lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listCredentials, removeCredential } from "../../store/credentials.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import { lockOpenRevision } from "../../store/connection-revisions.ts";
import { removeRetiredCredentials } from "../../store/revision-credentials.ts";
import { discard } from "./revision/discard-revision.ts";
import type { Context } from "../context.ts";

export type ArchiveConnectionRefusal = LifeCycleRefusal | "no-such-connection";

/** Ends the connection for good. Its history, seats and journal stay; its secrets are forgotten. */
export function archiveConnection(
  { db, clock, actor }: Context,
  connectionId: string,
): Promise<Result<OwnedConnection, ArchiveConnectionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const state = nextState(connection.state, "archive");
    if (!state.ok) return state;

    const at = clock.now();
    const saved = await saveConnection(tx, { ...connection, state: state.value }, at);
    await disableJobs(tx, connectionId);
    const sites = await listSitesOfConnection(tx, connectionId);
    const settled = await settleSites(tx, sites, { requestedBy: actor.operatorId, at });
    const open = await lockOpenRevision(tx, connectionId);
    if (open) await discard(tx, { clock, actor }, open);
    for (const { id } of await listCredentials(tx, connectionId)) await removeCredential(tx, id, at);
    await removeRetiredCredentials(tx, connectionId, at);
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "connection.archived", subjectId: connectionId, detail: { settled } });
    return ok(saved);
  });
}
