import { ok, refuse, type Result } from "../../lib/result.ts";
import type { SessionEndReason } from "../../model/sessions.ts";
import { endSessions, findSession } from "../../store/sign-in/sessions.ts";
import type { Context } from "../context.ts";

/** `ofOperator`: only this operator's sessions can be ended, others are not even there; null: anybody's. */
export function endSession(
  { db, clock, actor }: Context,
  sessionId: string,
  ofOperator: string | null,
  reason: Extract<SessionEndReason, "signed-out" | "revoked">,
): Promise<Result<void, "no-such-session">> {
  return db.transaction(async (tx) => {
    const session = await findSession(tx, sessionId);
    if (!session || (ofOperator !== null && session.operatorId !== ofOperator)) return refuse("no-such-session");
    const ended = await endSessions(tx, { id: sessionId }, reason, clock.now());
    if (ended.length > 0) {
      tx.record({
        actorId: actor.operatorId,
        through: actor.through,
        entry: "session.ended",
        subjectId: sessionId,
        detail: { operatorId: session.operatorId, reason },
      });
    }
    return ok(undefined);
  });
}
