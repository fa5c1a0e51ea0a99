import { z } from "zod";
import { PLAN_ROW_STATES, PLAN_STATES } from "../model/plans.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";
import { ExecutorName } from "./sites.ts";

export const PlanStateName = z.enum(PLAN_STATES).meta({ id: "PlanState" });
export const PlanRowStateName = z.enum(PLAN_ROW_STATES).meta({ id: "PlanRowState" });
export const PlanKindName = z.enum(["reclaim", "restore"]).meta({ id: "PlanKind" });
const outcome = z
  .object({ code: z.string(), message: z.string(), fix: z.string().nullable() })
  .nullable()
  .meta({ description: "Why it was left out, failed, or could not be verified, and what to do." });

export const Plan = z
  .object({
    id: z.string(),
    kind: PlanKindName,
    state: PlanStateName,
    reason: z.string(),
    ruleId: z.string().nullable().meta({
      description:
        "The reclamation rule whose limits hold for it: the one that made it, or that found all the candidates of which a person made it. Null: no rule, or several.",
    }),
    undoesPlanId: z.string().nullable().meta({ description: "Of a restore: the plan it takes back." }),
    isUnattended: z.boolean(),
    askedByHolder: z.boolean().meta({ description: "The holder of the seat asked for it back." }),
    siteIds: z.array(z.string()),
    acceptsProducts: z.array(z.string()).meta({
      description: "Products other than Confluence that its accounts may lose; whoever applies it accepts that.",
    }),
    counts: z.object({
      seats: z.int(),
      leftOut: z.int().meta({ description: "Seats that it names and does not touch; their rows say why." }),
      elsewhere: z.int().meta({ description: "Seats that a person or another system changes." }),
      memberships: z.int(),
      lastAdmins: z.int().meta({ description: "Seats whose holder is the only administrator of a space." }),
    }),
    money: z
      .array(
        z.object({
          seats: z.int(),
          monthMinor: z.number().meta({ description: "What a month of them costs, in minor units of the currency." }),
          currency: z.string(),
          saving: z.enum(["next-bill", "renewal", "lower-tier"]),
          from: instant.nullable().meta({ description: "When the saving becomes real; null where nobody told." }),
        }),
      )
      .meta({ description: "One line for each currency and date; seats without a known price are in none." }),
    limits: z.object({
      perDay: z.int(),
      dataHoursMax: z.number(),
      failurePercentMax: z.number(),
      restorePercentMax: z.number(),
      blackouts: z.array(z.object({ from: z.string(), until: z.string(), reason: z.string() })),
    }),
    hash: z.string().meta({ description: "Of everything that applying it would do; whoever applies it names it." }),
    approvalsNeeded: z.int(),
    canarySize: z.int().meta({ description: "Seats that are tried first; 0: all at once." }),
    paused: z
      .object({ by: z.enum(["canary", "failures", "site", "rule", "person"]), message: z.string(), at: instant })
      .nullable(),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    appliedBy: z.string().nullable(),
    appliedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    revision: z.int(),
  })
  .meta({ id: "Plan" });

export const PlanDetail = Plan.extend({
  progress: z
    .object(
      Object.fromEntries(PLAN_ROW_STATES.map((state) => [state, z.int()])) as Record<
        (typeof PLAN_ROW_STATES)[number],
        z.ZodInt
      >,
    )
    .meta({ description: "How many of its seats are in each state." }),
  createdByName: z.string().nullable().meta({ description: "Null where no operator made it." }),
  approvals: z.array(z.object({ operatorId: z.string(), name: z.string(), at: instant })),
}).meta({ id: "PlanDetail" });

const membership = z.object({
  groupId: z.string(),
  groupSourceId: z.string(),
  name: z.string(),
  isExternal: z.boolean().meta({ description: "An identity provider manages the group." }),
});

export const PlanRow = z
  .object({
    position: z.int(),
    siteId: z.string(),
    site: z.string(),
    accountId: z.string(),
    accountSourceId: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    seatId: z.string().nullable(),
    candidateId: z.string().nullable(),
    executor: ExecutorName,
    memberships: z.array(membership).meta({ description: "Exactly what is removed, or given back." }),
    loses: z.object({
      spaces: z.int().nullable().meta({
        description: "Spaces that only the removed memberships open; null where rights are not read.",
      }),
      spaceKeys: z.array(z.string()).meta({ description: "The first twenty of them." }),
      lastAdminOf: z.array(z.string()).meta({ description: "Spaces that nobody else administers." }),
      keepsAccessThrough: z.array(z.string()).meta({
        description: "Groups that give the product and that a person dropped: access through them stays.",
      }),
    }),
    instruction: z
      .object({
        why: z.string(),
        text: z.string(),
        cannotRestore: z.array(z.object({ name: z.string(), why: z.string() })),
      })
      .nullable()
      .meta({ description: "What a person or another system is to do, with the exact change." }),
    savesMinor: z.number().nullable(),
    currency: z.string().nullable(),
    savesFrom: instant.nullable(),
    state: PlanRowStateName,
    outcome,
  })
  .meta({ id: "PlanRow" });

const planParams = z.strictObject({ planId: idOf("plan") });
const NO_SUCH_PLAN = { "no-such-plan": { status: 404, says: "There is no such plan." } } as const;
const STALE_HASH = {
  "stale-hash": { status: 409, says: "This is not the plan that you looked at. Read it again." },
} as const;
const NOT_READY = {
  "plan-not-ready": { status: 409, says: "Only a plan that is ready can be applied or approved." },
} as const;
const hash = z.string().regex(/^[0-9a-f]{64}$/, "the `hash` of the plan as you read it");
const reason = text(1000);

export const listPlans = defineList({
  id: "plans.list",
  path: "/plans",
  summary: "Saved sets of changes, and what became of them",
  scope: "plans:read",
  item: Plan,
  sorts: ["createdAt"],
  defaultSort: "-createdAt",
  filters: {
    kind: PlanKindName.optional(),
    state: manyOf(PlanStateName).optional(),
    siteId: idOf("site").optional(),
    ruleId: idOf("reclamation").optional(),
  },
});

export const getPlan = defineRoute({
  id: "plans.get",
  method: "GET",
  path: "/plans/{planId}",
  summary: "One plan, with how far it is",
  scope: "plans:read",
  params: planParams,
  answer: PlanDetail,
  refusals: NO_SUCH_PLAN,
});

export const listPlanRows = defineList({
  id: "plan-rows.list",
  path: "/plans/{planId}/rows",
  summary: "The seats of a plan, each with its exact change and what it loses",
  scope: "plans:read",
  params: planParams,
  item: PlanRow,
  sorts: ["position"],
  filters: {
    state: manyOf(PlanRowStateName).optional(),
    siteId: idOf("site").optional(),
    accountId: idOf("account").optional(),
  },
  refusals: NO_SUCH_PLAN,
});

export const createPlan = defineRoute({
  id: "plans.create",
  method: "POST",
  path: "/plans",
  summary: "Save what taking or giving back seats would do",
  description:
    "Nothing changes until it is applied. A seat that must be left alone (excluded, in another plan, without a decision) becomes a row that says why.",
  scope: "plans:write",
  body: z.strictObject({
    kind: PlanKindName.default("reclaim"),
    seats: z
      .array(
        z.strictObject({
          siteId: idOf("site"),
          accountId: idOf("account"),
          candidateId: idOf("candidate").nullable().default(null).meta({
            description: "Where one rule found the candidates of all the seats, it is a plan of that rule.",
          }),
        }),
      )
      .min(1)
      .max(10_000),
    reason,
    acceptsProducts: z.array(text(100)).max(20).default([]).meta({
      description: "Products other than Confluence that the accounts may lose, by the key that the source gives them.",
    }),
    acceptsNoEvidence: z.boolean().default(false).meta({
      description:
        "Takes also seats of which nobody knows whether they are used. They are left out otherwise, unless the candidate that is named was decided.",
    }),
    validHours: z.int().min(1).max(720).default(24),
  }),
  answer: Plan,
  status: 201,
  refusals: {
    "no-seats": { status: 422, says: "A plan needs at least one seat." },
    "too-many-seats": { status: 422, says: "The plan has too many seats. Make several plans." },
    "no-such-site": { status: 404, says: "There is no such site." },
    "no-such-account": { status: 404, says: "One of the accounts is not known, or no plan took its seat." },
    "over-run-limit": { status: 409, says: "These are more seats than may be taken in one run." },
  },
});

export const approvePlan = defineRoute({
  id: "plans.approve",
  method: "POST",
  path: "/plans/{planId}/approve",
  summary: "Agree to a plan as the second person",
  description: "Whoever made the plan cannot be the second person, and whoever applies it does not count as one.",
  scope: "plans:write",
  params: planParams,
  body: z.strictObject({ hash }),
  answer: Plan,
  refusals: {
    ...NO_SUCH_PLAN,
    ...NOT_READY,
    ...STALE_HASH,
    "not-a-person": { status: 403, says: "A person approves it, signed in as themselves." },
    "own-plan": { status: 403, says: "You made this plan; somebody else approves it." },
  },
});

export const applyPlan = defineRoute({
  id: "plans.apply",
  method: "POST",
  path: "/plans/{planId}/apply",
  summary: "Carry a plan out",
  description:
    "Each seat is checked again just before it is changed, and read back afterwards. Follow `progress` of the plan to see how far it is.",
  scope: "plans:write",
  params: planParams,
  body: z.strictObject({
    hash,
    confirmCount: z.int().min(0).nullable().default(null).meta({
      description: "The number of seats that it changes, typed by a person; needed above ten.",
    }),
  }),
  answer: Plan,
  status: 202,
  refusals: {
    ...NO_SUCH_PLAN,
    ...NOT_READY,
    ...STALE_HASH,
    "plan-expired": { status: 409, says: "It is too old to be applied. Make it anew." },
    "nothing-to-do": { status: 409, says: "Every seat of it is left out, so there is nothing to apply." },
    "wrong-count": { status: 422, says: "Confirm the number of seats that it changes." },
    "observe-only": { status: 403, says: "Usher only observes a site of the plan. Set the site to Act first." },
    "reclaim-not-served": { status: 409, says: "No published connection serves reclaim for a site of the plan." },
    "data-too-old": { status: 409, says: "What is known of a site is too old to act on. Sync first." },
    blackout: { status: 409, says: "Nothing is taken on these days." },
    "approval-needed": {
      status: 409,
      says: "It is so large, or with others of the same day, that a second person approves it first.",
    },
    "over-day-limit": { status: 409, says: "These are more seats than may be taken in one day." },
  },
});

const STOP_REFUSALS = {
  ...NO_SUCH_PLAN,
  "not-under-way": { status: 409, says: "Only a plan under way can be paused." },
  "not-paused": { status: 409, says: "Only a paused plan can be resumed." },
  "already-ended": { status: 409, says: "It has ended, so there is nothing to give up. Undo it instead." },
} as const;

export const pausePlan = defineRoute({
  id: "plans.pause",
  method: "POST",
  path: "/plans/{planId}/pause",
  summary: "Send nothing more of a plan under way",
  description: "What was sent is still read back.",
  scope: "plans:write",
  params: planParams,
  body: z.strictObject({ reason }),
  answer: Plan,
  refusals: STOP_REFUSALS,
});

export const resumePlan = defineRoute({
  id: "plans.resume",
  method: "POST",
  path: "/plans/{planId}/resume",
  summary: "Go on with the rest of a paused plan",
  scope: "plans:write",
  params: planParams,
  answer: Plan,
  refusals: STOP_REFUSALS,
});

export const discardPlan = defineRoute({
  id: "plans.discard",
  method: "POST",
  path: "/plans/{planId}/discard",
  summary: "Give a plan up",
  description: "Of one under way, the seats that nothing was sent for stay as they are.",
  scope: "plans:write",
  params: planParams,
  body: z.strictObject({ reason }),
  answer: Plan,
  refusals: STOP_REFUSALS,
});

export const undoPlan = defineRoute({
  id: "plans.undo",
  method: "POST",
  path: "/plans/{planId}/undo",
  summary: "Plan to give back everything that a plan took",
  description: "Makes a plan of kind `restore` with exactly what was taken; it is applied like any other.",
  scope: "plans:write",
  params: planParams,
  body: z.strictObject({ reason }),
  answer: Plan,
  status: 201,
  refusals: {
    ...NO_SUCH_PLAN,
    "not-undoable": { status: 409, says: "Only a reclaim plan that was applied can be undone." },
    "nothing-taken": { status: 409, says: "It took no seat that is not back already." },
  },
});

export const restoreSeat = defineRoute({
  id: "seats.restore",
  method: "POST",
  path: "/sites/{siteId}/accounts/{accountId}/restore",
  summary: "Give one seat back, by exactly what was taken",
  scope: "plans:write",
  params: z.strictObject({ siteId: idOf("site"), accountId: idOf("account") }),
  body: z.strictObject({
    reason,
    planId: idOf("plan").nullable().default(null).meta({ description: "The plan that took it; null: the newest." }),
  }),
  answer: z.object({
    plan: Plan,
    outcome: z.enum(["under-way", "requested"]),
    why: z.string().nullable().meta({ description: "Why it waits for an operator; null where it does not." }),
  }),
  status: 202,
  refusals: {
    "nothing-taken": { status: 404, says: "No plan took this seat, or it was given back already." },
    "window-closed": { status: 409, says: "The time in which it could be given back is over." },
    "under-way": { status: 409, says: "It is being given back already." },
    "cannot-restore": { status: 409, says: "It cannot be given back." },
    "cannot-act": { status: 409, says: "Nothing can be changed at the site now." },
  },
});

export const planRoutes = [
  listPlans,
  getPlan,
  listPlanRows,
  createPlan,
  approvePlan,
  applyPlan,
  pausePlan,
  resumePlan,
  discardPlan,
  undoPlan,
  restoreSeat,
];
