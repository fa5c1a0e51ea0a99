import * as api from "../../api/exclusions.ts";
import {
  changeExclusion,
  type ExclusionChange,
  endExclusion,
  renewExclusion,
  switchExclusion,
} from "../../commands/exclusions/change-exclusion.ts";
import type { ConditionNotRight } from "../../commands/exclusions/check-exclusion.ts";
import { createExclusion } from "../../commands/exclusions/create-exclusion.ts";
import { ok, refuse } from "../../lib/result.ts";
import { checkCondition } from "../../rules/conditions/check.ts";
import { exclusionState, hasOwnCondition } from "../../rules/exclusions.ts";
import type { Reader } from "../../store/database.ts";
import { exclusionHitList } from "../../store/exclusions/hit-list.ts";
import { exclusionList, findExclusionRule, type ListedExclusionRule } from "../../store/exclusions/rules.ts";
import { handleList } from "../lists.ts";
import { previewExclusion } from "../preview-exclusion.ts";
import { handle } from "../route.ts";

export const exclusionHandlers = [
  handleList(api.listExclusionRules, async ({ query, ctx }) => {
    const now = ctx.clock.now();
    const filters = {
      states: query.state ?? null,
      effects: query.effect ?? null,
      siteId: query.siteId ?? null,
      connectionId: query.connectionId ?? null,
      about: query.about ?? null,
      builtIn: query.builtIn ?? null,
      ownerId: query.ownerId ?? null,
      search: query.q ?? null,
      expiresBefore: query.expiresBefore ?? null,
    };
    return ok({
      ...exclusionList(filters, now),
      toItems: (rows: ListedExclusionRule[]) => rows.map((each) => shown(each, now)),
    });
  }),

  handle(api.getExclusionRule, async ({ reader, params, ctx }) => one(reader, params.ruleId, ctx.clock.now())),

  handleList(api.listExclusionHits, async ({ reader, params, query }) => {
    if (!(await findExclusionRule(reader, params.ruleId))) return refuse("no-such-rule");
    return ok(exclusionHitList(params.ruleId, { siteId: query.siteId ?? null, search: query.q ?? null }));
  }),

  handle(api.createExclusionRule, async ({ ctx, body, reader }) => {
    const made = await createExclusion(ctx, { ...body, effects: [...new Set(body.effects)] });
    if (!made.ok) return refuse(toRefusal(made.error));
    const rule = await findExclusionRule(reader, made.value);
    if (!rule) throw new Error(`The exclusion ${made.value} is not there though it was just made.`);
    return ok(shown(rule, ctx.clock.now()));
  }),

  handle(api.changeExclusionRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const change: ExclusionChange = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    if (change.effects) change.effects = [...new Set(change.effects)];
    const changed = await changeExclusion(ctx, params.ruleId, ifMatch, change);
    if (!changed.ok) return refuse(toRefusal(changed.error));
    return one(reader, params.ruleId, ctx.clock.now());
  }),

  handle(api.renewExclusionRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const renewed = await renewExclusion(ctx, params.ruleId, ifMatch, body);
    return renewed.ok ? one(reader, params.ruleId, ctx.clock.now()) : renewed;
  }),

  handle(api.endExclusionRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const ended = await endExclusion(ctx, params.ruleId, ifMatch, body.reason);
    return ended.ok ? one(reader, params.ruleId, ctx.clock.now()) : ended;
  }),

  handle(api.switchExclusionRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const switched = await switchExclusion(ctx, params.ruleId, ifMatch, body);
    return switched.ok ? one(reader, params.ruleId, ctx.clock.now()) : switched;
  }),

  handle(api.previewExclusionRule, async ({ ctx, body, reader }) => {
    const checked = checkCondition(body.condition);
    if (!checked.ok) return refuse(notRight({ code: "condition-not-right", problems: checked.error }));
    return previewExclusion(reader, { ...body, condition: checked.value }, ctx.clock.now());
  }),
];

async function one(reader: Reader, ruleId: string, now: Date) {
  const rule = await findExclusionRule(reader, ruleId);
  return rule ? ok(shown(rule, now)) : refuse("no-such-rule" as const);
}

function shown(rule: ListedExclusionRule, now: Date) {
  return {
    ...rule,
    condition: hasOwnCondition(rule.builtIn) ? (rule.condition as Record<string, unknown>) : null,
    state: exclusionState(rule, now),
  };
}

function toRefusal<Code extends string>(error: Code | ConditionNotRight) {
  return typeof error === "string" ? error : notRight(error);
}

/** Each part of a condition that is wrong becomes a field of the request. */
function notRight(error: ConditionNotRight) {
  return {
    code: error.code,
    errors: error.problems.map(({ path, message }) => ({
      field: `body.${path}`,
      what: message,
      expected: "a condition as GET /reclamation-conditions lists them",
    })),
  };
}
