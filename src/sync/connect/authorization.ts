import { createHash, randomBytes } from "node:crypto";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Capability } from "../../model/connections.ts";
import { type CapabilityRefusal, chooseCapabilities, consentScopes } from "../../rules/connections.ts";
import { findConnection } from "../../store/connections.ts";
import { findOpenRevision } from "../../store/connection-revisions.ts";
import { listCredentials, listRevisionCredentials } from "../../store/credentials.ts";
import { insertOAuthAttempt } from "../../store/oauth-attempts.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import { type ConnectParts, sourceOf } from "./parts.ts";

/** How long a link may be used. */
const ATTEMPT_MS = 600_000;

/** 256 bits: nobody guesses the state of a link that somebody else was given. */
const STATE_BYTES = 32;

export interface StartedAuthorization {
  attemptId: string;
  /** To open in a browser. Holds the state, so it is for whoever asked only. */
  url: string;
  /** To enter as callback URL in the app's settings. */
  redirectUrl: string;
  scopes: string[];
  expiresAt: Date;
}

/** Where somebody who consents comes from. */
export interface AuthorizationOrigin {
  /** The path of Usher that the browser goes back to; null: the callback's own page is all that is shown. */
  returnTo: string | null;
  /** The link by which somebody who is no operator was asked; null: an operator began it. */
  consentLinkId: string | null;
}

const DIRECT: AuthorizationOrigin = { returnTo: null, consentLinkId: null };

export type StartAuthorizationRefusal = ConnectRefusal<
  "no-such-connection" | "no-such-credential" | "not-oauth" | "archived" | CapabilityRefusal["code"]
>;

export function redirectUrlOf({ publicUrl }: Pick<ConnectParts, "publicUrl">): string {
  return `${publicUrl.replace(/\/+$/, "")}/oauth/callback`;
}

/**
 * A link that asks for exactly the scopes of what is on, of `capabilities` that are to be added, and a refresh token.
 * Where the pending revision waits for a new consent to this app, it asks for what that needs, and the grant in use stays.
 */
export async function startAuthorization(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  credentialId: string,
  capabilities: readonly Capability[],
  origin: AuthorizationOrigin = DIRECT,
): Promise<Result<StartedAuthorization, StartAuthorizationRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  if (connection.state === "archived") {
    return refuse({ code: "archived", detail: "The connection is archived; make a new one, started from this one." });
  }
  const revision = await findOpenRevision(parts.db, connectionId);
  const waiting = revision ? await listRevisionCredentials(parts.db, revision.id) : [];
  const pending = waiting.find(({ id, replacesId }) => id === credentialId || replacesId === credentialId);
  const credentials = await listCredentials(parts.db, connectionId);
  const credential = pending ?? credentials.find((each) => each.id === credentialId);
  if (!credential) return refuse({ code: "no-such-credential", detail: "The connection has no such credential." });
  const source = sourceOf(parts, connection.source);
  if (credential.kind !== "oauth" || !source.authorizer || !credential.clientId) {
    return refuse({
      code: "not-oauth",
      detail: "Only an OAuth app is authorized; a token or key is entered as it is.",
    });
  }

  const on = (pending && revision?.change.capabilities) ?? connection.capabilities;
  const chosen = chooseCapabilities([...on, ...capabilities]);
  if (!chosen.ok) return chosen;

  const scopes = consentScopes(source.needs, chosen.value, credential.askedScopes);
  const state = randomBytes(STATE_BYTES).toString("base64url");
  const redirectUrl = redirectUrlOf(parts);
  const createdAt = parts.clock.now();
  const expiresAt = new Date(createdAt.getTime() + ATTEMPT_MS);
  const attemptId = await parts.db.transaction(async (tx) => {
    const id = await insertOAuthAttempt(tx, {
      stateHash: hashState(state),
      connectionId,
      credentialId: credential.id,
      operatorId: actor.operatorId,
      scopes,
      redirectUrl,
      createdAt,
      expiresAt,
      ...origin,
    });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "authorization.started",
      subjectId: credential.id,
      detail: { connectionId, attemptId: id, scopes },
    });
    return id;
  });
  const url = source.authorizer.authorizeUrl({ clientId: credential.clientId, redirectUrl, scopes, state });
  return ok({ attemptId, url: url.href, redirectUrl, scopes, expiresAt });
}

/** Only the hash is stored: whoever reads the database cannot finish somebody's authorization. */
export function hashState(state: string): string {
  return createHash("sha256").update(state).digest("hex");
}
