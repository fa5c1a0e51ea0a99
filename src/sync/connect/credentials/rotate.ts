import { ok, refuse, type Result } from "../../../lib/result.ts";
import { SourceFailure, type TokenPair } from "../../../sources/source.ts";
import { findConnection } from "../../../store/connections.ts";
import {
  findSealedCredential,
  lockCredential,
  releaseCredentialLease,
  saveGrant,
  saveSecret,
  secretPlace,
  takeCredentialLease,
} from "../../../store/credentials.ts";
import type { ConnectActor, ConnectRefusal } from "../actor.ts";
import { type ConnectParts, sourceOf } from "../parts.ts";
import { callRefresh, sealGrant } from "./refresh.ts";

const LEASE_MS = 30_000;

/**
 * A new client secret of the same OAuth app. An authorized grant proves it by a refresh, whose pair is saved with it in
 * one transaction; before the first consent there is nothing to prove it by.
 */
export async function rotateClientSecret(
  parts: ConnectParts,
  actor: ConnectActor,
  credentialId: string,
  clientSecret: string,
): Promise<Result<null, ConnectRefusal<"no-such-credential" | "not-proved">>> {
  const row = await findSealedCredential(parts.db, credentialId);
  const connection = row && (await findConnection(parts.db, row.connectionId));
  if (!row || !connection || row.kind !== "oauth") {
    return refuse({ code: "no-such-credential", detail: "There is no such OAuth app." });
  }
  let pair: TokenPair | null = null;
  let { version } = row;
  if (row.refreshToken !== null && row.state === "active") {
    const authorizer = sourceOf(parts, connection.source).authorizer;
    if (!authorizer) throw new Error(`Credential ${credentialId} is of a source without OAuth.`);
    const at = parts.clock.now();
    const until = new Date(at.getTime() + LEASE_MS);
    const held = await parts.db.transaction((tx) => takeCredentialLease(tx, { id: credentialId, version, until, at }));
    if (held === null) return refuse({ code: "not-proved", detail: "The grant is being renewed just now. Try again." });
    version = held;
    try {
      const refreshToken = parts.secrets.open(secretPlace(credentialId, "refresh_token"), row.refreshToken);
      const client = { clientId: row.clientId ?? "", clientSecret };
      pair = await callRefresh(parts, authorizer, credentialId, { ...client, refreshToken });
    } catch (thrown) {
      await parts.db.transaction((tx) => releaseCredentialLease(tx, credentialId, version));
      if (!(thrown instanceof SourceFailure)) throw thrown;
      return refuse({ code: "not-proved", detail: `${thrown.publicMessage} The old secret stays in use.` });
    }
  }
  const at = parts.clock.now();
  const outcome = await parts.db.transaction(async (tx) => {
    const current = await lockCredential(tx, credentialId);
    if (!current || current.version !== version) return false;
    const grant = pair && sealGrant(parts, credentialId, pair, current.refreshToken);
    if (grant) await saveGrant(tx, credentialId, version, grant, at);
    const sealed = parts.secrets.seal(secretPlace(credentialId, "secret"), clientSecret);
    const { accountEmail } = current;
    const expiresAt = grant?.expiresAt ?? current.expiresAt;
    await saveSecret(tx, credentialId, { sealed, accountEmail, expiresAt, at, isProved: grant !== null });
    const detail = { connectionId: current.connectionId, kind: current.kind };
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.rotated",
      subjectId: credentialId,
      detail,
    });
    return true;
  });
  parts.keeper.forget(credentialId);
  if (outcome) return ok(null);
  return refuse({ code: "not-proved", detail: "The credential was changed by somebody else meanwhile. Look again." });
}
