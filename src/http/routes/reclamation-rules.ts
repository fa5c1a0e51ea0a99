import * as api from "../../api/reclamation-rules.ts";
import { changeReclamationRule } from "../../commands/reclamation-rules/change-reclamation-rule.ts";
import { createReclamationRule, type RuleNotRight } from "../../commands/reclamation-rules/create-reclamation-rule.ts";
import { deleteReclamationRule } from "../../commands/reclamation-rules/delete-reclamation-rule.ts";
import { pauseReclamationRule } from "../../commands/reclamation-rules/pause-reclamation-rule.ts";
import { setRuleStatus } from "../../commands/reclamation-rules/set-rule-status.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Condition, ConditionProblem } from "../../model/conditions.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import { FACT_NAMES, FACTS } from "../../rules/conditions/facts.ts";
import { CONDITIONS } from "../../rules/conditions/index.ts";
import { problemsOfRule } from "../../rules/reclamation/check-rule.ts";
import { mergeSettings, type SettingsChange } from "../../rules/reclamation/merge-settings.ts";
import type { Reader } from "../../store/database.ts";
import { findReclamationRule, type ListedReclamationRule, reclamationRuleList } from "../../store/reclamation/rules.ts";
import { backtestRule } from "../backtest-rule.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";
import { simulateRule, type SimulatedRule } from "../simulate-rule.ts";

export const reclamationRuleHandlers = [
  handle(api.listConditions, async () =>
    ok({
      items: CONDITIONS.map(({ id, label, description, parameters }) => ({
        id,
        label,
        description,
        parameters: parameters.map((each) => ({
          name: each.name,
          label: each.label,
          type: each.type,
          isRequired: each.isRequired,
          default: typeof each.default === "object" ? [...each.default] : (each.default ?? null),
          min: each.min ?? null,
          max: each.max ?? each.lengthMax ?? null,
          choices: each.choices ? [...each.choices] : null,
        })),
      })),
      facts: FACT_NAMES.map((name) => ({ name, type: FACTS[name].type, about: FACTS[name].about })),
      settings: DEFAULT_RECLAMATION_SETTINGS,
    }),
  ),

  handleList(api.listReclamationRules, async ({ query }) =>
    ok({
      ...reclamationRuleList({
        statuses: query.status ?? null,
        siteId: query.siteId ?? null,
        connectionId: query.connectionId ?? null,
        text: query.q ?? null,
      }),
      toItems: async (rows: ListedReclamationRule[]) => rows.map(shown),
    }),
  ),

  handle(api.getReclamationRule, ({ reader, params }) => answer(reader, params.ruleId)),

  handle(api.createReclamationRule, async ({ ctx, body }) => {
    const made = await createReclamationRule(ctx, { ...body, ...asked(body) });
    if (!made.ok) return refuse(inFields(made.error));
    return ok(shown({ ...made.value, openCandidates: 0, reclaimed: 0, restored: 0 }));
  }),

  handle(api.changeReclamationRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const change = { ...body, condition: body.condition as Condition | undefined, settings: typed(body.settings) };
    const changed = await changeReclamationRule(ctx, params.ruleId, ifMatch, defined(change));
    return changed.ok ? answer(reader, params.ruleId) : refuse(inFields(changed.error));
  }),

  handle(api.activateReclamationRule, async ({ ctx, params, ifMatch, reader }) => {
    const moved = await setRuleStatus(ctx, params.ruleId, ifMatch, "activate");
    return moved.ok ? answer(reader, params.ruleId) : refuse(inFields(moved.error));
  }),

  handle(api.reportOnlyReclamationRule, async ({ ctx, params, ifMatch, reader }) => {
    const moved = await setRuleStatus(ctx, params.ruleId, ifMatch, "report-only");
    return moved.ok ? answer(reader, params.ruleId) : refuse(inFields(moved.error));
  }),

  handle(api.pauseReclamationRule, async ({ ctx, params, body, ifMatch, reader }) => {
    const { ruleId } = params;
    const paused = await pauseReclamationRule(ctx, { ruleId, revision: ifMatch, by: "person", reason: body.reason });
    return paused.ok ? answer(reader, ruleId) : paused;
  }),

  handle(api.deleteReclamationRule, async ({ ctx, params, ifMatch }) => {
    const deleted = await deleteReclamationRule(ctx, params.ruleId, ifMatch);
    return deleted.ok ? ok(undefined) : deleted;
  }),

  handle(api.simulateReclamationRule, async ({ ctx, params, body, reader }) => {
    const rule = await findReclamationRule(reader, params.ruleId);
    return rule ? ok(await simulateRule(reader, rule, ctx.clock.now(), body)) : refuse("no-such-rule");
  }),

  handle(api.simulateUnsavedRule, async ({ ctx, body, reader }) => {
    const rule = checked(body);
    return rule.ok ? ok(await simulateRule(reader, rule.value, ctx.clock.now(), body)) : rule;
  }),

  handle(api.backtestReclamationRule, async ({ ctx, params, body, reader }) => {
    const rule = await findReclamationRule(reader, params.ruleId);
    return rule ? backtestRule(reader, rule, { ...body, now: ctx.clock.now() }) : refuse("no-such-rule");
  }),

  handle(api.backtestUnsavedRule, async ({ ctx, body, reader }) => {
    const rule = checked(body);
    return rule.ok ? backtestRule(reader, rule.value, { ...body, now: ctx.clock.now() }) : rule;
  }),
];

async function answer(reader: Reader, ruleId: string) {
  const rule = await findReclamationRule(reader, ruleId);
  return rule ? ok(shown(rule)) : refuse("no-such-rule" as const);
}

function shown(rule: ListedReclamationRule) {
  const { reclaimed, restored, paused } = rule;
  const falsePositivePercent = reclaimed === 0 ? null : Math.round((restored / reclaimed) * 1000) / 10;
  return { ...rule, falsePositivePercent, paused: paused && { ...paused, at: new Date(paused.at) } };
}

interface AskedRule {
  siteIds: string[] | null;
  condition: Record<string, unknown>;
  settings?: object;
}

/** What was sent, with the usual settings where nothing was said. */
function asked({ siteIds, condition, settings }: AskedRule): SimulatedRule {
  return {
    siteIds,
    condition: condition as Condition,
    settings: mergeSettings(DEFAULT_RECLAMATION_SETTINGS, typed(settings) ?? {}),
  };
}

/** The contract has checked it; it says the same in another type. */
function typed(settings: object | undefined): SettingsChange | undefined {
  return settings as SettingsChange | undefined;
}

function checked(body: AskedRule): Result<SimulatedRule, ReturnType<typeof notRight>> {
  const rule = asked(body);
  const problems = problemsOfRule(rule);
  return problems.length > 0 ? refuse(notRight(problems)) : ok(rule);
}

function inFields<Code extends string>(error: RuleNotRight | { code: Code }) {
  return "problems" in error ? notRight(error.problems) : error.code;
}

function notRight(problems: readonly ConditionProblem[]) {
  return {
    code: "rule-not-right" as const,
    errors: problems.map(({ path, message }) => ({
      field: `body.${path.replaceAll(/\[(\d+)\]/g, ".$1")}`,
      what: message,
      expected: 'a rule as the guide "Reclamation" describes it',
    })),
  };
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
