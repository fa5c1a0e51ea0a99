import { refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";
import { findPlan } from "../../store/plans/plans.ts";
import { listSeatsToGiveBack } from "../../store/plans/restorable.ts";
import type { Context } from "../context.ts";
import { createPlanIn } from "./create-plan.ts";

export interface UndoPlanRefusal {
  code: "no-such-plan" | "not-undoable" | "nothing-taken";
  detail: string;
}

/**
 * A plan that gives back what another one took, each seat by exactly what was taken; it is applied like any other. Seats
 * that were given back since are not in it.
 */
export function undoPlan(
  context: Context,
  wish: { planId: string; reason: string },
): Promise<Result<Plan, UndoPlanRefusal>> {
  return context.db.transaction(async (tx) => {
    const plan = await findPlan(tx, wish.planId);
    if (!plan) return refuse({ code: "no-such-plan", detail: `There is no plan ${wish.planId}.` });
    if (plan.kind !== "reclaim" || !["applied", "partial"].includes(plan.state)) {
      const isUnderWay = plan.kind === "reclaim" && plan.state === "applying";
      const ending = isUnderWay ? " It can be when it has ended." : "";
      const detail = `Only a reclaim plan that was applied can be undone, and this ${plan.kind} plan is ${plan.state}.${ending}`;
      return refuse({ code: "not-undoable", detail });
    }
    const seats = await listSeatsToGiveBack(tx, plan.id);
    if (seats.length === 0)
      return refuse({ code: "nothing-taken", detail: "It took no seat that is not back already." });
    const made = await createPlanIn(tx, context, {
      kind: "restore",
      seats: seats.map((seat) => ({ ...seat, candidateId: null })),
      reason: wish.reason,
      ruleId: plan.ruleId,
      isUnattended: false,
      undoesPlanId: plan.id,
    });
    return made.ok ? made : refuse({ code: "nothing-taken", detail: made.error.detail });
  });
}
