import { type ReactNode, useRef } from "react";
import type { ListId } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import { Button } from "../button.tsx";
import { later } from "../later.tsx";
import { Failure, Loading } from "../states.tsx";
import { AsOfBanner } from "./as-of.tsx";
import type { BodyProps } from "./body-props.ts";
import type { ListState } from "./list-state.ts";
import { PlainRows } from "./plain-rows.tsx";
import { WINDOW_ROWS } from "./rows-data.ts";
import classes from "./table.module.css";
import type { DataTableProps } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";
import { Tools } from "./tools.tsx";
import { type TableState, useTable } from "./use-table.ts";
import { Views } from "./views.tsx";

export type { DataTableProps } from "./table-types.ts";

const GridRows = later(
  async () => (await import("./grid-rows.tsx")).GridRows as never,
  () => <Loading rows={10} />,
) as <Id extends ListId>(props: BodyProps<Id>) => ReactNode;

/**
 * The one table: rows of a list of the API, filtered, sorted and chosen by the address. Up to 200 rows it is a table of
 * the browser's own, beyond that a grid that draws and reads what is in sight.
 */
export function DataTable<Id extends ListId>(props: DataTableProps<Id>): ReactNode {
  const whole = useRef<HTMLDivElement>(null);
  const table = useTable(props, whole);
  const { state, rows, total, unfiltered, opened } = table;
  const first = rows.data;
  return (
    <div ref={whole} className={classes["whole"]}>
      {props.views && !props.isEmbedded && (
        <Views views={props.views} filters={props.filters ?? []} columns={table.columns.chosen} />
      )}
      <Tools props={props} table={table} />
      {state.asOf !== null && (
        <AsOfBanner state={state} answer={first} limits={table.limits ?? {}} columns={props.columns} />
      )}
      {rows.isError && <Failure error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.isPending && <Loading rows={10} />}
      {first && total === 0 && (state.isFiltered ? <NoMatch state={state} unfiltered={unfiltered} /> : props.empty)}
      {first && total > 0 && (
        <div className={classes["body"]} data-busy={rows.isFetching}>
          {total <= WINDOW_ROWS ? (
            <PlainRows {...table.body} first={first} />
          ) : (
            <GridRows {...table.body} first={first} />
          )}
        </div>
      )}
      {props.selectionActions && <BulkBar props={props} table={table} />}
      {opened && props.slideOut?.(opened)}
    </div>
  );
}

function NoMatch({ state, unfiltered }: { state: ListState; unfiltered: number | null }): ReactNode {
  return (
    <div className={classes["noMatch"]}>
      <p>
        {t(texts.noMatch)} {unfiltered !== null && t(texts.noMatchTotal, { total: unfiltered })}
      </p>
      <Button onClick={state.clearFilters}>{t(texts.clearAll)}</Button>
    </div>
  );
}

/** What can be done with the rows that are selected. */
function BulkBar<Id extends ListId>({
  props,
  table: { selected, total },
}: {
  props: DataTableProps<Id>;
  table: TableState<Id>;
}): ReactNode {
  const { selection, areAllSelected, toggleAll } = selected;
  if (selection.count === 0) return null;
  return (
    <div className={classes["bulk"]} role="region" aria-label={t(texts.selection)} data-selection-actions="">
      <span role="status">
        {selection.all && total > WINDOW_ROWS
          ? t(texts.allSelected, { count: selection.count })
          : t(texts.selected, { count: selection.count })}
      </span>
      {props.selectionActions?.(selection.rows, selection)}
      {props.isSelectingAll && areAllSelected === null && (
        <Button kind="quiet" onClick={toggleAll}>
          {t(texts.selectAllMatching, { total })}
        </Button>
      )}
      <Button kind="quiet" onClick={selection.clear}>
        {t(texts.clearSelection)}
      </Button>
    </div>
  );
}
