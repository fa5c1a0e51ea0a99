import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Status, statusLabel } from "../../parts/badge.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { BuiltInView, Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Row = RowOf<"people.list">;

const COLUMNS: readonly Column<Row>[] = [
  { id: "person", label: texts.person, width: 220, sort: "name", cell: ({ name }) => name },
  { id: "status", label: texts.status, width: 120, cell: ({ status }) => (status ? <Status of={status} /> : NONE) },
  {
    id: "last",
    label: texts.lastActivity,
    width: 160,
    sort: "lastActivityAt",
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
  {
    id: "groups",
    label: texts.groups,
    width: 80,
    sort: "groups",
    isNumber: true,
    cell: ({ groups }) => formatNumber(groups),
  },
];

const STATUSES = ["active", "idle", "never-used", "no-evidence"] as const;

const FILTERS: readonly Filter[] = [
  {
    id: "status",
    label: texts.status,
    kind: "choices",
    choices: STATUSES.map((value) => ({ value, label: statusLabel(value) })),
  },
  { id: "idleDays", label: texts.idleDays, kind: "number" },
];

const VIEWS: readonly BuiltInView[] = [
  { id: "idle-60", label: texts.idleOver60, query: { status: "idle", idleDays: "60" } },
  { id: "never-used", label: texts.neverUsed, query: { status: "never-used" } },
  { id: "no-evidence", label: texts.noEvidence, query: { status: "no-evidence" } },
];

export function Page(): ReactNode {
  return (
    <Frame title={texts.title}>
      <DataTable
        list="people.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ personId }) => personId}
        rowName={({ name }) => name}
        filters={FILTERS}
        views={VIEWS}
        isSearchable
        isOpening
        facets="people.facets"
        rowHref={({ personId }) => `/people/${personId}`}
        selectionActions={() => null}
        isSelectingAll
        hasAsOf={{ notSorts: ["lastActivityAt", "spaces", "groups", "cost"], notFilters: ["status", "idleDays"], notColumns: ["status"] }}
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}
