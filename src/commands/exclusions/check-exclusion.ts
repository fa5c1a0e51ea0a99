import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ConditionProblem } from "../../model/conditions.ts";
import { checkCondition } from "../../rules/conditions/check.ts";
import { type Reader, StoreFailure } from "../../store/database.ts";
import { countSites } from "../../store/exclusions/rules.ts";
import { findOperator } from "../../store/operators.ts";

export interface ConditionNotRight {
  code: "condition-not-right";
  problems: ConditionProblem[];
}

/** What an exclusion names has to be there, and its condition has to be one. */
export async function checkExclusion(
  reader: Reader,
  { condition, siteIds, ownerId }: { condition: unknown; siteIds: readonly string[] | null; ownerId: string | null },
): Promise<Result<null, ConditionNotRight | "no-such-site" | "no-such-owner">> {
  const checked = checkCondition(condition);
  if (!checked.ok) return refuse({ code: "condition-not-right", problems: checked.error });
  if (siteIds && (await countSites(reader, siteIds)) < new Set(siteIds).size) return refuse("no-such-site");
  if (ownerId !== null && !(await findOperator(reader, ownerId))) return refuse("no-such-owner");
  return ok(null);
}

/** Two that take one name at once both saw it free; the index lets one of them have it, and this tells the other. */
export function refuseTakenName(thrown: unknown): Result<never, "name-taken"> {
  if (thrown instanceof StoreFailure && thrown.constraint === "exclusion_rules_name") return refuse("name-taken");
  throw thrown;
}
