import { ok, refuse, type Result } from "../../lib/result.ts";
import type { MatchRule } from "../../model/matching.ts";
import { flawsOfRule, type RuleFlaw } from "../../rules/matching.ts";
import type { Tx } from "../../store/database.ts";
import {
  deleteMatchRule,
  insertMatchRule,
  listMatchRules,
  saveMatchRule,
  saveMatchRuleOrder,
} from "../../store/matching/rules.ts";
import { lockPeople, settleMatches } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";

export interface RuleNotRight {
  code: "rule-not-right";
  flaws: RuleFlaw[];
}

/** Every account is evaluated by every rule; so many are more than anybody can keep in mind. */
const RULES_MAX = 50;

/** Adds a rule at a place (from 1 on; null: behind all others), and matches every account anew. Gives its id. */
export function createMatchRule(
  ctx: Context,
  rule: Omit<MatchRule, "id">,
  position: number | null,
): Promise<Result<string, RuleNotRight | { code: "too-many-rules" }>> {
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    const flaws = flawsOfRule(rule);
    if (flaws.length > 0) return refuse({ code: "rule-not-right", flaws });
    const before = await listMatchRules(tx);
    if (before.length >= RULES_MAX) return refuse({ code: "too-many-rules" });

    const ruleId = await insertMatchRule(tx, rule, ctx.clock.now());
    const ids = before.map(({ id }) => id);
    if (position !== null) await saveMatchRuleOrder(tx, ids.toSpliced(position - 1, 0, ruleId));
    await matchAnew(tx, ctx, {
      entry: "match-rule.created",
      subjectId: ruleId,
      detail: { ...plainOf(rule), position },
    });
    return ok(ruleId);
  });
}

/** Changes what a rule says, and matches every account anew. */
export function changeMatchRule(
  ctx: Context,
  ruleId: string,
  change: Partial<Omit<MatchRule, "id">>,
): Promise<Result<MatchRule, RuleNotRight | { code: "no-such-rule" }>> {
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    const held = (await listMatchRules(tx)).find(({ id }) => id === ruleId);
    if (!held) return refuse({ code: "no-such-rule" });
    const next = { ...held, ...change };
    const flaws = flawsOfRule(next);
    if (flaws.length > 0) return refuse({ code: "rule-not-right", flaws });

    await saveMatchRule(tx, next);
    await matchAnew(tx, ctx, { entry: "match-rule.changed", subjectId: ruleId, detail: plainOf(next) });
    return ok(next);
  });
}

/** Puts the rules into the order of their ids, every one named once, and matches every account anew. */
export function orderMatchRules(ctx: Context, ids: readonly string[]): Promise<Result<null, "not-every-rule">> {
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    const before = (await listMatchRules(tx)).map(({ id }) => id);
    if (ids.length !== before.length || !before.every((id) => ids.includes(id))) return refuse("not-every-rule");

    await saveMatchRuleOrder(tx, ids);
    await matchAnew(tx, ctx, { entry: "match-rules.ordered", subjectId: null, detail: { before, ids } });
    return ok(null);
  });
}

/** Takes a rule away; accounts that it matched go back, unless another rule finds their person. */
export function removeMatchRule(ctx: Context, ruleId: string): Promise<Result<null, "no-such-rule">> {
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    const ids = (await listMatchRules(tx)).map(({ id }) => id);
    if (!ids.includes(ruleId)) return refuse("no-such-rule");

    await deleteMatchRule(tx, ruleId);
    await saveMatchRuleOrder(
      tx,
      ids.filter((id) => id !== ruleId),
    );
    await matchAnew(tx, ctx, { entry: "match-rule.deleted", subjectId: ruleId, detail: {} });
    return ok(null);
  });
}

async function matchAnew(
  tx: Tx,
  { clock, actor }: Context,
  { entry, subjectId, detail }: { entry: string; subjectId: string | null; detail: Record<string, unknown> },
): Promise<void> {
  const { changed, moved } = await settleMatches(tx, await listMatchRules(tx), clock.now());
  const { operatorId: actorId, through } = actor;
  tx.record({
    actorId,
    through,
    entry,
    subjectId,
    detail: { ...detail, accountsChanged: changed, accountsMoved: moved },
  });
}

/** Transforms may hold names of people (an alias table): only their kinds go into an entry. */
function plainOf(rule: Omit<MatchRule, "id">): Record<string, unknown> {
  const { source, accountField, personField, confidence, isEnabled } = rule;
  const kindsOf = (side: MatchRule["accountTransforms"]) => side.map(({ kind }) => kind);
  return {
    source,
    accountField,
    personField,
    confidence,
    isEnabled,
    accountTransforms: kindsOf(rule.accountTransforms),
    personTransforms: kindsOf(rule.personTransforms),
  };
}
