import type { ReclamationRule } from "../../model/reclamation.ts";
import type { Tx } from "../../store/database.ts";
import type { Actor } from "../context.ts";

/**
 * Writes what a rule has become. Conditions may name people, and settings hold addresses and reasons, so they are kept
 * where they can be erased.
 */
export function recordRule(
  tx: Tx,
  { operatorId: actorId, through }: Actor,
  entry: string,
  rule: ReclamationRule,
  detail: Record<string, unknown> = {},
): void {
  const { id, name, status, siteIds, condition, settings, revision } = rule;
  tx.record({
    actorId,
    through,
    entry,
    subjectId: id,
    detail: { status, siteIds, revision, ...detail },
    personal: { name, condition, settings },
  });
}
