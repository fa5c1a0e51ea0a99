import { toDay } from "../../lib/day.ts";
import type { ConditionTerms } from "../../model/conditions.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { savedExpression } from "../../rules/conditions/compile.ts";
import { ranksSeats } from "../../rules/conditions/read-expression.ts";
import { ruleTerms } from "../../rules/reclamation/rule-terms.ts";
import type { Reader } from "../../store/database.ts";
import { listLicensesInForce } from "../../store/licenses/licenses.ts";
import { countSeatsBySite } from "../../store/licenses/seat-counts.ts";

/** With what a rule judges at `at`, with the capacities of its sites where its condition ranks seats. */
export async function findRuleTerms(
  reader: Reader,
  rule: Pick<ReclamationRule, "siteIds" | "condition" | "settings">,
  at: Date,
): Promise<ConditionTerms> {
  const needsCapacity = ranksSeats(savedExpression(rule.condition));
  return ruleTerms(rule.settings, at, needsCapacity ? await findCapacities(reader, rule.siteIds, at) : {});
}

/**
 * Seats that each site may use by its license. Of a license for several sites each gets the part that it uses, so that
 * all of them use the same share of what was bought. A license without a quantity tells none.
 */
async function findCapacities(
  reader: Reader,
  siteIds: readonly string[] | null,
  at: Date,
): Promise<Record<string, number>> {
  const licenses = await listLicensesInForce(reader, toDay(at), siteIds);
  const seats = await countSeatsBySite(
    reader,
    licenses.flatMap((license) => license.siteIds),
  );
  const capacities: Record<string, number> = {};
  for (const { siteIds: covered, quantity } of licenses) {
    const used = covered.reduce((sum, siteId) => sum + (seats.get(siteId) ?? 0), 0);
    if (quantity === null || used === 0) continue;
    for (const siteId of covered) capacities[siteId] = (quantity * (seats.get(siteId) ?? 0)) / used;
  }
  return capacities;
}
