import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";
import type { Tx } from "../../store/database.ts";
import { findOperator } from "../../store/operators.ts";
import { holdsAccount, insertApproval } from "../../store/plans/apply.ts";
import { lockPlan } from "../../store/plans/plans.ts";
import type { Actor, Context } from "../context.ts";

export interface ApprovePlanRefusal {
  code: "no-such-plan" | "plan-not-ready" | "stale-hash" | "own-plan" | "not-a-person";
  detail: string;
}

/** A second person agrees to exactly this plan. Whoever made it may apply it, and is not the second. */
export function approvePlan(
  { db, clock, actor }: Context,
  wish: { planId: string; hash: string },
): Promise<Result<Plan, ApprovePlanRefusal>> {
  return db.transaction(async (tx) => {
    const plan = await lockPlan(tx, wish.planId);
    if (!plan) return refuse({ code: "no-such-plan", detail: `There is no plan ${wish.planId}.` });
    if (plan.state !== "ready") return refuse({ code: "plan-not-ready", detail: `It is ${plan.state}.` });
    if (wish.hash !== plan.hash) {
      return refuse({ code: "stale-hash", detail: "This is not the plan that you looked at. Read it again." });
    }
    if ((await findOperator(tx, actor.operatorId))?.kind !== "person") {
      const detail =
        "A service account is nobody who could have looked at it. A person approves it, signed in or by a token of their own.";
      return refuse({ code: "not-a-person", detail });
    }
    const own = await whyOwn(tx, plan, actor);
    if (own !== null) return refuse({ code: "own-plan", detail: own });
    const vouchedBy = actor.vouchedBy ?? null;
    const approval = { planId: plan.id, operatorId: actor.operatorId, vouchedBy, hash: plan.hash, at: clock.now() };
    if (await insertApproval(tx, approval)) {
      tx.record({
        actorId: actor.operatorId,
        through: actor.through,
        entry: "plan.approved",
        subjectId: plan.id,
        detail: { hash: plan.hash },
      });
    }
    return ok(plan);
  });
}

/** Null: it is not. Made by them, by whoever gave them the token they approve by, or by a service account whose token they made. */
async function whyOwn(tx: Tx, { createdBy }: Plan, { operatorId, vouchedBy }: Actor): Promise<string | null> {
  if (operatorId === createdBy) return "You made this plan; somebody else approves it.";
  if (vouchedBy === createdBy) {
    return "Whoever made this plan also made the token that you come by, so you do not count as another person. Approve it signed in, or by a token that you or somebody else made.";
  }
  if (!(await holdsAccount(tx, operatorId, createdBy))) return null;
  return "A service account made this plan, and you made a token of it, so you do not count as another person; somebody else approves it.";
}
