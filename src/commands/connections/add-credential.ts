import { ok, refuse, type Result } from "../../lib/result.ts";
import type { CredentialKind } from "../../model/connections.ts";
import {
  assumedExpiry,
  type CredentialKindRefusal,
  isInService,
  refuseCredentialKind,
} from "../../rules/connections.ts";
import { lockConnection } from "../../store/connections.ts";
import {
  insertCredential,
  listCredentials,
  listRevisionCredentials,
  saveCredentialSeen,
  saveSecret,
  secretPlace,
  type StoredCredential,
} from "../../store/credentials.ts";
import { findOpenRevision } from "../../store/connection-revisions.ts";
import type { Tx } from "../../store/database.ts";
import type { Context } from "../context.ts";

export interface NewCredential {
  kind: CredentialKind;
  label: string;
  /** API tokens only: the e-mail of the account that made them. */
  accountEmail: string | null;
  /** Basic authentication only. */
  username?: string | null;
  /** OAuth only. */
  clientId: string | null;
  /** OAuth client secret, token, key or password. */
  secret: string;
  /** OAuth only: what to ask consent for in place of what the capabilities need. */
  askedScopes: readonly string[] | null;
  /** Organization keys only: needed for one with scopes, which does not tell its organization. */
  organizationId: string | null;
  /** SCIM keys only: the directory that the key opens. */
  directoryId?: string | null;
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
  | CredentialKindRefusal
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
    const { kind, label, accountEmail, username = null } = entered;
    const wrongKind = refuseCredentialKind(connection.source, kind);
    if (wrongKind) return refuse(wrongKind);
    if (isInService(connection.state) && kind !== "oauth" && trial === null) {
      return refuse({ code: "not-proved", detail: "Nothing showed yet that the credential works." });
    }
    const stored = await storeCredential(tx, { clock, secrets }, connectionId, entered);
    if (!stored.ok) return stored;
    const id = stored.value;
    if (trial?.coveredSites) {
      const at = clock.now();
      await saveCredentialSeen(tx, id, { coveredSites: trial.coveredSites, sourceAccountId: null, at });
    }
    const made = (await listCredentials(tx, connectionId)).find((each) => each.id === id);
    if (!made) throw new Error("A credential that was just made cannot be found.");
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.added",
      subjectId: id,
      detail: { connectionId, kind, expiresAt: made.expiresAt },
      personal: { label, accountEmail, username },
    });
    return ok(made);
  });
}

/** Seals the secret to its row; at most twenty to a connection, with those that wait in a revision. */
export async function storeCredential(
  tx: Tx,
  { clock, secrets }: Pick<Context, "clock" | "secrets">,
  connectionId: string,
  entered: NewCredential,
): Promise<Result<string, "too-many-credentials">> {
  const revision = await findOpenRevision(tx, connectionId);
  const waiting = revision ? await listRevisionCredentials(tx, revision.id) : [];
  const others = await listCredentials(tx, connectionId);
  if (others.length + waiting.length >= CREDENTIALS_MAX) return refuse("too-many-credentials");
  const { kind, label, accountEmail, username = null, clientId, askedScopes, organizationId, directoryId } = entered;
  const at = clock.now();
  const expiresAt = entered.expiresAt === undefined ? assumedExpiry(kind, at) : entered.expiresAt;
  const draft = {
    connectionId,
    kind,
    label,
    accountEmail,
    username,
    clientId,
    askedScopes,
    organizationId,
    directoryId,
  };
  const id = await insertCredential(tx, { ...draft, expiresAt, at });
  const sealed = secrets.seal(secretPlace(id, "secret"), entered.secret);
  await saveSecret(tx, id, { sealed, accountEmail, expiresAt, at, isProved: true });
  return ok(id);
}
