import type { RefObject } from "react";
import type { ListId, RowOf } from "../../api/call.ts";
import type { ListState } from "./list-state.ts";
import type { RowActs } from "./row-content.tsx";
import type { Asked } from "./rows-data.ts";
import type { Column, ListAnswer } from "./table-types.ts";

/** The rows as they are drawn now, for keys, selection and steps of the slide-out. */
export interface RowsHandle<Row> {
  count: number;
  /** Null until it was read. */
  rowAt: (index: number) => Row | null;
  /** Rows that a reader sees without scrolling. */
  page: number;
}

/** What both forms of the table are given: the plain one of few rows and the grid of many. */
export interface BodyProps<Id extends ListId> {
  label: string;
  asked: Asked<Id>;
  /** The first rows, and how many there are. */
  first: ListAnswer<RowOf<Id>>;
  columns: readonly Column<RowOf<Id>>[];
  state: ListState;
  acts: RowActs<RowOf<Id>>;
  /** Other rows are on their way. */
  isBusy: boolean;
  canSort: (column: Column<RowOf<Id>>) => boolean;
  isSelected: (id: string) => boolean;
  /** Null: some. */
  areAllSelected: boolean | null;
  onSelectAll: () => void;
  openId: string | null;
  /** The row that keys act on; each `tick` more moves the focus to it. */
  active: { index: number; tick: number };
  onSize: (columnId: string, width: number) => void;
  handle: RefObject<RowsHandle<RowOf<Id>> | null>;
}
