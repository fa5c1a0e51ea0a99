import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../../api/call.ts";
import { Badge, type BadgeKind } from "../../../parts/badge.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { formatMoney, formatNumber, NONE } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import { texts } from "./texts.ts";

export type Plan = RowOf<"plans.list">;

const STATE_WORDS: Readonly<Record<Plan["state"], Text>> = {
  ready: texts.ready,
  applying: texts.applying,
  applied: texts.applied,
  partial: texts.partial,
  expired: texts.expired,
  discarded: texts.discarded,
  undone: texts.undone,
};

const STATE_KINDS: Readonly<Record<Plan["state"], BadgeKind>> = {
  ready: "info",
  applying: "info",
  applied: "ok",
  partial: "warn",
  expired: "neutral",
  discarded: "neutral",
  undone: "neutral",
};

const COLUMNS: readonly Column<Plan>[] = [
  {
    id: "plan",
    label: texts.plan,
    width: 206,
    cell: ({ id }) => (
      <Link to={"/reclaim/plans/$planId" as string} params={{ planId: id } as never}>
        {id}
      </Link>
    ),
  },
  {
    id: "kind",
    label: texts.kind,
    width: 110,
    cell: ({ kind }) => t(kind === "restore" ? texts.restore : texts.reclaim),
  },
  { id: "state", label: texts.state, width: 120, cell: (plan) => <PlanState plan={plan} /> },
  { id: "seats", label: texts.seats, width: 80, isNumber: true, cell: ({ counts }) => formatNumber(counts.seats) },
  {
    id: "leftOut",
    label: texts.leftOut,
    width: 80,
    isNumber: true,
    cell: ({ counts }) => formatNumber(counts.leftOut),
  },
  { id: "saves", label: texts.saves, width: 100, isNumber: true, cell: ({ money }) => sayMoney(money) },
  { id: "why", label: texts.why, width: 200, cell: ({ reason }) => reason },
  { id: "made", label: texts.made, width: 120, sort: "createdAt", cell: ({ createdAt }) => <Time value={createdAt} /> },
  {
    id: "expires",
    label: texts.expires,
    width: 150,
    isHiddenFirst: true,
    cell: ({ expiresAt }) => <Time value={expiresAt} />,
  },
];

const FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: (Object.keys(STATE_WORDS) as Plan["state"][]).map((value) => ({ value, label: t(STATE_WORDS[value]) })),
  },
  {
    id: "kind",
    label: texts.kind,
    kind: "choice",
    choices: [
      { value: "reclaim", label: t(texts.reclaim) },
      { value: "restore", label: t(texts.restore) },
    ],
  },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "ready", label: texts.viewReady, query: { state: "ready" } },
  { id: "running", label: texts.viewRunning, query: { state: "applying" } },
];

/** Saved sets of changes, newest first. */
export function Plans(): ReactNode {
  return (
    <DataTable
      list="plans.list"
      label={t(texts.table)}
      columns={COLUMNS}
      rowId={({ id }) => id}
      rowName={({ id }) => id}
      filters={FILTERS}
      views={VIEWS}
      empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
    />
  );
}

export function PlanState({ plan }: { plan: Pick<Plan, "state" | "paused"> }): ReactNode {
  if (plan.state === "applying" && plan.paused) return <Badge kind="warn">{t(texts.paused)}</Badge>;
  return <Badge kind={STATE_KINDS[plan.state]}>{t(STATE_WORDS[plan.state])}</Badge>;
}

export function sayMoney(money: Plan["money"]): string {
  const sums = new Map<string, number>();
  for (const { currency, monthMinor } of money) sums.set(currency, (sums.get(currency) ?? 0) + monthMinor);
  return [...sums].map(([currency, monthMinor]) => formatMoney(monthMinor, currency)).join(" + ") || NONE;
}
