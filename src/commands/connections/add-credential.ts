import { ok, refuse, type Result } from "../../lib/result.ts";
import type { CredentialKind } from "../../model/connections.ts";
import { assumedExpiry, isInService } from "../../rules/connections.ts";
import { lockConnection } from "../../store/connections.ts";
import {
  insertCredential,
  listCredentials,
  saveCredentialSeen,
  saveSecret,
  secretPlace,
  type StoredCredential,
} from "../../store/credentials.ts";
import type { Context } from "../context.ts";

export interface NewCredential {
  kind: CredentialKind;
  label: string;
  /** API tokens only: the e-mail of the account that made them. */
  accountEmail: string | null;
  /** OAuth only. */
  clientId: string | null;
  /** OAuth client secret, API token or key. */
  secret: string;
  /** OAuth only: what to ask consent for in place of what the capabilities need. */
  askedScopes: readonly string[] | null;
  /** Organization keys only: needed for one with scopes, which does not tell its organization. */
  organizationId: string | null;
  /** Undefined: not said, so the kind's usual life is assumed. Null: it has no end. */
  expiresAt: Date | null | undefined;
}

/** What trying the secret showed; null when it was not tried. */
export type ShownByTrial = { coveredSites: readonly string[] | null } | null;

/** A connection tries each of its credentials on each of its sites; nobody has a use for more. */
const CREDENTIALS_MAX = 20;

export type AddCredentialRefusal =
  | "no-such-connection"
  | "archived"
  | "too-many-credentials"
  | { code: "not-proved"; detail: string };

/** A token or key joins a connection in service only once it was tried for real; an OAuth app works after its consent. */
export function addCredential(
  { db, clock, secrets, actor }: Context,
  connectionId: string,
  entered: NewCredential,
  trial: ShownByTrial,
): Promise<Result<StoredCredential, AddCredentialRefusal>> {
  return db.transaction(async (tx) => {
    const connection = await lockConnection(tx, connectionId);
    if (!connection) return refuse("no-such-connection");
    if (connection.state === "archived") return refuse("archived");
    const others = await listCredentials(tx, connectionId);
    if (others.length >= CREDENTIALS_MAX) return refuse("too-many-credentials");
    const { kind, label, accountEmail, clientId, askedScopes, organizationId } = entered;
    if (isInService(connection.state) && kind !== "oauth" && trial === null) {
      return refuse({ code: "not-proved", detail: "Nothing showed yet that the credential works." });
    }
    const at = clock.now();
    const expiresAt = entered.expiresAt === undefined ? assumedExpiry(kind, at) : entered.expiresAt;
    const draft = { connectionId, kind, label, accountEmail, clientId, askedScopes, organizationId, expiresAt, at };
    const id = await insertCredential(tx, draft);
    const sealed = secrets.seal(secretPlace(id, "secret"), entered.secret);
    await saveSecret(tx, id, { sealed, accountEmail, expiresAt, at, isProved: true });
    if (trial?.coveredSites) {
      await saveCredentialSeen(tx, id, { coveredSites: trial.coveredSites, sourceAccountId: null, at });
    }
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.added",
      subjectId: id,
      detail: { connectionId, kind, expiresAt },
      personal: { label, accountEmail },
    });
    const made = (await listCredentials(tx, connectionId)).find((each) => each.id === id);
    if (!made) throw new Error("A credential that was just made cannot be found.");
    return ok(made);
  });
}
