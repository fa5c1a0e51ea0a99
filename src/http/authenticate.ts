import type { FastifyRequest } from "fastify";
import { covers } from "../model/scopes.ts";
import type { AnyRoute } from "../api/contract.ts";
import { hashSecret } from "../commands/sign-in/secrets.ts";
import { noteSessionUse } from "../commands/sign-in/note-session-use.ts";
import { noteTokenUse, TOKEN_USE_STEP_MS } from "../commands/tokens/note-token-use.ts";
import { hashToken } from "../commands/tokens/token-text.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { SESSION_USE_STEP_MS } from "../model/sessions.ts";
import type { Database } from "../store/database.ts";
import { findSessionBySecret, isSessionAlive } from "../store/sign-in/sessions.ts";
import { findTokenByHash } from "../store/tokens.ts";
import { RequestProblem } from "./problem.ts";
import type { Caller } from "./route.ts";
import { scopesNow } from "./sign-in/answer.ts";
import { readSessionCookie } from "./sign-in/cookie.ts";
import { refuseCrossSite } from "./sign-in/cross-site.ts";

interface World {
  db: Database;
  clock: Clock;
  log: Log;
  publicUrl: string;
}

/** Whoever is not signed in, on a route that is everybody's. */
export const NOBODY: Caller = {
  operatorId: "nobody",
  kind: "nobody",
  email: null,
  tokenId: null,
  tokenMadeBy: null,
  sessionId: null,
  held: [],
  scopes: [],
};

/**
 * Who sent the request, by its token or else by its session's cookie; throws a RequestProblem 401 when that is missing,
 * unknown, expired or ended.
 */
export async function authenticate(world: World, request: FastifyRequest): Promise<Caller> {
  if (request.headers.authorization !== undefined) return authenticateToken(world, request.headers.authorization);
  const secret = readSessionCookie(request, world.publicUrl);
  if (secret === null) throw unauthorized("no-token", "Sign in, or send a token: `Authorization: Bearer usher_…`.");
  refuseCrossSite(request, world.publicUrl, { byCookie: true });
  return authenticateSession(world, secret);
}

async function authenticateToken({ db, clock, log }: World, authorization: string): Promise<Caller> {
  const presented = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1];
  if (presented === undefined) throw unauthorized("no-token", "Send a token: `Authorization: Bearer usher_…`.");
  const token = await findTokenByHash(db, hashToken(presented));
  const now = clock.now();
  if (!token || token.revokedAt || token.operatorEndedAt) {
    throw unauthorized("token-not-valid", "This token is not known here, or it was revoked. Ask for another one.");
  }
  if (token.expiresAt && token.expiresAt <= now) {
    throw unauthorized("token-expired", `This token expired at ${token.expiresAt.toISOString()}. Ask for another one.`);
  }
  if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() > TOKEN_USE_STEP_MS) {
    // A request that may pass does not fail because this could not be written.
    await noteTokenUse({ db, clock }, token.id).catch((error: unknown) =>
      log.warn({ error: messageOf(error), tokenId: token.id }, "the use of a token could not be noted"),
    );
  }
  return {
    operatorId: token.operatorId,
    kind: token.operatorKind,
    email: token.operatorEmail,
    tokenId: token.id,
    tokenMadeBy: token.madeBy,
    sessionId: null,
    held: token.scopes,
    scopes: scopesNow({ kind: token.operatorKind, roles: token.operatorRoles }, token.scopes),
  };
}

async function authenticateSession({ db, clock, log }: World, secret: string): Promise<Caller> {
  const session = await findSessionBySecret(db, hashSecret(secret));
  const now = clock.now();
  if (!session || session.operator.endedAt || !isSessionAlive(session, now)) {
    throw unauthorized("session-ended", "Your session has ended. Sign in again.");
  }
  if (now.getTime() - session.lastUsedAt.getTime() > SESSION_USE_STEP_MS) {
    await noteSessionUse({ db, clock }, session.id).catch((error: unknown) =>
      log.warn({ error: messageOf(error), sessionId: session.id }, "the use of a session could not be noted"),
    );
  }
  return {
    operatorId: session.operatorId,
    kind: session.operator.kind,
    email: session.operator.email,
    tokenId: null,
    tokenMadeBy: null,
    sessionId: session.id,
    held: ["*"],
    scopes: scopesNow(session.operator, ["*"]),
  };
}

/** Whether the caller's roles and token allow it; what they own may allow it yet. */
export function isAllowed({ scope }: AnyRoute, { scopes }: Caller): boolean {
  return scope === "public" || scope === "any-token" || covers(scopes, scope);
}

/** Why it is refused: a RequestProblem 403 that says which scope is missing. */
export function missingScope({ scope }: AnyRoute, caller: Caller): RequestProblem {
  const hasToken = scope === "public" || scope === "any-token" || covers(caller.held, scope);
  const detail = hasToken
    ? `This needs the scope ${scope}, which none of your roles gives. An admin can give you one that does.`
    : `This needs the scope ${scope}; the token has ${caller.held.join(", ") || "none"}. Make a token that has it.`;
  return new RequestProblem({ status: 403, code: "missing-scope", detail });
}

function unauthorized(code: string, detail: string): RequestProblem {
  return new RequestProblem({ status: 401, code, detail }, { "www-authenticate": 'Bearer realm="usher"' });
}
