import type { FastifyRequest } from "fastify";
import { covers } from "../model/scopes.ts";
import type { AnyRoute } from "../api/contract.ts";
import { noteTokenUse, TOKEN_USE_STEP_MS } from "../commands/tokens/note-token-use.ts";
import { hashToken } from "../commands/tokens/token-text.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../store/database.ts";
import { findTokenByHash } from "../store/tokens.ts";
import { RequestProblem } from "./problem.ts";
import type { Caller } from "./route.ts";

interface World {
  db: Database;
  clock: Clock;
  log: Log;
}

/** Who sent the request; throws a RequestProblem 401 when its token is missing, unknown, expired or revoked. */
export async function authenticate({ db, clock, log }: World, request: FastifyRequest): Promise<Caller> {
  const presented = /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
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
  return { operatorId: token.operatorId, tokenId: token.id, scopes: token.scopes };
}

/** Throws a RequestProblem 403 that says which scope is missing. */
export function authorize(route: AnyRoute, caller: Caller): void {
  const { scope } = route;
  if (scope === "any-token" || covers(caller.scopes, scope)) return;
  throw new RequestProblem({
    status: 403,
    code: "missing-scope",
    detail: `This needs the scope ${scope}; the token has ${caller.scopes.join(", ") || "none"}. Make a token that has it.`,
  });
}

function unauthorized(code: string, detail: string): RequestProblem {
  return new RequestProblem({ status: 401, code, detail }, { "www-authenticate": 'Bearer realm="usher"' });
}
