import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { problemsOfActivation, problemsOfRule } from "../../rules/reclamation/check-rule.ts";
import { nextRuleStatus } from "../../rules/reclamation/rule-status.ts";
import { lockReclamationRule, saveReclamationRule } from "../../store/reclamation/rules.ts";
import type { Context } from "../context.ts";
import type { RuleNotRight } from "./create-reclamation-rule.ts";
import { recordRule } from "./record-rule.ts";

export type SetRuleStatusRefusal = RuleNotRight | { code: "no-such-rule" | "stale-revision" | "wrong-status" };

/** Lets a rule act, or report only. Either ends a pause, with whatever had brought it about. */
export function setRuleStatus(
  { db, clock, actor }: Context,
  ruleId: string,
  revision: number | null,
  move: "activate" | "report-only",
): Promise<Result<ReclamationRule, SetRuleStatusRefusal>> {
  return db.transaction(async (tx) => {
    const rule = await lockReclamationRule(tx, ruleId);
    if (!rule) return refuse({ code: "no-such-rule" });
    if (revision !== null && revision !== rule.revision) return refuse({ code: "stale-revision" });
    const status = nextRuleStatus(rule.status, move);
    if (!status.ok) return refuse({ code: status.error });
    const problems = [...problemsOfRule(rule), ...(move === "activate" ? problemsOfActivation(rule) : [])];
    if (problems.length > 0) return refuse({ code: "rule-not-right", problems });

    const saved = await saveReclamationRule(tx, { ...rule, status: status.value, paused: null }, clock.now());
    const entry = move === "activate" ? "reclamation-rule.activated" : "reclamation-rule.set-to-report";
    recordRule(tx, actor, entry, saved, { from: rule.status });
    return ok(saved);
  });
}
