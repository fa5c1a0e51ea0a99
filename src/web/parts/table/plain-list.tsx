import type { ReactNode } from "react";
import { type AnyInput, type ListId, type QueryValue, type RowOf, urlOfAny } from "../../api/call.ts";
import { useRows } from "../../api/rows.ts";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { Button } from "../button.tsx";
import { DataAsOf } from "../data-as-of.tsx";
import { Banner, Failure, Loading } from "../states.tsx";
import classes from "./plain-list.module.css";
import type { Column } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

interface PlainListProps<Id extends ListId> {
  list: Id;
  /** What it is, read aloud. */
  label: string;
  columns: readonly Column<RowOf<Id>>[];
  rowId: (row: RowOf<Id>) => string;
  params?: AnyInput["params"];
  query?: Readonly<Record<string, QueryValue>>;
  /** Controls before the count: a filter, a day. */
  tools?: ReactNode;
  empty: ReactNode;
}

/** A list within something else, such as a tab: its rows, page by page, how many, how old, and its export. */
export function PlainList<Id extends ListId>(props: PlainListProps<Id>): ReactNode {
  const { list, label, columns, rowId, params, query, tools, empty } = props;
  const rows = useRows(list, { params, query });
  const { about } = rows;
  return (
    <div className={classes["whole"]}>
      <div className={classes["tools"]}>
        {tools}
        <span className={classes["about"]} role="status">
          {about?.total !== null && about && t(texts.total, { total: about.total })}{" "}
          {about?.asOf
            ? t(texts.asItWas, { day: formatDay(about.asOf) })
            : about?.dataAsOf && <DataAsOf value={about.dataAsOf} />}
        </span>
        <a className={button["button"]} href={urlOfAny(list, { params, query: { ...query, format: "csv" } })} download>
          {t(texts.exportCsv)}
        </a>
      </div>
      {about?.notKnown && about.notKnown.length > 0 && (
        <Banner kind="warn">{t(texts.notKnown, { sites: about.notKnown.map(({ site }) => site).join(", ") })}</Banner>
      )}
      {rows.error && <Failure error={rows.error} onRetry={rows.retry} />}
      {rows.isPending && !rows.error && <Loading />}
      {about && rows.items.length === 0 && empty}
      {rows.items.length > 0 && (
        <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={label}>
          <table className={classes["table"]} aria-label={label}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.id} scope="col" data-number={column.isNumber} style={{ minWidth: column.width }}>
                    {t(column.label)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.items.map((row) => (
                <tr key={rowId(row)}>
                  {columns.map((column) => (
                    <td key={column.id} data-number={column.isNumber}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.isMore && (
        <Button isBusy={rows.isLoadingMore} onClick={rows.loadMore}>
          {t(texts.more)}
        </Button>
      )}
    </div>
  );
}
