import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Status, statusLabel } from "../../parts/badge.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { formatMoney, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Row = RowOf<"seats.list">;

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "holder",
    label: texts.holder,
    width: 170,
    sort: "name",
    cell: ({ name, personId }) => (
      <Link to={"/people" as string} search={{ open: personId, q: name } as never}>
        {name}
      </Link>
    ),
  },
  { id: "site", label: texts.site, width: 140, cell: ({ site }) => site },
  { id: "status", label: texts.status, width: 135, cell: ({ status }) => (status ? <Status of={status} /> : NONE) },
  { id: "because", label: texts.because, width: 300, cell: ({ because }) => because ?? NONE },
  {
    id: "last",
    label: texts.lastActivity,
    width: 125,
    sort: "lastActivityAt",
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
  { id: "since", label: texts.since, width: 120, sort: "since", cell: ({ since }) => <Time value={since} as="day" /> },
  {
    id: "cost",
    label: texts.cost,
    width: 100,
    isNumber: true,
    cell: ({ costPerMonthMinor, currency }) =>
      costPerMonthMinor === null || currency === null ? NONE : formatMoney(costPerMonthMinor, currency),
  },
  {
    id: "ended",
    label: texts.ended,
    width: 120,
    sort: "endedAt",
    isHiddenFirst: true,
    cell: ({ endedAt }) => <Time value={endedAt} as="day" />,
  },
];

const STATUSES = ["active", "idle", "never-used", "no-evidence"] as const;

/** The rows behind every number of seats. */
export function Page(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const names = new Map(sites.data?.items.map(({ id, name }) => [id, name]));
  const filters: readonly Filter[] = [
    {
      id: "status",
      label: texts.status,
      kind: "choices",
      choices: STATUSES.map((value) => ({ value, label: statusLabel(value) })),
    },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: [...names].map(([value, label]) => ({ value, label })),
    },
    {
      id: "state",
      label: texts.state,
      kind: "choice",
      choices: [
        { value: "current", label: t(texts.current) },
        { value: "ended", label: t(texts.endedSeats) },
        { value: "all", label: t(texts.all) },
      ],
    },
    { id: "excluded", label: texts.excluded, kind: "flag" },
  ];
  return (
    <Frame title={texts.title}>
      <DataTable
        list="seats.list"
        label={t(texts.table)}
        columns={COLUMNS}
        rowId={({ seatId }) => seatId}
        rowName={({ name }) => name}
        filters={filters}
        isSearchable
        empty={<Empty title={t(texts.emptyTitle)}>{t(texts.empty)}</Empty>}
      />
    </Frame>
  );
}
