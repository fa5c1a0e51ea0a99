import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { type ListId, urlOf } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { DataAsOf } from "../data-as-of.tsx";
import { Icon } from "../icon.tsx";
import { AsOfControl } from "./as-of.tsx";
import { ColumnsMenu } from "./columns-menu.tsx";
import { Filters } from "./filters.tsx";
import classes from "./table.module.css";
import type { DataTableProps } from "./table-types.ts";
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
        <a
          className={button["button"]}
          href={urlOf(list, { params, query: { ...state.query, format: "csv" } as never })}
          download
          data-export
        >
          <Icon of={Download} />
          {t(texts.exportCsv)}
        </a>
      </div>
    </div>
  );
}

function Total({ total, unfiltered }: { total: number | null; unfiltered: number | null }): ReactNode {
  if (total === null) return null;
  if (unfiltered === null || unfiltered === total) return <span>{t(texts.total, { total })}</span>;
  return <span>{t(texts.totalOf, { total, all: unfiltered })}</span>;
}
