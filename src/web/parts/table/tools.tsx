import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { type ListId, type RowOf, urlOfAny } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { DataAsOf } from "../data-as-of.tsx";
import { Icon } from "../icon.tsx";
import menu from "../menu.module.css";
import { Popup } from "../popup.tsx";
import { AsOfControl } from "./as-of.tsx";
import { ColumnsMenu } from "./columns-menu.tsx";
import { Filters } from "./filters.tsx";
import classes from "./table.module.css";
import type { Column, DataTableProps, ListQuery } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";
import type { TableState } from "./use-table.ts";

/** What stands above the rows: filters, how many and how fresh, the day, columns, export. */
export function Tools<Id extends ListId>({
  props,
  table,
}: {
  props: DataTableProps<Id>;
  table: TableState<Id>;
}): ReactNode {
  const { state, rows, unfiltered, columns, limits } = table;
  const { list, params } = props;
  return (
    <div className={classes["tools"]}>
      <Filters
        label={props.label}
        filters={props.filters ?? []}
        facets={props.facets}
        params={params}
        fixed={props.query}
        state={state}
        limits={limits}
        isSearchable={props.isSearchable ?? false}
      />
      <div className={classes["right"]}>
        <div className={classes["about"]} role="status">
          <Total total={rows.data?.total ?? null} unfiltered={state.isFiltered ? unfiltered : null} />
          {rows.data?.dataAsOf && <DataAsOf value={rows.data.dataAsOf} />}
        </div>
        {limits !== null && <AsOfControl state={state} limits={limits} />}
        <ColumnsMenu all={props.columns} choice={columns.choice} onChange={columns.change} />
        <Export list={list} params={params} query={state.query} columns={table.body.columns} />
      </div>
    </div>
  );
}

/** Every row that matches, not only those that were read: the columns as they are seen, or all that there is. */
function Export<Id extends ListId>({
  list,
  params,
  query,
  columns,
}: Pick<DataTableProps<Id>, "list" | "params"> & {
  query: ListQuery;
  columns: readonly Column<RowOf<Id>>[];
}): ReactNode {
  const fields = [...new Set(columns.flatMap((column) => column.fields ?? []))];
  const hrefOf = (more: ListQuery) => urlOfAny(list, { params, query: { ...query, format: "csv", ...more } });
  // The key for exporting finds the words, and presses what they stand on.
  const words = (
    <span className={classes["export"]} data-export>
      <Icon of={Download} />
      {t(texts.exportCsv)}
    </span>
  );
  if (fields.length === 0) {
    return (
      <a className={button["button"]} href={hrefOf({})} download>
        {words}
      </a>
    );
  }
  return (
    <Popup className={button["button"]} label={t(texts.exportCsv)} align="end" words={words}>
      <a className={menu["item"]} href={hrefOf({ fields })} download>
        {t(texts.exportSeen)}
      </a>
      <a className={menu["item"]} href={hrefOf({})} download>
        {t(texts.exportAll)}
      </a>
    </Popup>
  );
}

function Total({ total, unfiltered }: { total: number | null; unfiltered: number | null }): ReactNode {
  if (total === null) return null;
  if (unfiltered === null || unfiltered === total) return <span>{t(texts.total, { total })}</span>;
  return <span>{t(texts.totalOf, { total, all: unfiltered })}</span>;
}
