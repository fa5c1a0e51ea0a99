import { ok, refuse, type Result } from "../../lib/result.ts";
import { lockToken, saveTokenRevoked } from "../../store/tokens.ts";
import type { Context } from "../context.ts";

/** `ofOperator`: only this operator's tokens can be revoked, others are not even there; null: anybody's. */
export function revokeToken(
  { db, clock, actor }: Context,
  tokenId: string,
  ofOperator: string | null,
): Promise<Result<void, "no-such-token">> {
  return db.transaction(async (tx) => {
    const token = await lockToken(tx, tokenId);
    if (!token || (ofOperator !== null && token.operatorId !== ofOperator)) return refuse("no-such-token");
    if (token.revokedAt) return ok(undefined);

    await saveTokenRevoked(tx, tokenId, clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "token.revoked",
      subjectId: tokenId,
      detail: { operatorId: token.operatorId },
    });
    return ok(undefined);
  });
}
