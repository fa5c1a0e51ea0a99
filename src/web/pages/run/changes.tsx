import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { listingLabel } from "./kinds.ts";
import { texts } from "./texts.ts";
import type { RunDetail } from "./use-followed-run.ts";

type Row = RowOf<"differences.list">;

const CHANGES = {
  appeared: texts.appeared,
  disappeared: texts.disappeared,
  changed: texts.changedWord,
};

const COLUMNS: readonly Column<Row>[] = [
  { id: "what", label: texts.what, width: 200, cell: (row) => <What row={row} /> },
  { id: "kind", label: texts.kind, width: 150, cell: ({ kind }) => listingLabel(kind) },
  { id: "change", label: texts.change, width: 110, cell: ({ change }) => t(CHANGES[change]) },
  { id: "where", label: texts.where, width: 170, cell: (row) => whereOf(row) },
  { id: "fields", label: texts.fields, width: 300, cell: (row) => fieldsOf(row) },
];

const KINDS = [
  "accounts",
  "groups",
  "memberships",
  "product-access",
  "spaces",
  "space-permissions",
  "role-assignments",
  "seats",
] as const;

/** What the run saw appear, disappear and change: how it was just before its one instant, and at it. */
export function Changes({ run }: { run: RunDetail }): ReactNode {
  if (run.observedAt === null) return <Empty title={t(texts.notBegun)} />;
  if (run.scope === "full" && run.earlier === null) return <Empty title={t(texts.firstReading)} />;
  const at = new Date(run.observedAt).getTime();
  const filters: readonly Filter[] = [
    {
      id: "kind",
      label: texts.kind,
      kind: "choices",
      choices: KINDS.map((value) => ({ value, label: listingLabel(value) })),
    },
  ];
  return (
    <DataTable
      list="differences.list"
      label={t(texts.changesTable)}
      name="run-changes"
      isEmbedded
      columns={COLUMNS}
      rowId={idOf}
      rowName={(row) => nameOf(row)}
      query={{ siteId: run.siteId, from: new Date(at - 1).toISOString(), to: new Date(at).toISOString() }}
      filters={filters}
      empty={<Empty title={t(texts.changesEmptyTitle)}>{t(texts.changesEmpty)}</Empty>}
    />
  );
}

function idOf({ kind, accountId, groupId, spaceId, principalId, at, change }: Row): string {
  return [kind, accountId, groupId, spaceId, principalId, change, at].join("/");
}

function nameOf({ account, principal, group, space }: Row): string {
  return account ?? principal ?? group ?? space ?? NONE;
}

function What({ row }: { row: Row }): ReactNode {
  const { account, group, groupId, space } = row;
  if (account === null && space === null && group !== null && groupId !== null) {
    return (
      <Link to={"/groups" as string} search={{ open: groupId } as never}>
        {group}
      </Link>
    );
  }
  return nameOf(row);
}

/** The group or space in which it changed, where that is not the thing itself. */
function whereOf(row: Row): string {
  const { account, principal, group, space } = row;
  const holder = account ?? principal;
  if (holder === null) return NONE;
  return (holder === group ? null : group) ?? space ?? NONE;
}

function fieldsOf({ change, changes }: Row): string {
  if (changes.length === 0) return NONE;
  const words = changes.map(({ field, before, after }) =>
    change === "changed"
      ? t(texts.fieldChange, { field, before: wordsOf(before), after: wordsOf(after) })
      : `${field}: ${wordsOf(change === "appeared" ? after : before)}`,
  );
  return words.join("; ");
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return NONE;
  return Array.isArray(value) ? value.join(", ") : String(value);
}
