import { ok, refuse, type Result } from "../../lib/result.ts";
import { isInService, stateAfterChange, isOfSite } from "../../rules/connections.ts";
import { lockConnection, saveConnection } from "../../store/connections.ts";
import { listCredentials, lockCredential, removeCredential as remove } from "../../store/credentials.ts";
import { uncheckRevision } from "../../store/connection-revisions.ts";
import type { Context } from "../context.ts";

export type RemoveCredentialRefusal = "no-such-credential" | "last-credential";

/** Forgets the secret at once. The last one of a connection in service stays: pause or archive the connection instead. */
export function removeCredential(
  { db, clock, actor }: Context,
  connectionId: string,
  credentialId: string,
): Promise<Result<void, RemoveCredentialRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    const credential = await lockCredential(tx, credentialId);
    if (!connection || credential?.connectionId !== connectionId) return refuse("no-such-credential");
    const others = (await listCredentials(tx, connectionId)).filter((each) => each.id !== credentialId);
    const serving = others.filter((each) => each.isAuthorized && isOfSite(each.kind));
    if (isInService(connection.state) && serving.length === 0) return refuse("last-credential");

    const at = clock.now();
    await remove(tx, credentialId, at);
    await uncheckRevision(tx, connectionId);
    await saveConnection(tx, { ...connection, state: stateAfterChange(connection.state) }, at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.removed",
      subjectId: credentialId,
      detail: { connectionId, kind: credential.kind },
    });
    return ok(undefined);
  });
}
