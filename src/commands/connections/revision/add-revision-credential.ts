import { ok, refuse, type Result } from "../../../lib/result.ts";
import { isInService, refuseCredentialKind, type ScopeNeeds } from "../../../rules/connections.ts";
import { findOpenRevision, insertRevision, saveRevisionChange } from "../../../store/connection-revisions.ts";
import { lockConnection } from "../../../store/connections.ts";
import {
  listCredentials,
  listRevisionCredentials,
  removeCredential,
  type RevisionCredential,
} from "../../../store/credentials.ts";
import { attachToRevision } from "../../../store/revision-credentials.ts";
import type { Context } from "../../context.ts";
import { type AddCredentialRefusal, type NewCredential, storeCredential } from "../add-credential.ts";
import { saveNeededConsents } from "./needed-consents.ts";

export type AddRevisionCredentialRefusal =
  | AddCredentialRefusal
  | "not-in-service"
  | { code: "no-such-credential" | "kind-differs"; detail: string };

/**
 * Enters a credential that is used once the revision is applied: beside the others, or in place of one of its kind
 * (`replacesId`). A second one for the same credential takes the place of the first.
 */
export function addRevisionCredential(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  entered: NewCredential,
  replacesId: string | null,
  needs: readonly ScopeNeeds[],
): Promise<Result<RevisionCredential, AddRevisionCredentialRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (!isInService(connection.state)) return refuse("not-in-service");
    const replaced = (await listCredentials(tx, connectionId)).find((each) => each.id === replacesId);
    if (replacesId !== null && !replaced) {
      return refuse({
        code: "no-such-credential",
        detail: `The connection has no credential ${replacesId} to replace.`,
      });
    }
    const wrongKind = refuseCredentialKind(connection.source, entered.kind);
    if (wrongKind) return refuse(wrongKind);
    if (replaced && replaced.kind !== entered.kind) {
      const detail = `"${replaced.label}" is of another kind (${replaced.kind}). Add the new one and remove the old one instead.`;
      return refuse({ code: "kind-differs", detail });
    }
    const stored = await storeCredential(tx, { clock, secrets }, connectionId, entered);
    if (!stored.ok) return stored;
    const at = clock.now();
    const by = { operatorId: actor.operatorId, at };
    const open =
      (await findOpenRevision(tx, connectionId)) ??
      (await insertRevision(tx, { connectionId, by: actor.operatorId, at }));
    for (const each of await listRevisionCredentials(tx, open.id)) {
      if (replacesId !== null && each.replacesId === replacesId) await removeCredential(tx, each.id, at);
    }
    await attachToRevision(tx, stored.value, { revisionId: open.id, replacesId });
    const saved = await saveRevisionChange(tx, open, open.change, by);
    await saveNeededConsents(tx, { clock, secrets }, connection, saved, needs);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.revision-credential-added",
      subjectId: connectionId,
      detail: { revisionId: open.id, credentialId: stored.value, kind: entered.kind, replacesId },
      personal: { label: entered.label, accountEmail: entered.accountEmail, username: entered.username ?? null },
    });
    const made = (await listRevisionCredentials(tx, open.id)).find((each) => each.id === stored.value);
    if (!made) throw new Error("A credential that was just made cannot be found.");
    return ok(made);
  });
}
