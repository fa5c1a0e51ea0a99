import type { WireOf } from "../../api/contract.ts";
import type { getReclamationRule, listConditions, listReclamationRules } from "../../api/reclamation-rules.ts";
import type { RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";

export type Rule = WireOf<typeof getReclamationRule>;

export const RULES: readonly Column<RowOf<typeof listReclamationRules>>[] = [
  idColumn((rule) => rule.id),
  textColumn("Name", (rule) => rule.name),
  stateColumn("Status", (rule) => rule.status),
  textColumn("Condition", (rule) => sayCondition(rule.condition)),
  numberColumn("Candidates", (rule) => rule.openCandidates),
  numberColumn("Taken", (rule) => rule.reclaimed),
  textColumn("Given back", (rule) => givenBack(rule)),
  textColumn("Paused", (rule) => rule.paused?.reason),
];

export const RULE_FIELDS: readonly Column<Rule>[] = [
  idColumn((rule) => rule.id, "Rule"),
  textColumn("Name", (rule) => rule.name),
  stateColumn("Status", (rule) => rule.status),
  textColumn("Paused", ({ paused }) => paused && `${paused.by}: ${paused.reason}`),
  textColumn("Sites", (rule) => rule.siteIds ?? "all"),
  textColumn("Condition", (rule) => sayCondition(rule.condition)),
  textColumn("Evidence", ({ settings }) => settings.evidence),
  textColumn("Grace", ({ settings }) => `${settings.graceDays} days`),
  textColumn("Asked", ({ settings: { checkIn } }) =>
    checkIn.asked === "holder" ? `the holder, ${checkIn.answerDays} days` : `nobody: ${checkIn.silentReason}`,
  ),
  textColumn("No answer", ({ settings }) => settings.noAnswer),
  textColumn("Decides", ({ settings: { decision } }) => [decision.by, ...(decision.email ? [decision.email] : [])]),
  textColumn(
    "Limits",
    ({ settings: { limits } }) =>
      `${limits.perRun} or ${limits.perRunPercent}% a run, ${limits.perDay} a day, data up to ${limits.dataHoursMax} hours old`,
  ),
  textColumn("Timing", ({ settings }) => settings.timing),
  textColumn("Restore", ({ settings }) => `${settings.restoreDays} days`),
  textColumn("Cool-down", ({ settings }) => `${settings.coolDownDays} days`),
  numberColumn("Candidates", (rule) => rule.openCandidates),
  numberColumn("Taken", (rule) => rule.reclaimed),
  textColumn("Given back", (rule) => givenBack(rule)),
  numberColumn("Revision", (rule) => rule.revision),
  instantColumn("Changed", (rule) => rule.updatedAt),
];

export const CONDITION_ROWS: readonly Column<WireOf<typeof listConditions>["items"][number]>[] = [
  textColumn("Condition", (kind) => kind.id),
  textColumn("Parameters", (kind) =>
    kind.parameters.map(({ name, default: value, isRequired }) =>
      value === null ? `${name}${isRequired ? "" : " (optional)"}` : `${name}=${[value].flat().join("|")}`,
    ),
  ),
  textColumn("Holds", (kind) => kind.description),
];

function givenBack({ restored, falsePositivePercent }: Pick<Rule, "restored" | "falsePositivePercent">): string | null {
  return falsePositivePercent === null ? null : `${restored} (${falsePositivePercent}%)`;
}

/** A condition on one line: `idle days=60 and not person-left`. */
function sayCondition(condition: Record<string, unknown>, isPart = false): string {
  for (const [word, between] of [
    ["all", " and "],
    ["any", " or "],
  ] as const) {
    const parts = condition[word];
    if (!Array.isArray(parts)) continue;
    const said = parts.map((part: Record<string, unknown>) => sayCondition(part, true)).join(between);
    return isPart && parts.length > 1 ? `(${said})` : said;
  }
  const { is, not, ...values } = condition;
  if (not !== undefined) return `not ${sayCondition(not as Record<string, unknown>, true)}`;
  if (is === "expression") return String(values["cel"]);
  return [is, ...Object.entries(values).map(([name, value]) => `${name}=${[value].flat().join(",")}`)].join(" ");
}
