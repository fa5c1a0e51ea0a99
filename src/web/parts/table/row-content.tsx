import { Link } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { t } from "../../text/t.ts";
import classes from "./table.module.css";
import type { Column } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** What a row of either form needs besides its data. */
export interface RowActs<Row> {
  rowId: (row: Row) => string;
  rowName: (row: Row) => string;
  rowHref: ((row: Row) => string) | undefined;
  isSelectable: boolean;
  /** Set: a click opens it. */
  open: ((row: Row) => void) | null;
  /** Chooses it or takes it out; with Shift all from the last one chosen to it. */
  select: (index: number, isRange: boolean) => void;
  /** The row that the keys act on from now on. */
  activate: (index: number) => void;
}

/** One cell's content; the first names the row and leads to its page. */
export function CellContent<Row>({
  column,
  row,
  isFirst,
  acts,
}: {
  column: Column<Row>;
  row: Row;
  isFirst: boolean;
  acts: RowActs<Row>;
}): ReactNode {
  if (!isFirst || !acts.rowHref) return column.cell(row);
  const { open } = acts;
  return (
    <Link
      to={acts.rowHref(row)}
      className={classes["rowLink"]}
      tabIndex={-1}
      preload={false}
      onClick={(event) => {
        event.stopPropagation();
        // With a key held, the browser opens the page of its own.
        if (!open || isModified(event)) return;
        event.preventDefault();
        open(row);
      }}
    >
      {column.cell(row)}
    </Link>
  );
}

export function SelectBox<Row>({
  row,
  index,
  isSelected,
  acts,
}: {
  row: Row;
  index: number;
  isSelected: boolean;
  acts: RowActs<Row>;
}): ReactNode {
  return (
    <input
      type="checkbox"
      checked={isSelected}
      tabIndex={-1}
      onChange={() => undefined}
      onClick={(event) => {
        event.stopPropagation();
        acts.select(index, event.shiftKey);
      }}
      aria-label={t(texts.selectRow, { row: acts.rowName(row) })}
    />
  );
}

/** A click anywhere on a row opens it, unless it was meant for something in it or marks text. */
export function clickOpens(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  if (target.closest("a, button, input, select, label")) return false;
  return !isModified(event) && (getSelection()?.isCollapsed ?? true);
}

function isModified(event: MouseEvent): boolean {
  return event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
}
