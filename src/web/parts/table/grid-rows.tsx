import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { ListId } from "../../api/call.ts";
import { type Preferences, usePreferences } from "../../shell/preferences.ts";
import { t } from "../../text/t.ts";
import { Failure } from "../states.tsx";
import type { BodyProps } from "./body-props.ts";
import { directionOf, HeadCell } from "./head-cell.tsx";
import { CellContent, clickOpens, type RowActs, SelectBox } from "./row-content.tsx";
import { offsetFor, useWindows, type Windows, windowsOf } from "./rows-data.ts";
import { SelectAll } from "./select-all.tsx";
import grid from "./grid-rows.module.css";
import type { Column } from "./table-types.ts";
import { tableTexts as texts } from "./texts.ts";

/** As --row of look/tokens.css. */
const ROW_PX: Readonly<Record<Preferences["rows"], number>> = { comfortable: 44, normal: 40, compact: 32 };

/** Rows drawn beyond what is seen, so that a frame's scrolling never shows an undrawn one. */
const OVERSCAN = 8;
/** Rows read beyond what is drawn: at 60 px a frame about a second of scrolling. */
const READ_AHEAD = 82;
/** While somebody drags the scrollbar, rows are asked for so often at most. */
const JUMPS_MS = 80;
/** No browser draws an element higher than about 33 million pixels. */
const HEIGHT_MAX = 30_000_000;

const BOX_PX = 40;

/** Any number of rows: only those in sight are drawn, and only those about to be seen are read. */
export function GridRows<Id extends ListId>(props: BodyProps<Id>): ReactNode {
  const { label, asked, first, columns, acts, active, handle } = props;
  const [{ rows: density }] = usePreferences();
  const rowPx = ROW_PX[density];
  const total = first.total ?? first.items.length;
  const count = Math.min(total, Math.floor(HEIGHT_MAX / rowPx));
  const scroll = useRef<HTMLDivElement>(null);

  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    // The head lies over the first rows and scrolls with none.
    scrollMargin: rowPx,
    scrollPaddingStart: rowPx,
    // The row with the focus stays, however far it is scrolled away.
    rangeExtractor: useCallback(
      (range: Range) => [...new Set([...defaultRangeExtractor(range), Math.min(active.index, range.count - 1)])],
      [active.index],
    ),
  });
  useEffect(() => virtual.measure(), [virtual, rowPx]);

  const key = JSON.stringify(asked.query);
  useScrollToStart(scroll, key);
  const { startIndex, endIndex } = virtual.range ?? { startIndex: 0, endIndex: 0 };
  const from = Math.max(0, startIndex - OVERSCAN);
  const to = Math.min(count - 1, endIndex + OVERSCAN);
  const later = useWindows(asked, useWanted({ from, to, last: count - 1 }, key));
  const rowAt = (index: number) => first.items[index] ?? later.rowAt(index);
  useImperativeHandle(handle, () => ({ count, rowAt, page: Math.max(1, endIndex - startIndex - 1) }));

  useEffect(() => {
    if (active.tick === 0) return;
    virtual.scrollToIndex(active.index, { align: "auto" });
    scroll.current?.querySelector<HTMLElement>(`[data-index="${active.index}"]`)?.focus({ preventScroll: true });
  }, [virtual, active.tick, active.index]);

  const width = columns.reduce((sum, column) => sum + column.width, acts.isSelectable ? BOX_PX : 0);
  // The first takes what the others leave.
  const tracks = columns.map((column, at) => (at === 0 ? `minmax(${column.width}px, 1fr)` : `${column.width}px`));
  return (
    <>
      {later.error && <Failure error={later.error} onRetry={later.retry} />}
      <div
        ref={scroll}
        className={grid["scroll"]}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + (acts.isSelectable ? 1 : 0)}
        aria-multiselectable={acts.isSelectable}
        aria-busy={props.isBusy}
        tabIndex={-1}
        data-rows
        style={
          {
            "--tracks": [...(acts.isSelectable ? [`${BOX_PX}px`] : []), ...tracks].join(" "),
            "--width": `${width}px`,
          } as object
        }
      >
        <Head {...props} />
        <div role="rowgroup" className={grid["canvas"]} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rowAt(index);
            const id = row && acts.rowId(row);
            return (
              <GridRow
                key={index}
                row={row}
                index={index}
                top={start - rowPx}
                columns={columns as readonly Column<unknown>[]}
                acts={acts as RowActs<unknown>}
                isActive={index === active.index}
                isSelected={id !== null && props.isSelected(id)}
                isOpen={id !== null && props.openId === id}
              />
            );
          })}
        </div>
      </div>
      {count < total && <p>{t(texts.tooMany, { count, total })}</p>}
    </>
  );
}

/** Another query begins at its first row. */
function useScrollToStart(scroll: { current: HTMLElement | null }, key: string): void {
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    scroll.current?.scrollTo({ top: 0 });
  }, [scroll, key]);
}

interface Drawn {
  from: number;
  to: number;
  /** Of the list. */
  last: number;
}

const NO_WINDOWS: Windows = { offset: 0, inSight: [], ahead: [] };

/**
 * The windows to read: the next one at once, one far away not more often than each 80 ms, so that dragging the scrollbar
 * through 500 windows does not ask for all of them. Far away, windows are moved so that one holds all that is drawn.
 */
function useWanted(drawn: Drawn, key: string): Windows {
  const [wanted, setWanted] = useState({ key, windows: NO_WINDOWS, at: 0 });
  const current = wanted.key === key ? wanted.windows : NO_WINDOWS;
  const isNear = touches(windowsFor(drawn, current.offset), current);
  const windows = isNear ? windowsFor(drawn, current.offset) : windowsFor(drawn, offsetFor(drawn.from, drawn.to));
  const words = JSON.stringify(windows);
  useEffect(() => {
    if (words === JSON.stringify(current)) return;
    const waitMs = isNear ? 0 : Math.max(0, wanted.at + JUMPS_MS - performance.now());
    const ask = () => setWanted({ key, windows, at: performance.now() });
    if (waitMs === 0) {
      ask();
      return;
    }
    const timer = setTimeout(ask, waitMs);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `words` are the windows; one that came asks for none
  }, [words, key]);
  return current;
}

function windowsFor({ from, to, last }: Drawn, offset: number): Windows {
  const inSight = windowsOf(from, to, offset);
  const around = windowsOf(Math.max(0, from - READ_AHEAD), Math.min(last, to + READ_AHEAD), offset);
  return { offset, inSight, ahead: around.filter((start) => !inSight.includes(start)) };
}

/** Whether any of the windows is wanted already: then nobody jumped. */
function touches(windows: Windows, wanted: Windows): boolean {
  const before = [...wanted.inSight, ...wanted.ahead];
  return [...windows.inSight, ...windows.ahead].some((start) => before.includes(start));
}

function Head<Id extends ListId>({ columns, state, acts, canSort, onSize, ...props }: BodyProps<Id>): ReactNode {
  return (
    <div role="rowgroup" className={grid["head"]}>
      <div role="row" aria-rowindex={1} className={grid["row"]}>
        {acts.isSelectable && (
          <div role="columnheader" className={grid["box"]} aria-label={t(texts.selection)}>
            <SelectAll checked={props.areAllSelected} onSelect={props.onSelectAll} />
          </div>
        )}
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={directionOf(column, state.sort) ?? undefined}
            className={at === 0 ? grid["firstCell"] : grid["cell"]}
            data-number={column.isNumber}
          >
            <HeadCell
              column={column}
              state={state}
              canSort={canSort(column)}
              onSize={(size) => onSize(column.id, size)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

interface GridRowProps {
  row: unknown;
  index: number;
  top: number;
  columns: readonly Column<unknown>[];
  acts: RowActs<unknown>;
  isActive: boolean;
  isSelected: boolean;
  isOpen: boolean;
}

/** Drawn again only when something of it changes: scrolling draws the few rows that come into sight. */
const GridRow = memo(({ row, index, top, columns, acts, isActive, isSelected, isOpen }: GridRowProps): ReactNode => {
  const { open } = acts;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys of rows are those of the list (keys.ts)
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={acts.isSelectable ? isSelected : undefined}
      aria-label={row === null ? t(texts.rowLoading) : undefined}
      aria-current={isOpen || undefined}
      className={grid["row"]}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={isActive ? 0 : -1}
      data-index={index}
      data-pending={row === null}
      data-open={isOpen}
      data-selected={isSelected}
      data-opens={open !== null}
      onFocus={() => acts.activate(index)}
      onClick={open && row !== null ? (event) => clickOpens(event) && open(row) : undefined}
    >
      {acts.isSelectable && (
        <div role="gridcell" className={grid["box"]}>
          {row !== null && <SelectBox row={row} index={index} isSelected={isSelected} acts={acts} />}
        </div>
      )}
      {columns.map((column, at) => (
        <div
          key={column.id}
          role={at === 0 ? "rowheader" : "gridcell"}
          className={at === 0 ? grid["firstCell"] : grid["cell"]}
          data-number={column.isNumber}
        >
          {row === null ? (
            <span className={grid["bone"]} />
          ) : (
            <CellContent column={column} row={row} isFirst={at === 0} acts={acts} />
          )}
        </div>
      ))}
    </div>
  );
});
GridRow.displayName = "GridRow";
