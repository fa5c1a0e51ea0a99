import { saveTokenUse } from "../../store/tokens.ts";
import type { Context } from "../context.ts";

/** `lastUsedAt` is right to five minutes; more would cost a write a request. */
export const TOKEN_USE_STEP_MS = 5 * 60_000;

export function noteTokenUse({ db, clock }: Pick<Context, "db" | "clock">, tokenId: string): Promise<void> {
  const now = clock.now();
  return db.transaction((tx) => saveTokenUse(tx, tokenId, now, new Date(now.getTime() - TOKEN_USE_STEP_MS)));
}
