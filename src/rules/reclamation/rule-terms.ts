import type { ConditionTerms } from "../../model/conditions.ts";
import type { Expression } from "../../model/expression.ts";
import type { ReclamationSettings } from "../../model/reclamation.ts";
import { SOURCE_LATE_HOURS } from "../evidence.ts";

/** With what a rule judges at an instant: its kinds of evidence, and data no older than it allows. */
export function ruleTerms(
  settings: Pick<ReclamationSettings, "evidence" | "limits">,
  asOf: Date,
  capacities: Readonly<Record<string, number>> = {},
): ConditionTerms {
  const lateHoursMax = SOURCE_LATE_HOURS + settings.limits.dataHoursMax;
  return { asOf, evidence: settings.evidence, lateHoursMax, capacities };
}

/** The longest silence that an expression asks for, in days; 0 where it asks for none. */
export function longestSilenceDays(expression: Expression): number {
  switch (expression.op) {
    case "and":
    case "or":
      return Math.max(0, ...expression.parts.map(longestSilenceDays));
    case "not":
      return longestSilenceDays(expression.part);
    case "idle":
    case "never-used":
      return expression.days;
    default:
      return 0;
  }
}
