import { ArrowDown, ArrowUp } from "lucide-react";
import type { PointerEvent as ReactPointerEvent, ReactNode } from "react";
import { t } from "../../text/t.ts";
import { Icon } from "../icon.tsx";
import type { ListState } from "./list-state.ts";
import classes from "./table.module.css";
import type { Column } from "./table-types.ts";

export type Direction = "ascending" | "descending";

/** How the list is sorted by this column now; null when it is not. */
export function directionOf<Row>({ sort }: Column<Row>, current: string | null): Direction | null {
  if (sort === undefined || current === null) return null;
  if (current === sort) return "ascending";
  return current === `-${sort}` ? "descending" : null;
}

/** What stands in the head of a column: its name, which sorts by it, and an edge to size it by. */
export function HeadCell<Row>({
  column,
  state,
  canSort,
  onSize,
}: {
  column: Column<Row>;
  state: ListState;
  canSort: boolean;
  /** The column's new width in pixels. */
  onSize: (width: number) => void;
}): ReactNode {
  const direction = directionOf(column, state.sort);
  const next = direction === "ascending" ? `-${column.sort}` : (column.sort ?? null);
  return (
    <>
      {column.sort === undefined || !canSort ? (
        <span className={classes["name"]}>{t(column.label)}</span>
      ) : (
        <button type="button" className={classes["sort"]} onClick={() => state.change({ sort: next })}>
          <span className={classes["name"]}>{t(column.label)}</span>
          {direction && <Icon of={direction === "ascending" ? ArrowUp : ArrowDown} size={13} />}
        </button>
      )}
      {/* By keyboard a column is sized in the menu of columns. */}
      <span className={classes["edge"]} aria-hidden="true" onPointerDown={(event) => startSizing(event, onSize)} />
    </>
  );
}

function startSizing(event: ReactPointerEvent<HTMLElement>, onSize: (width: number) => void): void {
  const cell = event.currentTarget.parentElement;
  if (event.button !== 0 || !cell) return;
  event.preventDefault();
  event.stopPropagation();
  const edge = event.currentTarget;
  const from = event.clientX;
  const width = cell.getBoundingClientRect().width;
  const sign = getComputedStyle(cell).direction === "rtl" ? -1 : 1;
  edge.setPointerCapture(event.pointerId);
  const move = (moved: PointerEvent) => onSize(width + sign * (moved.clientX - from));
  edge.addEventListener("pointermove", move);
  edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", move), { once: true });
}
