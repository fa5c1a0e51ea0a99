import { type RefObject, useMemo, useRef, useState } from "react";
import type { ListId, RowOf } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import { say } from "../toast.tsx";
import type { BodyProps, RowsHandle } from "./body-props.ts";
import { choiceOf, type ColumnChoice, isChanged, shownColumns, sizeColumn, useColumnChoice } from "./columns.ts";
import { type KeyActs, useListKeys } from "./keys.ts";
import { idsOf, type ListState, useListState } from "./list-state.ts";
import type { RowActs } from "./row-content.tsx";
import { type Asked, useFirstRows, useUnfilteredTotal } from "./rows-data.ts";
import { type SelectionState, useSelection } from "./selection.ts";
import type { AsOfLimits, DataTableProps, ListQuery, OpenedRow } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

export interface TableState<Id extends ListId> {
  state: ListState;
  limits: AsOfLimits | null;
  rows: ReturnType<typeof useFirstRows<Id>>;
  total: number;
  /** Without any filter; null until it was counted, or where none is set. */
  unfiltered: number | null;
  columns: {
    choice: ColumnChoice;
    change: (choice: ColumnChoice | null) => void;
    /** Ids of the columns, with commas; null: as the page has them. */
    chosen: string | null;
  };
  selected: SelectionState<RowOf<Id>>;
  opened: OpenedRow<RowOf<Id>> | null;
  /** What the rows are drawn from, but for the rows. */
  body: Omit<BodyProps<Id>, "first">;
}

/** All that a table knows: what the address asks for, the rows it has, what is chosen, opened and selected. */
export function useTable<Id extends ListId>(
  props: DataTableProps<Id>,
  whole: RefObject<HTMLElement | null>,
): TableState<Id> {
  const { list, params, rowId, isEmbedded = false } = props;
  const limits = limitsOf(props.hasAsOf);
  const state = useListState({
    filters: props.filters ?? [],
    isSearchable: props.isSearchable ?? false,
    fixed: props.query,
    asOf: limits,
    defaultSort: props.defaultSort ?? null,
    isEmbedded,
  });
  const { shown, size, ...columns } = useColumns(props, state);
  const asked: Asked<Id> = { list, params, query: state.query };
  const rows = useFirstRows(asked);
  const total = rows.data?.total ?? rows.data?.items.length ?? 0;
  const unfiltered = useUnfilteredTotal({ list, params, query: withoutFilters(props, state) }, state.isFiltered);

  const handle = useRef<RowsHandle<RowOf<Id>>>(null);
  const [active, setActive] = useState({ index: 0, tick: 0 });
  const selected = useSelection<RowOf<Id>>({
    rowId,
    query: state.query,
    total,
    handle,
    isSelectingAll: props.isSelectingAll ?? false,
  });
  const isOpening = props.isOpening === true || props.slideOut !== undefined;
  const acts = useActs(props, {
    open: isOpening ? (row) => state.change({ open: rowId(row) }) : null,
    select: selected.select,
    activate: (index) => setActive((before) => (before.index === index ? before : { index, tick: 0 })),
  });
  const step = (by: -1 | 1): boolean => {
    const { open } = state.newest();
    if (open === undefined) return false;
    const at = indexOf(open, rowId, handle.current);
    const row = at === null ? null : (handle.current?.rowAt(at + by) ?? null);
    if (at === null || row === null) return true;
    setActive({ index: at + by, tick: 0 });
    state.change({ open: rowId(row) }, "replace");
    return true;
  };
  const close = () => {
    const names = ["open", ...(props.openState ?? [])];
    if (state.newest()["open"] !== undefined) state.change(Object.fromEntries(names.map((name) => [name, null])));
  };
  const opened = openedRow(state, { rowId, first: rows.data?.items ?? [], handle }, { step, close });

  const withActive = (act: (row: RowOf<Id>) => void) => () => {
    const row = handle.current?.rowAt(active.index);
    if (row) act(row);
  };
  const keys: KeyActs = {
    page: handle.current?.page ?? 1,
    move: (by, isRange) => {
      const after = moved(active, by, handle.current?.count ?? 0);
      setActive(after);
      if (isRange && props.selectionActions) acts.select(after.index, true);
    },
    step,
    close,
    open: acts.open && withActive(acts.open),
    select: props.selectionActions ? (isRange) => acts.select(active.index, isRange) : null,
    selectAll: props.selectionActions ? selected.toggleAll : null,
    copyId: withActive((row) => copyId(rowId(row))),
    exportRows: () => whole.current?.querySelector<HTMLElement>("[data-export]")?.click(),
  };
  useListKeys(whole, keys, isEmbedded);

  const canSort: BodyProps<Id>["canSort"] = ({ sort }) =>
    state.asOf === null || !limits?.notSorts?.includes(sort ?? "");
  const body = {
    label: props.label,
    asked,
    columns: shown,
    state,
    acts,
    isBusy: rows.isPlaceholderData,
    canSort,
    isSelected: selected.isSelected,
    areAllSelected: selected.areAllSelected,
    onSelectAll: selected.toggleAll,
    openId: state.state["open"] ?? null,
    active,
    onSize: size,
    handle,
  };
  return { state, limits, rows, total, unfiltered, columns, selected, opened, body };
}

/** The reader's columns; an address that names columns goes before what the browser keeps. */
function useColumns<Id extends ListId>({ columns, name, list, isEmbedded }: DataTableProps<Id>, state: ListState) {
  const [kept, keep] = useColumnChoice(name ?? list);
  const named = isEmbedded ? undefined : state.state["columns"];
  const choice = useMemo(
    () => (named === undefined ? kept : choiceOf(columns, named.split(","), kept)),
    [columns, named, kept],
  );
  const shown = useMemo(() => shownColumns(columns, choice), [columns, choice]);
  return {
    choice,
    shown,
    chosen: isChanged(choice) ? shown.map(({ id }) => id).join(",") : null,
    change: (next: ColumnChoice | null) => {
      if (named !== undefined) state.change({ columns: null }, "replace");
      keep(next);
    },
    size: (columnId: string, width: number) => keep(sizeColumn(kept, columnId, width)),
  };
}

function limitsOf(hasAsOf: boolean | AsOfLimits | undefined): AsOfLimits | null {
  if (!hasAsOf) return null;
  return hasAsOf === true ? {} : hasAsOf;
}

function withoutFilters<Id extends ListId>(
  { query, filters = [] }: DataTableProps<Id>,
  { query: asked }: ListState,
): ListQuery {
  const set = new Set([...filters.flatMap(idsOf), "q", "sort"].filter((id) => query?.[id] === undefined));
  return Object.fromEntries(Object.entries(asked).filter(([id]) => !set.has(id)));
}

/** The same object as long as the table is there, so that rows are not drawn again for it; its acts are the newest. */
function useActs<Id extends ListId>(
  props: DataTableProps<Id>,
  acts: Pick<RowActs<RowOf<Id>>, "open" | "select" | "activate">,
): RowActs<RowOf<Id>> {
  const latest = useRef({ props, acts });
  latest.current = { props, acts };
  const isSelectable = props.selectionActions !== undefined;
  const isOpening = acts.open !== null;
  const hasHref = props.rowHref !== undefined;
  return useMemo(
    () => ({
      rowId: (row) => latest.current.props.rowId(row),
      rowName: (row) => latest.current.props.rowName(row),
      rowHref: hasHref ? (row) => latest.current.props.rowHref?.(row) ?? "" : undefined,
      isSelectable,
      open: isOpening ? (row) => latest.current.acts.open?.(row) : null,
      select: (index, isRange) => latest.current.acts.select(index, isRange),
      activate: (index) => latest.current.acts.activate(index),
    }),
    [isSelectable, isOpening, hasHref],
  );
}

function openedRow<Row>(
  state: ListState,
  options: { rowId: (row: Row) => string; first: readonly Row[]; handle: RefObject<RowsHandle<Row> | null> },
  acts: Pick<OpenedRow<Row>, "step" | "close">,
): OpenedRow<Row> | null {
  const id = state.state["open"];
  if (id === undefined) return null;
  const { rowId, first, handle } = options;
  const at = indexOf(id, rowId, handle.current);
  const row = first.find((each) => rowId(each) === id) ?? (at === null ? null : (handle.current?.rowAt(at) ?? null));
  return { id, row, ...acts };
}

function indexOf<Row>(id: string, rowId: (row: Row) => string, handle: RowsHandle<Row> | null): number | null {
  for (let index = 0; index < (handle?.count ?? 0); index++) {
    const row = handle?.rowAt(index) ?? null;
    if (row !== null && rowId(row) === id) return index;
  }
  return null;
}

function moved(before: { index: number; tick: number }, by: number | "first" | "last", count: number) {
  const last = Math.max(0, count - 1);
  // The first key goes to the row that is marked, not past it.
  const from = before.tick === 0 && before.index === 0 && by === 1 ? -1 : before.index;
  const to = by === "first" ? 0 : by === "last" ? last : from + by;
  return { index: Math.min(last, Math.max(0, to)), tick: before.tick + 1 };
}

function copyId(id: string): void {
  void navigator.clipboard.writeText(id).then(() => say(t(texts.idCopied, { id })));
}
