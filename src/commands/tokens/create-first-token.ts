import { ensureServiceAccount } from "../../store/operators.ts";
import { hasTokens, insertToken } from "../../store/tokens.ts";
import type { Context } from "../context.ts";
import { hashToken, makeToken } from "./token-text.ts";

/** The service account that sets an installation up. */
const SETUP = "setup";

/**
 * A token that may do everything, for the service account `setup`, to be shown once at first start. Null whenever a
 * token was ever made before. Two processes that start at once get one token between them: the account's row is locked.
 */
export function ensureFirstToken({ db, clock }: Pick<Context, "db" | "clock">): Promise<string | null> {
  return db.transaction(async (tx) => {
    if (await hasTokens(tx)) return null;
    const now = clock.now();
    const { id: operatorId } = await ensureServiceAccount(tx, SETUP, ["admin"], now);
    if (await hasTokens(tx)) return null;

    const token = makeToken();
    const id = await insertToken(tx, {
      operatorId,
      name: "made at first start",
      tokenHash: hashToken(token),
      scopes: ["*"],
      createdAt: now,
      expiresAt: null,
    });
    tx.record({
      actorId: operatorId,
      through: "setup",
      entry: "token.created",
      subjectId: id,
      detail: { operatorId, scopes: ["*"], expiresAt: null },
    });
    return token;
  });
}
