import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";
import type { Tx } from "../../store/database.ts";
import { findPlan, lockPlan, savePlanPaused, savePlanState } from "../../store/plans/plans.ts";
import { savePlanResumed, stopPlanRows } from "../../store/plans/progress.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";

export interface StopPlanRefusal {
  code: "no-such-plan" | "not-under-way" | "not-paused" | "already-ended";
  detail: string;
}

/** Sends nothing more of a plan under way; what was sent is still read back. */
export function pausePlan(context: Context, wish: { planId: string; reason: string }) {
  return changePlan(context, wish.planId, async (tx, plan) => {
    if (plan.state !== "applying" || plan.paused) {
      return refuse({ code: "not-under-way", detail: `It is ${plan.paused ? "paused already" : plan.state}.` });
    }
    await savePlanPaused(tx, plan.id, { by: "person", message: wish.reason, at: context.clock.now() });
    note(tx, context, plan, "plan.paused", wish.reason);
    return ok(undefined);
  });
}

/** Goes on where a pause stopped it, with the rest of its seats. */
export function resumePlan(context: Context, wish: { planId: string }) {
  return changePlan(context, wish.planId, async (tx, plan) => {
    if (plan.state !== "applying" || !plan.paused) return refuse({ code: "not-paused", detail: "It is not paused." });
    await savePlanResumed(tx, plan.id);
    await signalWork(tx);
    note(tx, context, plan, "plan.resumed", null);
    return ok(undefined);
  });
}

/** Gives a plan up: one that waits is not applied any more, of one under way the seats that nothing was sent for stay. */
export function discardPlan(context: Context, wish: { planId: string; reason: string }) {
  return changePlan(context, wish.planId, async (tx, plan) => {
    const at = context.clock.now();
    if (plan.state === "ready") await savePlanState(tx, plan.id, "discarded", at);
    else if (plan.state === "applying") {
      await stopPlanRows(tx, plan.id, wish.reason, at);
      await savePlanPaused(tx, plan.id, null);
      await signalWork(tx);
    } else return refuse({ code: "already-ended", detail: `It is ${plan.state}.` });
    note(tx, context, plan, "plan.discarded", wish.reason);
    return ok(undefined);
  });
}

function changePlan(
  { db }: Context,
  planId: string,
  change: (tx: Tx, plan: Plan) => Promise<Result<void, StopPlanRefusal>>,
): Promise<Result<Plan, StopPlanRefusal>> {
  return db.transaction(async (tx) => {
    const plan = await lockPlan(tx, planId);
    if (!plan) return refuse({ code: "no-such-plan", detail: `There is no plan ${planId}.` });
    const done = await change(tx, plan);
    if (!done.ok) return done;
    return ok((await findPlan(tx, planId)) ?? plan);
  });
}

function note(tx: Tx, { actor }: Context, plan: Plan, entry: string, reason: string | null): void {
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry,
    subjectId: plan.id,
    ...(reason === null ? {} : { personal: { reason } }),
  });
}
