import { SESSION_USE_STEP_MS } from "../../model/sessions.ts";
import { saveSessionUse } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";

/** A session that is used goes on; its last use is right to `SESSION_USE_STEP_MS`. */
export function noteSessionUse({ db, clock }: Pick<Context, "db" | "clock">, sessionId: string): Promise<void> {
  const now = clock.now();
  const olderThan = new Date(now.getTime() - SESSION_USE_STEP_MS);
  return db.transaction((tx) => saveSessionUse(tx, sessionId, now, olderThan));
}
