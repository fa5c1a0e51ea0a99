import { ok, refuse, type Result } from "../../lib/result.ts";
import { assumedExpiry, isInService } from "../../rules/connections.ts";
import { findConnection } from "../../store/connections.ts";
import {
  listCredentials,
  lockCredential,
  saveCredentialSeen,
  saveSecret,
  secretPlace,
  type StoredCredential,
} from "../../store/credentials.ts";
import type { Context } from "../context.ts";
import type { ShownByTrial } from "./add-credential.ts";

export interface NewSecret {
  secret: string;
  /** Null: the e-mail stays as it is. */
  accountEmail: string | null;
  /** Null: the name stays as it is. */
  username?: string | null;
  /** Undefined: the kind's usual life is assumed. Null: it has no end. */
  expiresAt: Date | null | undefined;
}

export type RotateCredentialRefusal = "no-such-credential" | "archived" | { code: "not-proved"; detail: string };

/** Puts a token or key that was tried in place of the old one; runs under way go on with the new one. */
export function rotateCredential(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  credentialId: string,
  entered: NewSecret,
  trial: ShownByTrial,
): Promise<Result<StoredCredential, RotateCredentialRefusal>> {
  return db.transaction(async (tx) => {
    const credential = await lockCredential(tx, credentialId);
    const connection = await findConnection(tx, connectionId);
    if (!connection || credential?.connectionId !== connectionId) return refuse("no-such-credential");
    if (connection.state === "archived") return refuse("archived");
    if (isInService(connection.state) && trial === null) {
      return refuse({ code: "not-proved", detail: "Nothing showed yet that the new secret works." });
    }
    const at = clock.now();
    const { kind } = credential;
    const expiresAt = entered.expiresAt === undefined ? assumedExpiry(kind, at) : entered.expiresAt;
    const accountEmail = entered.accountEmail ?? credential.accountEmail;
    const username = entered.username ?? credential.username;
    const sealed = secrets.seal(secretPlace(credentialId, "secret"), entered.secret);
    await saveSecret(tx, credentialId, { sealed, accountEmail, username, expiresAt, at, isProved: true });
    if (trial?.coveredSites) {
      await saveCredentialSeen(tx, credentialId, { coveredSites: trial.coveredSites, sourceAccountId: null, at });
    }
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.rotated",
      subjectId: credentialId,
      detail: { connectionId, kind, expiresAt },
      personal: { accountEmail, username },
    });
    const saved = (await listCredentials(tx, connectionId)).find((each) => each.id === credentialId);
    if (!saved) throw new Error("A credential that was just saved cannot be found.");
    return ok(saved);
  });
}
