import { ok, refuse, type Result } from "../../lib/result.ts";
import { HELD_HEALTH } from "../../rules/safeguard.ts";
import {
  endHeld,
  findRunUnderWay,
  leaveHeldHealth,
  lockNewestHeld,
  saveHeldDecision,
  type HeldRunRefusal,
} from "../../store/held-runs.ts";
import { CLOSED_KINDS, forgetClosed } from "../../store/merge/gone.ts";
import { findNamedRun, type NamedRun } from "../../store/run-lists.ts";
import { findHeldRun } from "../../store/runs.ts";
import type { Context } from "../context.ts";

export type DiscardHeldRunRefusal = HeldRunRefusal | "already-accepted" | "run-under-way";

/**
 * A person looked at the difference that the safeguard held, and it is wrong: nothing of it is closed, and the account
 * behind the credential is not accepted. The run ends partial, because what it found gone was not carried over. Nothing
 * of the difference is kept: the next run looks anew, and is held again if it finds the same.
 */
export function discardHeldRun(
  { db, clock, actor }: Context,
  runId: string,
  reason: string,
): Promise<Result<NamedRun, DiscardHeldRunRefusal>> {
  return db.transaction(async (tx) => {
    const found = await lockNewestHeld(tx, runId);
    if (!found.ok) return found;
    const { siteId, held, observedAt, heldDecision } = found.value;
    if (heldDecision === "accepted") return refuse("already-accepted");
    // A run under way is replacing the difference: what would be discarded is no longer what was looked at.
    if (await findRunUnderWay(tx, siteId)) return refuse("run-under-way");

    await forgetClosed(tx, { siteId, runId, observedAt }, CLOSED_KINDS);
    await saveHeldDecision(tx, runId, "discarded", clock.now());
    await endHeld(tx, runId, "partial");
    if (!(await findHeldRun(tx, siteId))) await leaveHeldHealth(tx, siteId, HELD_HEALTH.reason);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "run.held-discarded",
      subjectId: runId,
      detail: { siteId, held: held.kinds },
      personal: { reason },
    });
    const run = await findNamedRun(tx, runId);
    if (!run) throw new Error(`The run ${runId} was just discarded and is not there.`);
    return ok(run);
  });
}
