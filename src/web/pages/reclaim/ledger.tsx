import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { formatDay, formatMoney } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Saving = RowOf<"licenses.savings">;

const COLUMNS: readonly Column<Saving>[] = [
  { id: "from", label: texts.eventOn, width: 130, sort: "eventOn", cell: ({ eventOn }) => formatDay(eventOn) },
  {
    id: "saved",
    label: texts.saved,
    width: 160,
    isNumber: true,
    cell: ({ savedMinor, currency, period }) =>
      t(period === "year" ? texts.perYear : texts.perMonth, { amount: formatMoney(savedMinor, currency) }),
  },
  { id: "license", label: texts.license, width: 200, cell: ({ license }) => license },
  {
    id: "proven",
    label: texts.provenBy,
    width: 230,
    cell: ({ eventOn }) => (
      <Link to={"/licenses" as string} search={{ tab: "position", asof: eventOn } as never}>
        {t(texts.position, { day: formatDay(eventOn) })}
      </Link>
    ),
  },
  {
    id: "candidate",
    label: texts.seat,
    width: 130,
    cell: ({ candidateId }) => (
      <Link to="/reclaim" search={{ open: candidateId } as never}>
        {t(texts.candidate)}
      </Link>
    ),
  },
  { id: "counted", label: texts.countedAt, width: 130, cell: ({ countedAt }) => <Time value={countedAt} /> },
];

/** What was really saved: each seat once, at the bill that was lower by it. */
export function Ledger(): ReactNode {
  return (
    <DataTable
      list="licenses.savings"
      label={t(texts.ledgerTable)}
      columns={COLUMNS}
      rowId={({ candidateId, eventOn }) => `${candidateId} ${eventOn}`}
      rowName={({ license, eventOn }) => `${license} ${eventOn}`}
      empty={<Empty title={t(texts.ledgerEmpty)}>{t(texts.ledgerEmptyWhat)}</Empty>}
    />
  );
}
