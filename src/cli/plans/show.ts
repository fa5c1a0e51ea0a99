import type { WireOf } from "../../api/contract.ts";
import type { getPlan, listPlanRows, listPlans } from "../../api/plans.ts";
import type { Cli } from "../cli.ts";
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
import { counted, formatMoney, formatNumber } from "../output/format.ts";
import { printRecord } from "../output/print.ts";

type ListedPlan = RowOf<typeof listPlans>;
export type PlanDetail = WireOf<typeof getPlan>;
type PlanRow = RowOf<typeof listPlanRows>;

export const PLANS: readonly Column<ListedPlan>[] = [
  idColumn((plan) => plan.id, "Plan"),
  stateColumn("State", (plan) => (plan.paused ? "paused" : plan.state)),
  textColumn("Kind", (plan) => plan.kind),
  numberColumn("Seats", (plan) => plan.counts.seats),
  textColumn("Saves", (plan) => plan.money.map((each) => `${formatMoney(each.monthMinor, each.currency)}/month`)),
  textColumn("Reason", (plan) => plan.reason),
  instantColumn("Made", (plan) => plan.createdAt),
  instantColumn("Applied", (plan) => plan.appliedAt),
  textColumn("Second person", (plan) => (plan.approvalsNeeded > 0 ? "needed" : null)),
];

export const PLAN_ROWS: readonly Column<PlanRow>[] = [
  numberColumn("#", (row) => row.position + 1),
  textColumn("Site", (row) => row.site),
  textColumn("Person", (row) => row.name ?? row.accountSourceId),
  stateColumn("State", (row) => row.state),
  textColumn("Groups", (row) => row.memberships.map((each) => each.name)),
  textColumn("How", (row) => row.executor),
  numberColumn("Spaces lost", (row) => row.loses.spaces),
  textColumn("Only admin of", (row) => row.loses.lastAdminOf),
  moneyColumn("Saves/month", ({ savesMinor, currency }) =>
    savesMinor === null || currency === null ? null : { minor: savesMinor, currency },
  ),
  textColumn("Because", (row) => row.outcome?.message ?? row.instruction?.text),
];

const FIELDS: readonly Column<PlanDetail>[] = [
  idColumn((plan) => plan.id, "Plan"),
  textColumn("Kind", (plan) => plan.kind),
  stateColumn("State", (plan) => plan.state),
  textColumn("Paused", (plan) => plan.paused?.message),
  textColumn("Reason", (plan) => plan.reason),
  idColumn((plan) => plan.ruleId, "Rule"),
  idColumn((plan) => plan.undoesPlanId, "Gives back"),
  numberColumn("Seats", (plan) => plan.counts.seats),
  numberColumn("Left out", (plan) => plan.progress["left-out"]),
  numberColumn("Changed elsewhere", (plan) => plan.counts.elsewhere),
  numberColumn("Memberships", (plan) => plan.counts.memberships),
  numberColumn("Only admins of a space", (plan) => plan.counts.lastAdmins),
  textColumn("So far", (plan) => progressText(plan)),
  textColumn("Approved by", (plan) =>
    plan.approvals.length === 0 && plan.approvalsNeeded > 0
      ? `nobody yet; ${plan.approvalsNeeded} needed`
      : plan.approvals.map((each) => each.name),
  ),
  textColumn("Tried first", (plan) => (plan.canarySize > 0 ? counted(plan.canarySize, "seat") : null)),
  textColumn("Made by", (plan) => plan.createdByName ?? plan.createdBy),
  instantColumn("Made", (plan) => plan.createdAt),
  instantColumn("Good until", (plan) => (plan.state === "ready" ? plan.expiresAt : null)),
  instantColumn("Applied", (plan) => plan.appliedAt),
  instantColumn("Finished", (plan) => plan.finishedAt),
  textColumn("Hash", (plan) => plan.hash),
];

function progressText({ state, progress }: PlanDetail): string | null {
  if (state === "ready") return null;
  const parts = Object.entries(progress).filter(([, count]) => count > 0);
  return parts.map(([what, count]) => `${formatNumber(count)} ${what}`).join(", ");
}

export function printPlan(cli: Cli, plan: PlanDetail): void {
  printRecord(cli, FIELDS, plan);
  cli.stderr.write(`${planLine(plan)}\n`);
}

/** `Plan plan_7: − 412 seats, ~ 0, + 0. $2,125.92/month from 2027-03-01.` */
export function planLine(plan: PlanDetail): string {
  const { seats, leftOut } = plan.counts;
  const [taken, given] = plan.kind === "reclaim" ? [seats, 0] : [0, seats];
  const money = plan.money.map(({ monthMinor, currency, from, saving }) => {
    const when = from === null ? whenUnknown(saving) : `from ${from.slice(0, 10)}`;
    return `${formatMoney(monthMinor, currency)}/month ${when}.`;
  });
  const left = leftOut > 0 ? [`${formatNumber(leftOut)} left out.`] : [];
  const second = needsSecondPerson(plan) ? ["A second person approves it first."] : [];
  const sizes = `Plan ${plan.id}: − ${formatNumber(taken)} seats, ~ 0, + ${formatNumber(given)}.`;
  return [sizes, ...money, ...left, ...second].join(" ");
}

/** Whether nobody, or too few, approved it yet; the server looks at who they are when it is applied. */
export function needsSecondPerson({ state, approvals, approvalsNeeded }: PlanDetail): boolean {
  return state === "ready" && approvals.length < approvalsNeeded;
}

function whenUnknown(saving: "next-bill" | "renewal" | "lower-tier"): string {
  if (saving === "renewal") return "from the renewal on";
  return saving === "lower-tier" ? "once a lower tier is reached" : "from the next bill on";
}
