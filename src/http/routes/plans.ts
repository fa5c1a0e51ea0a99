import * as api from "../../api/plans.ts";
import { applyPlan } from "../../commands/plans/apply-plan.ts";
import { approvePlan } from "../../commands/plans/approve-plan.ts";
import { createPlan } from "../../commands/plans/create-plan.ts";
import { restoreSeat } from "../../commands/plans/restore-seat.ts";
import { discardPlan, pausePlan, resumePlan } from "../../commands/plans/stop-plan.ts";
import { undoPlan } from "../../commands/plans/undo-plan.ts";
import { ok, refuse } from "../../lib/result.ts";
import { PLAN_ROW_STATES, type PlanRowState } from "../../model/plans.ts";
import { findOperator } from "../../store/operators.ts";
import { listApprovals } from "../../store/plans/apply.ts";
import { findPlan, planList } from "../../store/plans/plans.ts";
import { countPlanRows, planRowList, type ShownPlanRow } from "../../store/plans/rows.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const planHandlers = [
  handleList(api.listPlans, async ({ query }) =>
    ok(
      planList({
        kind: query.kind ?? null,
        states: query.state ?? null,
        siteId: query.siteId ?? null,
        ruleId: query.ruleId ?? null,
      }),
    ),
  ),

  handle(api.getPlan, async ({ reader, params }) => {
    const plan = await findPlan(reader, params.planId);
    if (!plan) return refuse("no-such-plan");
    const counts = await countPlanRows(reader, plan.id);
    const progress = Object.fromEntries(PLAN_ROW_STATES.map((state) => [state, counts[state] ?? 0])) as Record<
      PlanRowState,
      number
    >;
    const createdByName = (await findOperator(reader, plan.createdBy))?.name ?? null;
    return ok({ ...plan, progress, createdByName, approvals: await listApprovals(reader, plan.id) });
  }),

  handleList<typeof api.listPlanRows, ShownPlanRow>(api.listPlanRows, async ({ reader, params, query }) => {
    if (!(await findPlan(reader, params.planId))) return refuse("no-such-plan");
    const { state, siteId, accountId } = query;
    const filters = { states: state ?? null, siteId: siteId ?? null, accountId: accountId ?? null };
    return ok(planRowList(params.planId, filters));
  }),

  handle(api.createPlan, ({ ctx, body }) => createPlan(ctx, { ...body, ruleId: null, isUnattended: false })),

  handle(api.approvePlan, ({ ctx, params, body }) => approvePlan(ctx, { ...params, ...body })),

  handle(api.applyPlan, ({ ctx, params, body }) => applyPlan(ctx, { ...params, ...body })),

  handle(api.pausePlan, ({ ctx, params, body }) => pausePlan(ctx, { ...params, ...body })),

  handle(api.resumePlan, ({ ctx, params }) => resumePlan(ctx, params)),

  handle(api.discardPlan, ({ ctx, params, body }) => discardPlan(ctx, { ...params, ...body })),

  handle(api.undoPlan, ({ ctx, params, body }) => undoPlan(ctx, { ...params, ...body })),

  handle(api.restoreSeat, ({ ctx, params, body }) => restoreSeat(ctx, { ...params, ...body, asked: "operator" })),
];
