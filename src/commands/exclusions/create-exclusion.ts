import { ok, type Result } from "../../lib/result.ts";
import type { Condition } from "../../model/conditions.ts";
import type { ExclusionEffect } from "../../model/exclusions.ts";
import { expiryAfter } from "../../rules/exclusions.ts";
import { insertExclusionRule, lockExclusionRule } from "../../store/exclusions/rules.ts";
import { settleExclusions } from "../../store/exclusions/settle.ts";
import type { Context } from "../context.ts";
import { checkExclusion, type ConditionNotRight, refuseTakenName } from "./check-exclusion.ts";
import { recordExclusion } from "./record-exclusion.ts";

export interface NewExclusion {
  name: string;
  condition: unknown;
  /** Null: at every site. */
  siteIds: string[] | null;
  effects: ExclusionEffect[];
  reason: string;
  /** Null: after the usual time. */
  expiresAt: Date | null;
  /** Null: whoever makes it. */
  ownerId: string | null;
}

export type CreateExclusionRefusal =
  | ConditionNotRight
  | "no-such-site"
  | "no-such-owner"
  | "expiry-not-allowed"
  | "name-taken";

/** Leaves somebody out from now on, until it expires. Gives its id. */
export function createExclusion(
  ctx: Context,
  { condition, ...given }: NewExclusion,
): Promise<Result<string, CreateExclusionRefusal>> {
  const { db, clock, actor } = ctx;
  const work = db.transaction(async (tx): Promise<Result<string, CreateExclusionRefusal>> => {
    const now = clock.now();
    const ownerId = given.ownerId ?? actor.operatorId;
    const checked = await checkExclusion(tx, { condition, siteIds: given.siteIds, ownerId });
    if (!checked.ok) return checked;
    const expiry = expiryAfter(given.expiresAt, now);
    if (!expiry.ok) return expiry;

    const draft = { ...given, condition: condition as Condition, ownerId, expiresAt: expiry.value };
    const id = await insertExclusionRule(tx, draft, now);
    await settleExclusions(tx, now, id);
    const made = await lockExclusionRule(tx, id);
    if (!made) throw new Error(`The exclusion ${id} is not there though it was just made.`);
    recordExclusion(tx, ctx, "exclusion-rule.created", made);
    return ok(id);
  });
  return work.catch(refuseTakenName);
}
