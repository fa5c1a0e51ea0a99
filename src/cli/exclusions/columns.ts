import type { WireOf } from "../../api/contract.ts";
import type { listExclusionHits, listExclusionRules, previewExclusionRule } from "../../api/exclusions.ts";
import type { RowOf } from "../list-command.ts";
import {
  type Column,
  idColumn,
  instantColumn,
  moneyColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";

export type Rule = RowOf<typeof listExclusionRules>;
export type Preview = WireOf<typeof previewExclusionRule>;

export const RULES: readonly Column<Rule>[] = [
  textColumn("Exclusion", (rule) => rule.name),
  stateColumn("State", (rule) => rule.state),
  textColumn("Effects", (rule) => rule.effects),
  numberColumn("Accounts", (rule) => rule.hits),
  numberColumn("Seats", (rule) => rule.seats),
  instantColumn("Expires", (rule) => rule.expiresAt),
  textColumn("Owner", (rule) => rule.owner ?? (rule.builtIn ? "Usher" : null)),
  textColumn("Reason", (rule) => rule.reason),
  idColumn((rule) => rule.id),
];

export const RULE: readonly Column<Rule>[] = [
  ...RULES,
  textColumn("Catches", (rule) => (rule.condition ? JSON.stringify(rule.condition) : "what Usher finds")),
  textColumn("Sites", (rule) => rule.siteIds ?? "every site"),
  textColumn("Off because", (rule) => rule.offReason),
  instantColumn("Owner told", (rule) => rule.warnedAt),
  instantColumn("Changed", (rule) => rule.updatedAt),
  instantColumn("Ended", (rule) => rule.endedAt),
  numberColumn("Revision", (rule) => rule.revision),
];

export const HITS: readonly Column<RowOf<typeof listExclusionHits>>[] = [
  textColumn("Site", (hit) => hit.site),
  textColumn("Account", (hit) => hit.name),
  textColumn("E-mail", (hit) => hit.email),
  textColumn("Edition", (hit) => hit.edition),
  stateColumn("Seat", (hit) => hit.status),
  instantColumn("Since", (hit) => hit.since),
  idColumn((hit) => hit.accountId),
];

export const PREVIEWED: readonly Column<Preview["rows"][number]>[] = [
  textColumn("Site", (row) => row.site),
  textColumn("Account", (row) => row.name),
  textColumn("E-mail", (row) => row.email),
  stateColumn("Seat", (row) => row.status),
  moneyColumn("Cost/month", ({ costPerMonthMinor, currency }) =>
    costPerMonthMinor === null || currency === null ? null : { minor: costPerMonthMinor, currency },
  ),
  textColumn("Because", (row) => row.because),
  textColumn("Excluded by", (row) => row.exclusions.map(({ name }) => name)),
  textColumn("Candidate", (row) => row.openCandidateId),
  idColumn((row) => row.accountId),
];
