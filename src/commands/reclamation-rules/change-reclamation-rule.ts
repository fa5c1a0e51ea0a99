import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ReclamationRule, ReclamationSettings } from "../../model/reclamation.ts";
import { problemsOfActivation, problemsOfRule } from "../../rules/reclamation/check-rule.ts";
import { mergeSettings, type SettingsChange } from "../../rules/reclamation/merge-settings.ts";
import { lockReclamationRule, saveReclamationRule } from "../../store/reclamation/rules.ts";
import type { Context } from "../context.ts";
import { problemsOfSites, type RuleNotRight } from "./create-reclamation-rule.ts";
import { recordRule } from "./record-rule.ts";
import { refuseTakenName } from "./taken-name.ts";

/** What is left out stays as it is, also within the settings. */
export interface ReclamationRuleChange {
  name?: string;
  siteIds?: string[] | null;
  condition?: ReclamationRule["condition"];
  settings?: SettingsChange;
}

export type ChangeRuleRefusal = RuleNotRight | { code: "no-such-rule" | "stale-revision" | "name-taken" };

/** Changes a rule as it stands. One that acts goes on acting, by its new terms, from the next time on. */
export function changeReclamationRule(
  { db, clock, actor }: Context,
  ruleId: string,
  revision: number | null,
  change: ReclamationRuleChange,
): Promise<Result<ReclamationRule, ChangeRuleRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<ReclamationRule, ChangeRuleRefusal>> => {
    const rule = await lockReclamationRule(tx, ruleId);
    if (!rule) return refuse({ code: "no-such-rule" });
    if (revision !== null && revision !== rule.revision) return refuse({ code: "stale-revision" });

    const settings: ReclamationSettings = mergeSettings(rule.settings, change.settings ?? {});
    const next: ReclamationRule = {
      ...rule,
      name: change.name ?? rule.name,
      siteIds: change.siteIds === undefined ? rule.siteIds : change.siteIds,
      condition: change.condition ?? rule.condition,
      settings,
    };
    const problems = [
      ...problemsOfRule(next),
      ...(next.status === "active" ? problemsOfActivation(next) : []),
      ...(change.siteIds === undefined ? [] : await problemsOfSites(tx, next.siteIds)),
    ];
    if (problems.length > 0) return refuse({ code: "rule-not-right", problems });

    const saved = await saveReclamationRule(tx, next, clock.now());
    recordRule(tx, actor, "reclamation-rule.changed", saved, { fields: Object.keys(change).sort() });
    return ok(saved);
  });
  return work.catch(refuseTakenName);
}
