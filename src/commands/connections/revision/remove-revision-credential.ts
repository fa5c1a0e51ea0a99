import { ok, refuse, type Result } from "../../../lib/result.ts";
import type { ScopeNeeds } from "../../../rules/connections.ts";
import { lockOpenRevision, saveRevisionChange } from "../../../store/connection-revisions.ts";
import { lockConnection } from "../../../store/connections.ts";
import { listRevisionCredentials, removeCredential } from "../../../store/credentials.ts";
import type { Context } from "../../context.ts";
import { discard } from "./discard-revision.ts";
import { saveNeededConsents } from "./needed-consents.ts";

export type RemoveRevisionCredentialRefusal = "no-such-connection" | "no-pending-revision" | "no-such-credential";

/** The credential that came with the revision is forgotten; a revision that nothing is left of is discarded. */
export function removeRevisionCredential(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  credentialId: string,
  needs: readonly ScopeNeeds[],
): Promise<Result<void, RemoveRevisionCredentialRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    const open = await lockOpenRevision(tx, connectionId);
    if (!open) return refuse("no-pending-revision");
    const entered = await listRevisionCredentials(tx, open.id);
    if (!entered.some((each) => each.id === credentialId)) return refuse("no-such-credential");
    const at = clock.now();
    await removeCredential(tx, credentialId, at);
    const saved = await saveRevisionChange(tx, open, open.change, { operatorId: actor.operatorId, at });
    await saveNeededConsents(tx, { clock, secrets }, connection, saved, needs);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.revision-credential-removed",
      subjectId: connectionId,
      detail: { revisionId: open.id, credentialId },
    });
    const isEmpty = Object.keys(saved.change).length === 0 && (await listRevisionCredentials(tx, open.id)).length === 0;
    if (isEmpty) await discard(tx, { clock, actor }, saved);
    return ok(undefined);
  });
}
