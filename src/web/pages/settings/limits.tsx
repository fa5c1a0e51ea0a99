import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RowOf } from "../../api/call.ts";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Row = RowOf<"reclamation-rules.list">;

const number = (
  id: string,
  label: Column<Row>["label"],
  width: number,
  value: (limits: Row["settings"]["limits"]) => string,
): Column<Row> => ({
  id,
  label,
  width,
  isNumber: true,
  cell: ({ settings }) => value(settings.limits),
});

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "name",
    label: texts.rule,
    width: 182,
    sort: "name",
    cell: ({ id, name }) => (
      <Link to={"/reclaim" as string} search={{ tab: "rules", open: id } as never}>
        {name}
      </Link>
    ),
  },
  number("perRun", texts.perRun, 64, ({ perRun }) => formatNumber(perRun)),
  number("perRunPercent", texts.perRunPercent, 122, ({ perRunPercent }) =>
    t(texts.percent, { percent: perRunPercent }),
  ),
  number("perDay", texts.perDay, 66, ({ perDay }) => formatNumber(perDay)),
  number("dataHoursMax", texts.dataAge, 130, ({ dataHoursMax }) => t(texts.hours, { hours: dataHoursMax })),
  number("secondPersonAbove", texts.secondPerson, 146, ({ secondPersonAbove }) => formatNumber(secondPersonAbove)),
  number("canary", texts.canary, 84, ({ canary }) => formatNumber(canary)),
];

/** What holds each reclamation rule back, side by side. */
export function Limits(): ReactNode {
  return (
    <>
      <p className={classes["text"]}>{t(texts.limitsAbout)}</p>
      <DataTable
        list="reclamation-rules.list"
        label={t(texts.rule)}
        columns={COLUMNS}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        empty={<Empty title={t(texts.noRules)}>{t(texts.noRulesAbout)}</Empty>}
      />
    </>
  );
}
