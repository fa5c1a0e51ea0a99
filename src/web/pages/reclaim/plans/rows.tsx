import { type ReactNode, useState } from "react";
import type { RowOf } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Badge, type BadgeKind } from "../../../parts/badge.tsx";
import { Button } from "../../../parts/button.tsx";
import { Empty } from "../../../parts/states.tsx";
import { DataTable } from "../../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../../parts/table/table-types.ts";
import { formatMoney, NONE } from "../../../text/format.ts";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import { ReasonDialog } from "../reason-dialog.tsx";
import { CHANGED_BY_PLANS } from "./apply.tsx";
import type { PlanDetail } from "./page.tsx";
import { useShowPlan } from "./progress.tsx";
import { planTexts as texts, progressTexts } from "./texts.ts";

type Row = RowOf<"plan-rows.list">;

const STATE_WORDS: Readonly<Record<Row["state"], Text>> = {
  planned: texts.planned,
  "left-out": texts.leftOut,
  executing: texts.executing,
  done: texts.done,
  failed: texts.failed,
  unverified: texts.unverified,
  restored: texts.restored,
};

const STATE_KINDS: Readonly<Record<Row["state"], BadgeKind>> = {
  planned: "neutral",
  "left-out": "warn",
  executing: "info",
  done: "ok",
  failed: "danger",
  unverified: "warn",
  restored: "neutral",
};

function columnsOf(kind: PlanDetail["kind"]): readonly Column<Row>[] {
  const change = kind === "restore" ? texts.to : texts.from;
  return [
    { id: "person", label: texts.person, width: 160, cell: ({ name, accountSourceId }) => name ?? accountSourceId },
    {
      id: "state",
      label: texts.state,
      width: 110,
      cell: ({ state }) => <Badge kind={STATE_KINDS[state]}>{t(STATE_WORDS[state])}</Badge>,
    },
    {
      id: "change",
      label: texts.change,
      width: 220,
      cell: ({ memberships, instruction }) =>
        memberships.map(({ name }) => t(change, { group: name })).join(", ") || instruction?.text || NONE,
    },
    { id: "loses", label: texts.loses, width: 200, cell: sayLosses },
    { id: "outcome", label: texts.outcome, width: 200, cell: sayOutcome },
    {
      id: "saves",
      label: texts.saves,
      width: 95,
      isNumber: true,
      cell: ({ savesMinor, currency }) =>
        savesMinor === null || currency === null ? NONE : formatMoney(savesMinor, currency),
    },
    { id: "site", label: texts.site, width: 120, isHiddenFirst: true, cell: ({ site }) => site },
  ];
}

function sayLosses({ loses }: Row): string {
  return [
    loses.spaces === null ? t(texts.unknownSpaces) : t(texts.spaces, { count: loses.spaces }),
    ...(loses.lastAdminOf.length > 0 ? [t(texts.lastAdmin, { spaces: loses.lastAdminOf.join(", ") })] : []),
    ...(loses.keepsAccessThrough.length > 0 ? [t(texts.keeps, { groups: loses.keepsAccessThrough.join(", ") })] : []),
  ].join("; ");
}

function sayOutcome({ outcome, instruction }: Row): string {
  const cannot = instruction?.cannotRestore.map(({ name, why }) => `${name}: ${why}`) ?? [];
  const said = outcome ? [outcome.message, ...(outcome.fix ? [outcome.fix] : [])] : [];
  return [...said, ...cannot].join(" ") || NONE;
}

const FILTERS: readonly Filter[] = [
  {
    id: "state",
    label: texts.state,
    kind: "choices",
    choices: (Object.keys(STATE_WORDS) as Row["state"][]).map((value) => ({ value, label: t(STATE_WORDS[value]) })),
  },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "held", label: texts.viewHeld, query: { state: "left-out" } },
  { id: "failed", label: texts.viewFailed, query: { state: "failed,unverified" } },
  { id: "done", label: texts.viewDone, query: { state: "done" } },
];

const RECLAIM_COLUMNS = columnsOf("reclaim");
const RESTORE_COLUMNS = columnsOf("restore");

/** The seats of a plan, each with its exact change, what else goes, and why it is left out. */
export function PlanRows({ plan, mayWrite }: { plan: PlanDetail; mayWrite: boolean }): ReactNode {
  const isUndoable = mayWrite && plan.kind === "reclaim" && (plan.progress.done ?? 0) > 0;
  return (
    <DataTable
      list="plan-rows.list"
      label={t(texts.rowsTable)}
      params={{ planId: plan.id }}
      columns={plan.kind === "restore" ? RESTORE_COLUMNS : RECLAIM_COLUMNS}
      rowId={({ position }) => String(position)}
      rowName={({ name, accountSourceId }) => name ?? accountSourceId}
      filters={FILTERS}
      views={VIEWS}
      {...(isUndoable ? { selectionActions: (selected: readonly Row[]) => <UndoSelected selected={selected} /> } : {})}
      empty={<Empty title={t(texts.noRows)} />}
    />
  );
}

function UndoSelected({ selected }: { selected: readonly Row[] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const create = useChange("plans.create", CHANGED_BY_PLANS);
  const showPlan = useShowPlan();
  const taken = selected.filter(({ state }) => state === "done");
  if (taken.length === 0) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t(progressTexts.undoSome)}</Button>
      {isOpen && (
        <ReasonDialog
          title={t(progressTexts.undoTitle, { count: taken.length })}
          act={t(progressTexts.undoAct)}
          onClose={() => setOpen(false)}
          onReason={async (reason) => {
            const seats = taken.map(({ siteId, accountId }) => ({ siteId, accountId }));
            await showPlan(await create.mutateAsync({ body: { kind: "restore", seats, reason } }));
          }}
        >
          <p>{t(progressTexts.undoEffect)}</p>
        </ReasonDialog>
      )}
    </>
  );
}
