import { type ReactNode, useState } from "react";
import { t } from "../../text/t.ts";
import { Button } from "../button.tsx";
import classes from "./chart.module.css";
import { chartTexts as texts } from "./texts.ts";

export interface ChartTable {
  columns: readonly string[];
  /** The first cell of a row names it. */
  rows: readonly (readonly ReactNode[])[];
}

/** A chart with what everybody needs of one: a sentence as title, a summary in words, and its numbers as a table. */
export function Chart({
  title,
  summary,
  table,
  children,
}: {
  title: string;
  summary: string;
  table: ChartTable;
  children: ReactNode;
}): ReactNode {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={classes["chart"]}>
      <figcaption className={classes["head"]}>
        <h2>{title}</h2>
        <Button kind="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? texts.showChart : texts.showTable)}
        </Button>
      </figcaption>
      {isTable ? <Numbers table={table} label={title} /> : children}
      <p className={classes["summary"]}>{summary}</p>
    </figure>
  );
}

function Numbers({ table: { columns, rows }, label }: { table: ChartTable; label: string }): ReactNode {
  return (
    <div className={classes["numbers"]} role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values], row) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows of one answer never change places
            <tr key={row}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={columns[index + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
