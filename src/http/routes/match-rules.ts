import * as api from "../../api/match-rules.ts";
import {
  changeMatchRule,
  createMatchRule,
  orderMatchRules,
  removeMatchRule,
  type RuleNotRight,
} from "../../commands/matching/change-match-rules.ts";
import { ok, refuse } from "../../lib/result.ts";
import type { AccountMatchField, MatchRule, PersonMatchField } from "../../model/matching.ts";
import { flawsOfRule } from "../../rules/matching.ts";
import { previewMatches } from "../../store/matching/preview.ts";
import { matchRuleList } from "../../store/matching/rules.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

/** Changed accounts that a preview lists. */
const CHANGES_MAX = 200;

export const matchRuleHandlers = [
  handleList(api.listMatchRules, async () => ok(matchRuleList())),

  handle(api.createMatchRule, async ({ ctx, body: { position, ...rule } }) => {
    const made = await createMatchRule(ctx, typed(rule), position);
    if (made.ok) return ok({ id: made.value });
    return refuse(made.error.code === "rule-not-right" ? notRight(made.error) : made.error.code);
  }),

  handle(api.changeMatchRule, async ({ ctx, params, body }) => {
    const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const changed = await changeMatchRule(ctx, params.ruleId, change);
    if (changed.ok) return ok({ id: changed.value.id });
    return refuse(changed.error.code === "rule-not-right" ? notRight(changed.error) : changed.error.code);
  }),

  handle(api.orderMatchRules, async ({ ctx, body }) => {
    const ordered = await orderMatchRules(ctx, body.ruleIds);
    return ordered.ok ? ok(undefined) : ordered;
  }),

  handle(api.deleteMatchRule, async ({ ctx, params }) => {
    const removed = await removeMatchRule(ctx, params.ruleId);
    return removed.ok ? ok(undefined) : removed;
  }),

  handle(api.previewMatchRules, async ({ reader, body }) => {
    const rules = body.rules.map((rule, index): MatchRule => ({ ...typed(rule), id: rule.id ?? `new-${index + 1}` }));
    const flaws = rules.flatMap((rule, index) =>
      flawsOfRule(rule).map((flaw) => ({ ...flaw, field: `rules.${index}.${flaw.field}` })),
    );
    if (flaws.length > 0) return refuse(notRight({ code: "rule-not-right", flaws }));
    return ok(await previewMatches(reader, rules, CHANGES_MAX));
  }),
];

/** The contract has checked that a field is one of those that are known. */
function typed<Rule extends { accountField: string; personField: string }>(rule: Rule) {
  return {
    ...rule,
    accountField: rule.accountField as AccountMatchField,
    personField: rule.personField as PersonMatchField,
  };
}

function notRight({ flaws }: RuleNotRight) {
  return {
    code: "rule-not-right" as const,
    errors: flaws.map((flaw) => ({ ...flaw, field: `body.${flaw.field}` })),
  };
}
