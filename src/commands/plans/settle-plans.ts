import type { PlanPause } from "../../model/plans.ts";
import type { RulePause } from "../../model/reclamation.ts";
import { nextStep } from "../../rules/plans/progress.ts";
import type { Database, Tx } from "../../store/database.ts";
import { tellPlanEnd, tellPlanPaused } from "../../store/notifications/tell-plan.ts";
import { expirePlans, findPlan, lockPlan, savePlanState } from "../../store/plans/plans.ts";
import {
  countRestored,
  endCanary,
  listPlansUnderWay,
  type PlanUnderWay,
  savePlanPause,
} from "../../store/plans/progress.ts";
import { requestRun } from "../../store/runs.ts";
import { findSiteReader } from "../../store/site-readers.ts";
import type { Actor } from "../context.ts";
import { pauseRule } from "../reclamation-rules/pause-reclamation-rule.ts";

const SYSTEM: Actor = { operatorId: "system", through: "job" };

/** Brings every plan to where its seats are: finished, paused because too much failed, or on to the next batch. */
export async function settlePlans(db: Database, at: Date): Promise<void> {
  for (const plan of await listPlansUnderWay(db)) {
    const step = nextStep(plan, plan.limits);
    if (step.kind === "go-on" || (plan.isPaused && step.kind !== "finish")) continue;
    await db.transaction(async (tx) => {
      if ((await lockPlan(tx, plan.id))?.state !== "applying") return;
      if (step.kind === "end-canary") return endCanary(tx, plan.id);
      if (step.kind === "pause") return pausePlan(tx, plan, step, at);
      await finishPlan(tx, plan, step.state, at);
    });
  }
}

/** Plans that nobody applied in time. */
export async function expireWaitingPlans(db: Database, at: Date): Promise<void> {
  await db.transaction(async (tx) => {
    for (const planId of await expirePlans(tx, at)) {
      tx.record({ actorId: "system", through: "job", entry: "plan.expired", subjectId: planId });
    }
  });
}

async function pausePlan(
  tx: Tx,
  plan: PlanUnderWay,
  { by, message }: Pick<PlanPause, "by" | "message">,
  at: Date,
): Promise<void> {
  if (!(await savePlanPause(tx, plan.id, { by, message, at }))) return;
  tx.record({ actorId: "system", through: "job", entry: "plan.paused", subjectId: plan.id, detail: { by } });
  await tellPlanPaused(tx, plan.id, message, at);
  if (plan.ruleId !== null) await tripRule(tx, plan.ruleId, "failures", message, at);
}

async function finishPlan(tx: Tx, plan: PlanUnderWay, state: "applied" | "partial", at: Date): Promise<void> {
  await savePlanState(tx, plan.id, state, at);
  const { seats, failed, unverified, leftOut } = plan;
  const detail = { state, seats, failed, unverified, leftOut };
  tx.record({ actorId: plan.appliedBy, through: "job", entry: "plan.finished", subjectId: plan.id, detail });
  await tellPlanEnd(tx, plan, at);
  if (plan.kind === "restore" && plan.undoesPlanId !== null) await noteUndone(tx, plan.undoesPlanId, at);
  await requestRuns(tx, plan, at);
}

/** A plan all of whose seats are back is undone; a rule too many of whose seats come back pauses. */
async function noteUndone(tx: Tx, planId: string, at: Date): Promise<void> {
  const undone = await findPlan(tx, planId);
  if (!undone) return;
  const { taken, restored } = await countRestored(tx, planId);
  if (restored > 0 && restored === taken && (undone.state === "applied" || undone.state === "partial")) {
    await savePlanState(tx, planId, "undone", at);
    tx.record({ actorId: "system", through: "job", entry: "plan.undone", subjectId: planId, detail: { restored } });
  }
  const { restorePercentMax } = undone.limits;
  if (undone.ruleId === null || restored * 100 <= restorePercentMax * taken) return;
  const message = `${restored} of the ${taken} seats that the plan ${planId} took were given back, which is more than ${restorePercentMax} %.`;
  await tripRule(tx, undone.ruleId, "restores", message, at);
}

/** One that is paused already, or only reports, stays as it is. */
async function tripRule(tx: Tx, ruleId: string, by: RulePause["by"], reason: string, at: Date): Promise<void> {
  await pauseRule(tx, SYSTEM, { ruleId, revision: null, by, reason }, at);
}

/** The facts follow by a run of the roster: what Usher itself changed is seen as everything else is. */
async function requestRuns(tx: Tx, plan: PlanUnderWay, at: Date): Promise<void> {
  for (const siteId of plan.siteIds) {
    const reader = await findSiteReader(tx, siteId, null);
    if (!reader?.connectionId) continue;
    const { connectionId } = reader;
    // One that is under way already is refused; the schedule brings the next.
    await requestRun(tx, {
      siteId,
      connectionId,
      scope: "license",
      trigger: plan.isUnattended ? "schedule" : "person",
      requestedBy: plan.appliedBy,
      requestedAt: at,
    });
  }
}
