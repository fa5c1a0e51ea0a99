import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useApi } from "../../../api/query.ts";
import { Badge, type BadgeKind } from "../../../parts/badge.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../../parts/table/table-types.ts";
import { Time } from "../../../parts/time.tsx";
import { formatNumber, formatPercent } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import type { Condition, Kind } from "./draft.ts";
import { texts } from "./texts.ts";

type Rule = RowOf<"reclamation-rules.list">;

const STATUS_WORDS: Readonly<Record<Rule["status"], Text>> = {
  draft: texts.draft,
  "report-only": texts.reportOnly,
  active: texts.active,
  paused: texts.paused,
};

const STATUS_KINDS: Readonly<Record<Rule["status"], BadgeKind>> = {
  draft: "neutral",
  "report-only": "info",
  active: "ok",
  paused: "warn",
};

const COLUMNS: readonly Column<Rule>[] = [
  {
    id: "rule",
    label: texts.rule,
    width: 240,
    sort: "name",
    cell: ({ id, name }) => (
      <Link to={"/reclaim/rules/$ruleId" as string} params={{ ruleId: id } as never}>
        {name}
      </Link>
    ),
  },
  { id: "status", label: texts.status, width: 120, cell: ({ status }) => <RuleStatus of={status} /> },
  { id: "when", label: texts.condition, width: 240, cell: ({ condition }) => <ConditionWords condition={condition} /> },
  {
    id: "open",
    label: texts.open,
    width: 100,
    isNumber: true,
    cell: ({ id, openCandidates }) => (
      <Link to="/reclaim" search={{ ruleId: id } as never}>
        {formatNumber(openCandidates)}
      </Link>
    ),
  },
  {
    id: "reclaimed",
    label: texts.reclaimed,
    width: 80,
    isNumber: true,
    cell: ({ id, reclaimed }) => (
      <Link to="/reclaim" search={{ ruleId: id, state: "reclaimed,restored" } as never}>
        {formatNumber(reclaimed)}
      </Link>
    ),
  },
  {
    id: "restored",
    label: texts.restored,
    width: 110,
    isNumber: true,
    cell: ({ restored, falsePositivePercent }) =>
      falsePositivePercent === null
        ? formatNumber(restored)
        : `${formatNumber(restored)} (${formatPercent(falsePositivePercent / 100)})`,
  },
  {
    id: "updated",
    label: texts.updated,
    width: 120,
    sort: "updatedAt",
    cell: ({ updatedAt }) => <Time value={updatedAt} />,
  },
];

const FILTERS: readonly Filter[] = [
  {
    id: "status",
    label: texts.status,
    kind: "choices",
    choices: (Object.keys(STATUS_WORDS) as Rule["status"][]).map((value) => ({ value, label: t(STATUS_WORDS[value]) })),
  },
];

const VIEWS: readonly BuiltInView[] = [{ id: "paused", label: texts.viewPaused, query: { status: "paused" } }];

/** When seats are taken back, by which rule, and what each has taken. */
export function Rules(): ReactNode {
  return (
    <DataTable
      list="reclamation-rules.list"
      label={t(texts.table)}
      columns={COLUMNS}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      filters={FILTERS}
      views={VIEWS}
      isSearchable
      empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
    />
  );
}

export function RuleStatus({ of }: { of: Rule["status"] }): ReactNode {
  return <Badge kind={STATUS_KINDS[of]}>{t(STATUS_WORDS[of])}</Badge>;
}

function ConditionWords({ condition }: { condition: Condition }): ReactNode {
  const kinds = useApi("reclamation-conditions.list").data?.items ?? [];
  return sayCondition(condition, kinds);
}

/** "Idle 60", "all of: Idle 60, Outsider acme.example". */
function sayCondition(condition: Condition, kinds: readonly Kind[]): string {
  const list = (parts: unknown) => (parts as Condition[]).map((each) => sayCondition(each, kinds)).join(", ");
  if (condition["all"]) return t(texts.all, { parts: list(condition["all"]) });
  if (condition["any"]) return t(texts.any, { parts: list(condition["any"]) });
  if (condition["not"]) return t(texts.not, { part: sayCondition(condition["not"] as Condition, kinds) });
  const { is, ...parameters } = condition;
  const label = kinds.find(({ id }) => id === is)?.label ?? String(is);
  return [label, ...Object.values(parameters).map(String)].join(" ");
}
