import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ConditionProblem } from "../../model/conditions.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { problemsOfRule } from "../../rules/reclamation/check-rule.ts";
import { lockReclamationRule, insertReclamationRule } from "../../store/reclamation/rules.ts";
import { listSiteIds } from "../../store/reclamation/sites.ts";
import type { Tx } from "../../store/database.ts";
import type { Context } from "../context.ts";
import { recordRule } from "./record-rule.ts";
import { refuseTakenName } from "./taken-name.ts";

/** A rule with what is wrong with it, nothing of which was saved. */
export interface RuleNotRight {
  code: "rule-not-right";
  problems: ConditionProblem[];
}

export type NewReclamationRule = Pick<ReclamationRule, "name" | "siteIds" | "condition" | "settings"> & {
  status: "draft" | "report-only";
};

/** Makes a rule that reports only, or a draft; to let it act takes a step of its own. */
export function createReclamationRule(
  { db, clock, actor }: Context,
  rule: NewReclamationRule,
): Promise<Result<ReclamationRule, RuleNotRight | { code: "name-taken" }>> {
  const work = db.transaction(async (tx): Promise<Result<ReclamationRule, RuleNotRight>> => {
    const problems = [...problemsOfRule(rule), ...(await problemsOfSites(tx, rule.siteIds))];
    if (problems.length > 0) return refuse({ code: "rule-not-right", problems });
    const id = await insertReclamationRule(
      tx,
      { ...rule, ownerId: actor.operatorId === "system" ? null : actor.operatorId, madeFor: null },
      clock.now(),
    );
    const saved = await lockReclamationRule(tx, id);
    if (!saved) throw new Error("A reclamation rule is gone that was made just now.");
    recordRule(tx, actor, "reclamation-rule.created", saved);
    return ok(saved);
  });
  return work.catch(refuseTakenName);
}

export async function problemsOfSites(tx: Tx, siteIds: readonly string[] | null): Promise<ConditionProblem[]> {
  if (siteIds === null) return [];
  const known = await listSiteIds(tx, siteIds);
  return siteIds.flatMap((siteId, index) =>
    known.includes(siteId)
      ? []
      : [{ path: `siteIds[${index}]`, message: "There is no such site. List sites to see which there are." }],
  );
}
