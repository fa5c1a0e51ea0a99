import { ok, refuse, type Result } from "../../lib/result.ts";
import { leastRoleFor, type Role } from "../../model/roles.ts";
import { covers, type Scope } from "../../model/scopes.ts";
import type { Tx } from "../../store/database.ts";
import { ensurePerson, ensureServiceAccount, findOperator } from "../../store/operators.ts";
import { findToken, insertToken, type ApiToken } from "../../store/tokens.ts";
import type { Context } from "../context.ts";
import { hashToken, makeToken } from "./token-text.ts";

export interface CreateTokenRequest {
  name: string;
  scopes: readonly Scope[];
  /** Null: it does not expire. */
  expiresInDays: number | null;
  /** Whose it is: whoever asks, or another operator, who is made if there is none. */
  owner: TokenOwner;
  /** Scopes of the token that asks; nobody hands on what they do not have. */
  heldScopes: readonly string[];
}

export type TokenOwner =
  | { kind: "caller" }
  | { kind: "service-account"; name: string }
  /** `roles` are those of somebody who is made by it; left out, the least that may do what the token may. */
  | { kind: "person"; name: string; email: string; roles?: readonly Role[] };

const DAY_MS = 86_400_000;

/** The token's text is in the answer and nowhere else: the database holds its SHA-256. */
export function createToken(
  { db, clock, actor }: Context,
  request: CreateTokenRequest,
): Promise<Result<ApiToken & { token: string }, "scope-not-held">> {
  return db.transaction(async (tx) => {
    const wanted: Scope[] = request.owner.kind === "caller" ? [...request.scopes] : ["*", ...request.scopes];
    if (!wanted.every((scope) => covers(request.heldScopes, scope))) return refuse("scope-not-held");

    const now = clock.now();
    const token = makeToken();
    const scopes = [...new Set(request.scopes)].sort();
    const expiresAt = request.expiresInDays === null ? null : new Date(now.getTime() + request.expiresInDays * DAY_MS);
    const operatorId = await ownerId(tx, request, actor.operatorId, now);
    const id = await insertToken(tx, {
      operatorId,
      name: request.name,
      tokenHash: hashToken(token),
      scopes,
      createdAt: now,
      expiresAt,
      madeBy: operatorId === actor.operatorId ? null : ((await findOperator(tx, actor.operatorId))?.id ?? null),
    });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "token.created",
      subjectId: id,
      detail: { operatorId, scopes, expiresAt: expiresAt?.toISOString() ?? null },
      personal: { name: request.name },
    });
    const saved = await findToken(tx, id);
    if (!saved) throw new Error(`The token ${id} was just inserted and is not there.`);
    return ok({ ...saved, token });
  });
}

async function ownerId(
  tx: Tx,
  { owner, scopes }: Pick<CreateTokenRequest, "owner" | "scopes">,
  callerId: string,
  at: Date,
): Promise<string> {
  if (owner.kind === "caller") return callerId;
  if (owner.kind === "service-account") return (await ensureServiceAccount(tx, owner.name, [], at)).id;
  const { name, email, roles = [leastRoleFor(scopes)] } = owner;
  return (await ensurePerson(tx, { name, email, roles }, at)).id;
}
