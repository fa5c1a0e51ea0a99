import { useMemo, useState } from "react";
import { t } from "../../text/t.ts";
import { say } from "../toast.tsx";
import type { RowsHandle } from "./body-props.ts";
import type { ListQuery, Selection } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

interface Chosen<Row> {
  rows: ReadonlyMap<string, Row>;
  isAll: boolean;
  /** Where Shift begins its range. */
  anchor: number | null;
}

export interface SelectionState<Row> {
  selection: Selection<Row>;
  isSelected: (id: string) => boolean;
  /** Null: some. */
  areAllSelected: boolean | null;
  select: (index: number, isRange: boolean) => void;
  /** Every row that matches, or none if all are. */
  toggleAll: () => void;
}

interface SelectionOptions<Row> {
  rowId: (row: Row) => string;
  query: ListQuery;
  total: number;
  handle: { current: RowsHandle<Row> | null };
  /** All that match can be meant by their query, when not all are loaded. */
  isSelectingAll: boolean;
}

const NOTHING = { rows: new Map<string, never>(), isAll: false, anchor: null };

/** What is selected of the rows that this query gives; another query begins with nothing. */
export function useSelection<Row>(options: SelectionOptions<Row>): SelectionState<Row> {
  const { rowId, query, total, handle, isSelectingAll } = options;
  const key = useMemo(() => keyOfRows(query), [query]);
  const [kept, keep] = useState<Chosen<Row> & { key: string }>({ ...NOTHING, key });
  const chosen: Chosen<Row> = kept.key === key ? kept : NOTHING;
  const change = (next: Chosen<Row>) => keep({ ...next, key });
  const { rows, isAll } = chosen;
  const count = isAll ? total : rows.size;

  return {
    selection: {
      rows: isAll ? [] : [...rows.values()],
      all: isAll ? { query, total } : null,
      count,
      clear: () => change(NOTHING),
    },
    isSelected: (id) => isAll || rows.has(id),
    areAllSelected: count === 0 ? false : count === total ? true : null,
    select: (index, isRange) => {
      const { rowAt } = handle.current ?? { rowAt: () => null };
      if (isAll) change(NOTHING);
      else if (isRange && chosen.anchor !== null) change(withRange(chosen, index, { rowAt, rowId }));
      else change(toggled(chosen, index, { rowAt, rowId }));
    },
    toggleAll: () => {
      if (count === total) return change(NOTHING);
      const loaded = loadedRows(handle.current);
      if (loaded.length >= total || !isSelectingAll) {
        change({ ...NOTHING, rows: new Map(loaded.map((row) => [rowId(row), row])) });
        if (loaded.length < total) say(t(texts.onlyLoaded, { count: loaded.length, total }));
      } else change({ ...NOTHING, isAll: true });
    },
  };
}

/** How they are sorted does not change which rows are meant. */
function keyOfRows(query: ListQuery): string {
  return JSON.stringify({ ...query, sort: null });
}

interface Rows<Row> {
  rowAt: (index: number) => Row | null;
  rowId: (row: Row) => string;
}

function toggled<Row>(before: Chosen<Row>, index: number, { rowAt, rowId }: Rows<Row>): Chosen<Row> {
  const row = rowAt(index);
  if (row === null) return before;
  const rows = new Map(before.rows);
  if (!rows.delete(rowId(row))) rows.set(rowId(row), row);
  return { rows, isAll: false, anchor: index };
}

function withRange<Row>(before: Chosen<Row>, index: number, { rowAt, rowId }: Rows<Row>): Chosen<Row> {
  const anchor = before.anchor ?? index;
  const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
  const rows = new Map(before.rows);
  let missing = 0;
  for (let at = from; at <= to; at++) {
    const row = rowAt(at);
    if (row === null) missing += 1;
    else rows.set(rowId(row), row);
  }
  if (missing > 0) say(t(texts.rangeNotLoaded, { missing }));
  return { rows, isAll: false, anchor };
}

function loadedRows<Row>(handle: RowsHandle<Row> | null): Row[] {
  if (!handle) return [];
  const rows: Row[] = [];
  for (let index = 0; index < handle.count; index++) {
    const row = handle.rowAt(index);
    if (row !== null) rows.push(row);
  }
  return rows;
}
