import { ok, refuse, type Result } from "../../../lib/result.ts";
import type { ConnectionRevision } from "../../../model/connection-revisions.ts";
import { endRevision, lockOpenRevision } from "../../../store/connection-revisions.ts";
import { lockConnection, saveConnection } from "../../../store/connections.ts";
import { listRevisionCredentials, removeCredential } from "../../../store/credentials.ts";
import type { Tx } from "../../../store/database.ts";
import type { Context } from "../../context.ts";

export type DiscardRevisionRefusal = "no-such-connection" | "no-pending-revision" | "stale-revision";

/** Forgets what would have changed, with the secrets that came with it; nothing but the journal tells of it. */
export function discardRevision(
  { db, clock, actor }: Context,
  connectionId: string,
  revision: number | null,
): Promise<Result<void, DiscardRevisionRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const open = await lockOpenRevision(tx, connectionId);
    if (!open) return refuse("no-pending-revision");
    if (revision !== null && revision !== open.revision) return refuse("stale-revision");
    await discard(tx, { clock, actor }, open);
    await saveConnection(tx, connection, clock.now());
    return ok(undefined);
  });
}

export async function discard(
  tx: Tx,
  { clock, actor }: Pick<Context, "clock" | "actor">,
  { id, connectionId }: ConnectionRevision,
): Promise<void> {
  const at = clock.now();
  for (const each of await listRevisionCredentials(tx, id)) await removeCredential(tx, each.id, at);
  await endRevision(tx, id, "discarded", { operatorId: actor.operatorId, at });
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "connection.revision-discarded",
    subjectId: connectionId,
    detail: { revisionId: id },
  });
}
