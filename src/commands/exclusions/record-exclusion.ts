import type { ExclusionRule } from "../../model/exclusions.ts";
import type { Tx } from "../../store/database.ts";
import type { Context } from "../context.ts";

/** Names, reasons and conditions may hold names and addresses of people: they go where they can be erased. */
export function recordExclusion(
  tx: Tx,
  { actor }: Pick<Context, "actor">,
  entry: string,
  rule: ExclusionRule,
  reason: string | null = null,
): void {
  const { id, effects, siteIds, builtIn, isEnabled, expiresAt, ownerId, revision } = rule;
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry,
    subjectId: id,
    detail: { effects, siteIds, builtIn, isEnabled, expiresAt: expiresAt?.toISOString() ?? null, ownerId, revision },
    personal: { name: rule.name, condition: rule.condition, reason: reason ?? rule.reason },
  });
}
