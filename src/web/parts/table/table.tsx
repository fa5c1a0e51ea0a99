import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { callApi, type CallInput, type ListId, type QueryValue, type RowOf, urlOf } from "../../api/call.ts";
import { keyOf } from "../../api/query.ts";
import { t } from "../../text/t.ts";
import button from "../button.module.css";
import { Button } from "../button.tsx";
import { DataAsOf } from "../data-as-of.tsx";
import { Icon } from "../icon.tsx";
import { Failure, Loading } from "../states.tsx";
import { Filters } from "./filters.tsx";
import { type ListState, useListState } from "./list-state.ts";
import classes from "./table.module.css";
import type { BuiltInView, Column, Filter } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";
import { Views } from "./views.tsx";

export interface DataTableProps<Id extends ListId> {
  /** The list of the API that it shows. */
  list: Id;
  /** What the table is, read aloud. */
  label: string;
  columns: readonly Column<RowOf<Id>>[];
  rowId: (row: RowOf<Id>) => string;
  /** What a row is called, read aloud. */
  rowName: (row: RowOf<Id>) => string;
  filters?: readonly Filter[];
  views?: readonly BuiltInView[];
  /** The list takes `q`. */
  isSearchable?: boolean;
  params?: CallInput<Id>["params"];
  /** What every reading asks for, whatever the address says. */
  query?: Readonly<Record<string, QueryValue>>;
  /** Set: a click or Enter opens a row in the page's slide-out, as `open=<id>` in the address. */
  isOpening?: boolean;
  /** Set: rows can be selected, and these are the acts for what is. */
  selectionActions?: (selected: readonly RowOf<Id>[]) => ReactNode;
  /** When there is not one row although nothing is filtered. */
  empty: ReactNode;
}

const PAGE_ROWS = 200;

/** The one table: rows of a list of the API, filtered, sorted and chosen by the address. */
export function DataTable<Id extends ListId>(props: DataTableProps<Id>): ReactNode {
  const { list, columns, filters = [], views = [], isSearchable = false, params, query, empty } = props;
  const state = useListState(filters);
  const [selected, setSelected] = useState<ReadonlyMap<string, RowOf<Id>>>(new Map());
  const asked = {
    ...query,
    ...state.filtered,
    ...(state.state["asof"] ? { asOf: state.state["asof"] } : {}),
    ...(isSearchable && state.q ? { q: state.q } : {}),
    ...(state.sort ? { sort: state.sort } : {}),
  };
  const input = { params, query: asked } as CallInput<Id>;
  const rows = useInfiniteQuery({
    queryKey: [...keyOf(list, input as never), "pages"],
    queryFn: ({ pageParam, signal }) =>
      callApi(list, {
        ...input,
        query: { ...asked, limit: PAGE_ROWS, total: pageParam === null, cursor: pageParam } as never,
        signal,
      }) as Promise<ListAnswer<RowOf<Id>>>,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  });

  const first = rows.data?.pages[0];
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(state.filtered).length > 0 || state.q !== "";

  return (
    <div className={classes["whole"]}>
      {views.length > 0 && <Views views={views} filters={filters} />}
      <div className={classes["tools"]}>
        <Filters filters={filters} state={state} isSearchable={isSearchable} />
        <div className={classes["about"]} role="status">
          {first?.total !== null && first !== undefined && t(texts.total, { total: first.total })}
          {first?.dataAsOf && <DataAsOf value={first.dataAsOf} />}
        </div>
        <a
          className={button["button"]}
          href={urlOf(list, { params, query: { ...asked, format: "csv" } as never })}
          download
        >
          {t(texts.exportCsv)}
        </a>
      </div>
      {props.selectionActions && selected.size > 0 && (
        <div className={classes["bulk"]} role="region" aria-label={t(texts.selected, { count: selected.size })}>
          <span>{t(texts.selected, { count: selected.size })}</span>
          {props.selectionActions([...selected.values()])}
          <Button kind="quiet" onClick={() => setSelected(new Map())}>
            {t(texts.clearSelection)}
          </Button>
        </div>
      )}
      {rows.isError && <Failure error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.isPending && <Loading rows={10} />}
      {first && items.length === 0 && (isFiltered ? <NoMatch state={state} /> : empty)}
      {items.length > 0 && (
        <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={props.label}>
          <table className={classes["table"]} aria-label={props.label} aria-busy={rows.isPlaceholderData}>
            <Head columns={columns} state={state} isSelectable={props.selectionActions !== undefined} />
            <tbody>
              {items.map((row) => (
                <TableRow
                  key={props.rowId(row)}
                  row={row}
                  props={props}
                  state={state}
                  isSelected={selected.has(props.rowId(row))}
                  onSelect={() => setSelected(toggled(selected, props.rowId(row), row))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.hasNextPage && (
        <Button isBusy={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
          {t(texts.more)}
        </Button>
      )}
    </div>
  );
}

interface ListAnswer<Row> {
  items: Row[];
  next: string | null;
  total: number | null;
  dataAsOf: string | null;
}

function toggled<Row>(before: ReadonlyMap<string, Row>, id: string, row: Row): ReadonlyMap<string, Row> {
  const after = new Map(before);
  if (!after.delete(id)) after.set(id, row);
  return after;
}

function NoMatch({ state }: { state: ListState }): ReactNode {
  return (
    <div className={classes["noMatch"]}>
      <p>{t(texts.noMatch)}</p>
      <Button onClick={state.clearFilters}>{t(texts.clearAll)}</Button>
    </div>
  );
}

function Head<Row>({
  columns,
  state,
  isSelectable,
}: {
  columns: readonly Column<Row>[];
  state: ListState;
  isSelectable: boolean;
}): ReactNode {
  return (
    <thead>
      <tr>
        {isSelectable && (
          <th className={classes["box"]}>
            <span className="aloud">{t(texts.selectAll)}</span>
          </th>
        )}
        {columns
          .filter(({ isHiddenFirst }) => !isHiddenFirst)
          .map((column) => {
            const direction = directionOf(column, state.sort);
            return (
              <th
                key={column.id}
                scope="col"
                aria-sort={direction ?? undefined}
                data-number={column.isNumber}
                style={{ minWidth: column.width }}
              >
                {column.sort === undefined ? (
                  t(column.label)
                ) : (
                  <button
                    type="button"
                    className={classes["sort"]}
                    onClick={() =>
                      state.change({ sort: direction === "ascending" ? `-${column.sort}` : (column.sort ?? null) })
                    }
                  >
                    {t(column.label)}
                    {direction && <Icon of={direction === "ascending" ? ArrowUp : ArrowDown} size={13} />}
                  </button>
                )}
              </th>
            );
          })}
      </tr>
    </thead>
  );
}

function directionOf<Row>({ sort }: Column<Row>, current: string | null): "ascending" | "descending" | null {
  if (sort === undefined || current === null) return null;
  if (current === sort) return "ascending";
  return current === `-${sort}` ? "descending" : null;
}

function TableRow<Id extends ListId>({
  row,
  props,
  state,
  isSelected,
  onSelect,
}: {
  row: RowOf<Id>;
  props: DataTableProps<Id>;
  state: ListState;
  isSelected: boolean;
  onSelect: () => void;
}): ReactNode {
  const { columns, rowId, rowName, isOpening, selectionActions } = props;
  const open = isOpening ? () => state.change({ open: rowId(row) }) : undefined;
  return (
    <tr data-open={state.state["open"] === rowId(row)} data-selected={isSelected} onClick={open}>
      {selectionActions && (
        <td className={classes["box"]} onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            checked={isSelected}
            onChange={onSelect}
            aria-label={t(texts.selectRow, { row: rowName(row) })}
          />
        </td>
      )}
      {columns
        .filter(({ isHiddenFirst }) => !isHiddenFirst)
        .map((column) => (
          <td key={column.id} data-number={column.isNumber}>
            {column.cell(row)}
          </td>
        ))}
    </tr>
  );
}
