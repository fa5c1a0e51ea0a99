import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";
import { type ApplyRefusal, mayApply } from "../../rules/plans/may-apply.ts";
import type { Tx } from "../../store/database.ts";
import {
  countApprovals,
  countUnapprovedSeats,
  countUnattendedSeats,
  listApprovals,
  listSiteReadiness,
  lockApplying,
  planActions,
} from "../../store/plans/apply.ts";
import { findPlan, lockPlan, savePlanApplied } from "../../store/plans/plans.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";
import { askOutsideFlow } from "./ask-outside-flow.ts";

export interface ApplyWish {
  planId: string;
  /** Of the plan as whoever applies it has looked at it. */
  hash: string;
  /** The number of seats it changes, typed; null where it need not be. */
  confirmCount: number | null;
}

export type ApplyPlanRefusal = ApplyRefusal | { code: "no-such-plan"; detail: string };

const DAY_MS = 86_400_000;

/**
 * Begins to carry out a plan: its changes are rows, with the journal's entry, when this commits; nothing was sent before.
 * Each seat is checked again just before it is changed.
 */
export function applyPlan(context: Context, wish: ApplyWish): Promise<Result<Plan, ApplyPlanRefusal>> {
  return context.db.transaction((tx) => applyPlanIn(tx, context, wish));
}

/** The same as part of a greater transaction. */
export async function applyPlanIn(
  tx: Tx,
  { clock, actor }: Pick<Context, "clock" | "actor">,
  wish: ApplyWish,
): Promise<Result<Plan, ApplyPlanRefusal>> {
  const at = clock.now();
  const dayAgo = new Date(at.getTime() - DAY_MS);
  await lockApplying(tx);
  const plan = await lockPlan(tx, wish.planId);
  if (!plan) return refuse({ code: "no-such-plan", detail: `There is no plan ${wish.planId}.` });
  const applier = { operatorId: actor.operatorId, vouchedBy: actor.vouchedBy ?? null };
  const approvals = await countApprovals(tx, plan.id, plan.hash, applier);
  const allowed = mayApply(plan, {
    at,
    hash: wish.hash,
    confirmCount: wish.confirmCount,
    sites: await listSiteReadiness(tx, plan.siteIds),
    approvals,
    approvalsNotCounted: (await listApprovals(tx, plan.id)).length - approvals,
    unapprovedToday: await countUnapprovedSeats(tx, applier, dayAgo),
    unattendedToday: await countUnattendedSeats(tx, plan.ruleId, dayAgo),
  });
  if (!allowed.ok) return allowed;

  await savePlanApplied(tx, plan.id, actor.operatorId, at);
  const actions = await planActions(tx, plan.id, at);
  await askOutsideFlow(tx, plan, at);
  await signalWork(tx);
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "plan.applied",
    subjectId: plan.id,
    detail: { kind: plan.kind, hash: plan.hash, seats: plan.counts.seats, actions, ruleId: plan.ruleId },
  });
  return ok((await findPlan(tx, plan.id)) ?? plan);
}
