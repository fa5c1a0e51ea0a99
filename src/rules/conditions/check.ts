import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Condition, ConditionProblem } from "../../model/conditions.ts";
import { KINDS_THAT_SEE_READERS, type EvidenceKind } from "../../model/facts.ts";
import { compileCondition, expressionOf } from "./compile.ts";
import { asksForSilence } from "./read-expression.ts";

export interface CheckOptions {
  /** Where the condition stands in what was sent. */
  path?: string;
  /** Kinds whose silence is to count. */
  evidence?: readonly EvidenceKind[];
}

/** Whether a condition may be saved; if not, each part that is wrong, where it is, and what would be right. */
export function checkCondition(
  condition: unknown,
  { path = "condition", evidence }: CheckOptions = {},
): Result<Condition, ConditionProblem[]> {
  const compiled = compileCondition(condition, path);
  if (!compiled.ok) return compiled;
  const canProveSilence = evidence === undefined || evidence.some((kind) => KINDS_THAT_SEE_READERS.includes(kind));
  if (!canProveSilence && asksForSilence(expressionOf(compiled.value))) {
    const message =
      "It asks that a seat is not used, but none of the kinds of evidence sees readers: it could never match. " +
      `Add one of ${KINDS_THAT_SEE_READERS.join(", ")}.`;
    return refuse([{ path, message }]);
  }
  return ok(condition as Condition);
}
