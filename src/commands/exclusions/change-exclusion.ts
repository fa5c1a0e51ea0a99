import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Condition } from "../../model/conditions.ts";
import type { ExclusionEffect, ExclusionRule } from "../../model/exclusions.ts";
import { expiryAfter, hasOwnCondition } from "../../rules/exclusions.ts";
import { lockExclusionRule, saveExclusionRule } from "../../store/exclusions/rules.ts";
import { settleExclusions } from "../../store/exclusions/settle.ts";
import type { Tx } from "../../store/database.ts";
import type { Context } from "../context.ts";
import { checkExclusion, type ConditionNotRight, refuseTakenName } from "./check-exclusion.ts";
import { recordExclusion } from "./record-exclusion.ts";

/** What is left out stays as it is. */
export interface ExclusionChange {
  name?: string;
  condition?: unknown;
  siteIds?: string[] | null;
  effects?: ExclusionEffect[];
  reason?: string;
  ownerId?: string;
}

export type LivingRefusal = "no-such-rule" | "stale-revision" | "has-ended";

export type ChangeExclusionRefusal =
  | LivingRefusal
  | ConditionNotRight
  | "no-such-site"
  | "no-such-owner"
  | "built-in"
  | "name-taken";

/**
 * Changes whom a rule leaves out, and of what; whom it catches follows at once. Of those that come with Usher only who
 * the break-glass administrators are can be said, and at which sites one holds. `revision` null changes whatever is there.
 */
export function changeExclusion(
  ctx: Context,
  ruleId: string,
  revision: number | null,
  change: ExclusionChange,
): Promise<Result<ExclusionRule, ChangeExclusionRefusal>> {
  const work = withLivingRule<ExclusionRule, ChangeExclusionRefusal>(ctx, ruleId, revision, async (tx, held, now) => {
    if (held.builtIn !== null && !isAllowedOfBuiltIn(held, change)) return refuse("built-in");
    const next = { ...held, ...change, condition: (change.condition ?? held.condition) as Condition };
    const checked = await checkExclusion(tx, next);
    if (!checked.ok) return checked;

    const saved = await saveExclusionRule(tx, next, now);
    await settleExclusions(tx, now, ruleId);
    recordExclusion(tx, ctx, "exclusion-rule.changed", saved);
    return ok(saved);
  });
  return work.catch(refuseTakenName);
}

function isAllowedOfBuiltIn({ builtIn }: ExclusionRule, change: ExclusionChange): boolean {
  const allowed = hasOwnCondition(builtIn) ? ["condition", "siteIds", "ownerId"] : ["siteIds", "ownerId"];
  return Object.keys(change).every((each) => allowed.includes(each));
}

/** Lets a rule hold for longer, or end earlier; its owner is told again before the new end. Null: the usual time from now. */
export function renewExclusion(
  ctx: Context,
  ruleId: string,
  revision: number | null,
  { expiresAt, reason }: { expiresAt: Date | null; reason: string },
): Promise<Result<ExclusionRule, LivingRefusal | "expiry-not-allowed" | "built-in">> {
  return withLivingRule<ExclusionRule, LivingRefusal | "expiry-not-allowed" | "built-in">(
    ctx,
    ruleId,
    revision,
    async (tx, held, now) => {
      if (held.builtIn !== null) return refuse("built-in");
      const expiry = expiryAfter(expiresAt, now);
      if (!expiry.ok) return expiry;

      const saved = await saveExclusionRule(tx, { ...held, expiresAt: expiry.value, warnedAt: null }, now);
      await settleExclusions(tx, now, ruleId);
      recordExclusion(tx, ctx, "exclusion-rule.renewed", saved, reason);
      return ok(saved);
    },
  );
}

/** Ends a rule: whom it left out counts again at once. It stays with its history, and its name is free. */
export function endExclusion(
  ctx: Context,
  ruleId: string,
  revision: number | null,
  reason: string,
): Promise<Result<ExclusionRule, LivingRefusal | "built-in">> {
  return withLivingRule<ExclusionRule, LivingRefusal | "built-in">(ctx, ruleId, revision, async (tx, held, now) => {
    if (held.builtIn !== null) return refuse("built-in");
    const saved = await saveExclusionRule(tx, { ...held, endedAt: now }, now);
    await settleExclusions(tx, now, ruleId);
    recordExclusion(tx, ctx, "exclusion-rule.ended", saved, reason);
    return ok(saved);
  });
}

/** Switches one that comes with Usher off, or on again. The others are ended instead. */
export function switchExclusion(
  ctx: Context,
  ruleId: string,
  revision: number | null,
  { isEnabled, reason }: { isEnabled: boolean; reason: string },
): Promise<Result<ExclusionRule, LivingRefusal | "not-built-in">> {
  return withLivingRule<ExclusionRule, LivingRefusal | "not-built-in">(ctx, ruleId, revision, async (tx, held, now) => {
    if (held.builtIn === null) return refuse("not-built-in");
    const saved = await saveExclusionRule(tx, { ...held, isEnabled, offReason: isEnabled ? null : reason }, now);
    await settleExclusions(tx, now, ruleId);
    recordExclusion(tx, ctx, isEnabled ? "exclusion-rule.enabled" : "exclusion-rule.disabled", saved, reason);
    return ok(saved);
  });
}

function withLivingRule<Value, Refusal>(
  { db, clock }: Context,
  ruleId: string,
  revision: number | null,
  work: (tx: Tx, held: ExclusionRule, now: Date) => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal | LivingRefusal>> {
  return db.transaction(async (tx): Promise<Result<Value, Refusal | LivingRefusal>> => {
    const held = await lockExclusionRule(tx, ruleId);
    if (!held) return refuse("no-such-rule");
    if (held.endedAt !== null) return refuse("has-ended");
    if (revision !== null && revision !== held.revision) return refuse("stale-revision");
    return work(tx, held, clock.now());
  });
}
