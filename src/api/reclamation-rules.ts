import { z } from "zod";
import { SIMULATED_OUTCOMES } from "../model/simulation.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";
import { ReclamationSettings, ReclamationSettingsChange } from "./reclamation-settings.ts";
import { Backtest, Simulation } from "./simulations.ts";

export const Condition = z.record(z.string(), z.unknown()).meta({
  id: "Condition",
  description:
    '`{"is": "idle", "days": 60}` with the parameters of that condition, or `{"all": […]}`, `{"any": […]}` and `{"not": …}` of conditions. `GET /reclamation-conditions` lists them.',
});

export const RuleStatusName = z
  .enum(["draft", "report-only", "active", "paused"])
  .meta({ id: "ReclamationRuleStatus" });

const siteIds = z.array(idOf("site")).min(1).max(200).nullable().meta({ description: "Null: every site." });

export const ReclamationRule = z
  .object({
    id: z.string(),
    name: z.string(),
    status: RuleStatusName,
    siteIds: z.array(z.string()).nullable().meta({ description: "Null: every site." }),
    condition: Condition,
    settings: ReclamationSettings,
    paused: z
      .object({ by: z.enum(["limit", "failures", "restores", "person"]), reason: z.string(), at: instant })
      .nullable()
      .meta({ description: "Why it is paused; null unless it is." }),
    ownerId: z.string().nullable(),
    madeFor: z.string().nullable().meta({ description: "The connection whose publishing made it." }),
    openCandidates: z.int(),
    reclaimed: z.int().meta({ description: "Seats it took, whether or not they were given back." }),
    restored: z.int().meta({ description: "Of those, given back: it should not have taken them." }),
    falsePositivePercent: z
      .number()
      .nullable()
      .meta({ description: "`restored` of `reclaimed`, to one decimal; null while it has taken none." }),
    revision: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ReclamationRule" });

const params = z.strictObject({ ruleId: idOf("reclamation") });
const NO_SUCH_RULE = { "no-such-rule": { status: 404, says: "There is no such reclamation rule." } } as const;
const NOT_RIGHT = {
  "rule-not-right": { status: 422, says: "The rule is not right, and nothing was changed." },
} as const;
const NAME_TAKEN = {
  "name-taken": { status: 409, says: "Another reclamation rule has this name. Choose another one." },
} as const;
const WRONG_STATUS = {
  "wrong-status": { status: 409, says: "The rule's status does not allow this. Read it to see where it stands." },
} as const;

export const listConditions = defineRoute({
  id: "reclamation-conditions.list",
  method: "GET",
  path: "/reclamation-conditions",
  summary: "Conditions that rules and exclusions are made of, with their parameters",
  scope: "reclamation:read",
  answer: z.object({
    items: z.array(
      z
        .object({
          id: z.string(),
          label: z.string(),
          description: z.string(),
          parameters: z.array(
            z.object({
              name: z.string(),
              label: z.string(),
              type: z.enum(["integer", "text", "list"]),
              isRequired: z.boolean(),
              default: z.union([z.number(), z.array(z.string())]).nullable(),
              min: z.number().nullable(),
              max: z.number().nullable(),
              choices: z.array(z.string()).nullable(),
            }),
          ),
        })
        .meta({ id: "ConditionKind" }),
    ),
    facts: z
      .array(z.object({ name: z.string(), type: z.string(), about: z.string() }))
      .meta({ description: "What expressions in CEL may name, besides `now`." }),
    settings: ReclamationSettings.meta({ description: "The usual ones: what a rule has that says nothing of them." }),
  }),
});

export const listReclamationRules = defineList({
  id: "reclamation-rules.list",
  path: "/reclamation-rules",
  summary: "When seats are taken back, and what each rule has taken",
  scope: "reclamation:read",
  item: ReclamationRule,
  sorts: ["name", "createdAt", "updatedAt"],
  filters: {
    status: manyOf(RuleStatusName).optional(),
    siteId: idOf("site").optional().meta({ description: "Rules that look at this site." }),
    connectionId: idOf("connection").optional().meta({ description: "Rules that look at a site which it reaches." }),
    q: text(100).optional().meta({ description: "A part of the name." }),
  },
});

export const getReclamationRule = defineRoute({
  id: "reclamation-rules.get",
  method: "GET",
  path: "/reclamation-rules/{ruleId}",
  summary: "One reclamation rule",
  scope: "reclamation:read",
  params,
  answer: ReclamationRule,
  refusals: NO_SUCH_RULE,
  revisioned: true,
});

export const createReclamationRule = defineRoute({
  id: "reclamation-rules.create",
  method: "POST",
  path: "/reclamation-rules",
  summary: "Make a reclamation rule",
  description: "It reports only until it is activated. Settings that are left out are the usual ones.",
  scope: "reclamation:write",
  body: z.strictObject({
    name: text(100),
    status: z.enum(["draft", "report-only"]).default("report-only"),
    siteIds: siteIds.default(null),
    condition: Condition,
    settings: ReclamationSettingsChange.optional(),
  }),
  answer: ReclamationRule,
  status: 201,
  refusals: { ...NOT_RIGHT, ...NAME_TAKEN },
  revisioned: true,
});

export const changeReclamationRule = defineRoute({
  id: "reclamation-rules.change",
  method: "PATCH",
  path: "/reclamation-rules/{ruleId}",
  summary: "Change a reclamation rule",
  description:
    "What is left out stays, also within the settings. Candidates on their way keep the terms they began with.",
  scope: "reclamation:write",
  params,
  body: z
    .strictObject({ name: text(100), siteIds, condition: Condition, settings: ReclamationSettingsChange })
    .partial(),
  answer: ReclamationRule,
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT, ...NAME_TAKEN },
  revisioned: true,
  needsIfMatch: true,
});

export const activateReclamationRule = defineRoute({
  id: "reclamation-rules.activate",
  method: "POST",
  path: "/reclamation-rules/{ruleId}/activate",
  summary: "Let a rule act on what it finds",
  description: "Also ends a pause. Nothing is taken at a site that is in *Observe only*.",
  scope: "reclamation:write",
  params,
  answer: ReclamationRule,
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT, ...WRONG_STATUS },
  revisioned: true,
  needsIfMatch: true,
});

export const reportOnlyReclamationRule = defineRoute({
  id: "reclamation-rules.report-only",
  method: "POST",
  path: "/reclamation-rules/{ruleId}/report-only",
  summary: "Let a rule only report what it finds",
  scope: "reclamation:write",
  params,
  answer: ReclamationRule,
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT, ...WRONG_STATUS },
  revisioned: true,
  needsIfMatch: true,
});

export const pauseReclamationRule = defineRoute({
  id: "reclamation-rules.pause",
  method: "POST",
  path: "/reclamation-rules/{ruleId}/pause",
  summary: "Stop a rule until somebody activates it again",
  scope: "reclamation:write",
  params,
  body: z.strictObject({ reason: text(500) }),
  answer: ReclamationRule,
  refusals: { ...NO_SUCH_RULE, ...WRONG_STATUS },
  revisioned: true,
  needsIfMatch: true,
});

export const deleteReclamationRule = defineRoute({
  id: "reclamation-rules.delete",
  method: "DELETE",
  path: "/reclamation-rules/{ruleId}",
  summary: "Take a reclamation rule away; what it took stays on record",
  scope: "reclamation:write",
  params,
  refusals: NO_SUCH_RULE,
  needsIfMatch: true,
});

const page = {
  outcomes: z
    .array(z.enum(SIMULATED_OUTCOMES))
    .min(1)
    .default(["would-take"])
    .meta({ description: "Which seats the page lists, the longest silent first." }),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().max(500).nullable().default(null).meta({ description: "`next` of the page before." }),
};
const unsaved = {
  siteIds: siteIds.default(null),
  condition: Condition,
  settings: ReclamationSettingsChange.optional(),
};
const backtest = { asOf: instant, limit: page.limit, cursor: page.cursor };
const NOT_KNOWN = {
  "not-known-then": { status: 422, says: "History does not reach back that far." },
  "in-the-future": { status: 422, says: "A back-test looks at a day that is over." },
} as const;

export const simulateReclamationRule = defineRoute({
  id: "reclamation-rules.simulate-saved",
  method: "POST",
  path: "/reclamation-rules/{ruleId}/simulate",
  summary: "What a rule would do today; nothing is changed",
  scope: "reclamation:read",
  params,
  body: z.strictObject(page),
  answer: Simulation,
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT },
});

export const simulateUnsavedRule = defineRoute({
  id: "reclamation-rules.simulate",
  method: "POST",
  path: "/reclamation-rules/simulate",
  summary: "What a rule that is not saved would do today; nothing is changed",
  scope: "reclamation:read",
  body: z.strictObject({ ...unsaved, ...page }),
  answer: Simulation,
  refusals: NOT_RIGHT,
});

export const backtestReclamationRule = defineRoute({
  id: "reclamation-rules.backtest-saved",
  method: "POST",
  path: "/reclamation-rules/{ruleId}/backtest",
  summary: "Whom a rule would have taken on a past day, and who of them was active afterwards",
  description:
    "From history, on any day since the first complete sync plus the longest silence that the rule asks for. Imported evidence tells of use, but covers no earlier day.",
  scope: "reclamation:read",
  params,
  body: z.strictObject(backtest),
  answer: Backtest,
  refusals: { ...NO_SUCH_RULE, ...NOT_RIGHT, ...NOT_KNOWN },
});

export const backtestUnsavedRule = defineRoute({
  id: "reclamation-rules.backtest",
  method: "POST",
  path: "/reclamation-rules/backtest",
  summary: "Whom a rule that is not saved would have taken on a past day",
  scope: "reclamation:read",
  body: z.strictObject({ ...unsaved, ...backtest }),
  answer: Backtest,
  refusals: { ...NOT_RIGHT, ...NOT_KNOWN },
});

export const reclamationRuleRoutes = [
  listConditions,
  listReclamationRules,
  getReclamationRule,
  createReclamationRule,
  changeReclamationRule,
  activateReclamationRule,
  reportOnlyReclamationRule,
  pauseReclamationRule,
  deleteReclamationRule,
  simulateReclamationRule,
  simulateUnsavedRule,
  backtestReclamationRule,
  backtestUnsavedRule,
];
