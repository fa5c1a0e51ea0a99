import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ReclamationRuleStatus } from "../../model/reclamation.ts";

export type RuleMove = "activate" | "report-only" | "pause";

const NEXT: Readonly<Record<RuleMove, Partial<Record<ReclamationRuleStatus, ReclamationRuleStatus>>>> = {
  activate: { draft: "active", "report-only": "active", paused: "active" },
  "report-only": { draft: "report-only", active: "report-only", paused: "report-only" },
  pause: { active: "paused", "report-only": "paused" },
};

export function nextRuleStatus(
  status: ReclamationRuleStatus,
  move: RuleMove,
): Result<ReclamationRuleStatus, "wrong-status"> {
  const next = NEXT[move][status];
  return next ? ok(next) : refuse("wrong-status");
}
