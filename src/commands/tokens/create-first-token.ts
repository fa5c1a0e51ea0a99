import type { Tx } from "../../store/database.ts";
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
    const { id: operatorId } = await ensureServiceAccount(tx, SETUP, ["admin"], clock.now());
    if (await hasTokens(tx)) return null;
    return insertSetupToken(tx, operatorId, "made at first start", clock.now());
  });
}

/** Another such token, for whoever starts Usher on its own machine and has lost the first. The others stay valid. */
export function createSetupToken({ db, clock }: Pick<Context, "db" | "clock">): Promise<string> {
  return db.transaction(async (tx) => {
    const { id: operatorId } = await ensureServiceAccount(tx, SETUP, ["admin"], clock.now());
    return insertSetupToken(tx, operatorId, "made at a start that asked for it", clock.now());
  });
}

async function insertSetupToken(tx: Tx, operatorId: string, name: string, createdAt: Date): Promise<string> {
  const token = makeToken();
  const scopes = ["*"] as const;
  const id = await insertToken(tx, {
    operatorId,
    name,
    tokenHash: hashToken(token),
    scopes: [...scopes],
    createdAt,
    expiresAt: null,
  });
  tx.record({
    actorId: operatorId,
    through: "setup",
    entry: "token.created",
    subjectId: id,
    detail: { operatorId, scopes, expiresAt: null },
  });
  return token;
}
