import { ok, refuse, type Result } from "../../lib/result.ts";
import { endReclamationRule, lockReclamationRule } from "../../store/reclamation/rules.ts";
import type { Context } from "../context.ts";
import { recordRule } from "./record-rule.ts";

/** Takes a rule away for good. What it found and took stays on record under its id. */
export function deleteReclamationRule(
  { db, clock, actor }: Context,
  ruleId: string,
  revision: number | null,
): Promise<Result<null, "no-such-rule" | "stale-revision">> {
  return db.transaction(async (tx) => {
    const rule = await lockReclamationRule(tx, ruleId);
    if (!rule) return refuse("no-such-rule");
    if (revision !== null && revision !== rule.revision) return refuse("stale-revision");
    await endReclamationRule(tx, ruleId, clock.now());
    recordRule(tx, actor, "reclamation-rule.deleted", rule);
    return ok(null);
  });
}
