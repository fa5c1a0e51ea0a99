import { displayWidth, cut } from "./width.ts";

/** Cells between two columns. */
const GAP = "  ";
/** A column that must give way keeps at least this many cells. */
const CELLS_MIN = 12;

export interface TableColumn {
  heading: string;
  align: "left" | "right";
  /** Whether its texts may be cut: a name may, a number or an id that somebody copies may not. */
  isCuttable: boolean;
  /** Shown even where the window is too narrow for every column. */
  isNeeded: boolean;
}

export interface TableCell {
  /** Without color codes: alignment and cutting count its cells. */
  text: string;
  /** Applied after padding; null leaves the cell as it is. */
  paint: ((text: string) => string) | null;
}

export interface TableOptions {
  /** Cells of a line; longer rows lose the ends of their widest texts. Infinity never cuts. */
  widthMax: number;
  paintHeading(text: string): string;
}

export interface Table {
  lines: string[];
  /** Headings of the columns that the window was too narrow for. */
  hidden: string[];
}

/**
 * Plain aligned columns: a heading line, then one line a row, without a space at any end. Where the window is too
 * narrow, texts are cut first; then columns are left out, from the right.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  { widthMax, paintHeading }: TableOptions,
): Table {
  const sized = columns.map((column, index): Sized => {
    const head = displayWidth(column.heading);
    const natural = rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index]?.text ?? "")), head);
    return {
      column,
      index,
      natural,
      least: column.isCuttable ? Math.min(natural, Math.max(CELLS_MIN, head)) : natural,
    };
  });
  const shown = withoutExcess(sized, widthMax);
  const widths = fit(shown, widthMax - GAP.length * (shown.length - 1));
  const line = (cells: readonly TableCell[]) =>
    shown
      .map(({ column, index }, place) =>
        pad(cells[index] ?? NO_CELL, column.align, widths[place] ?? 0, place === shown.length - 1),
      )
      .join(GAP)
      .trimEnd();

  const headings = columns.map(({ heading }): TableCell => ({ text: heading, paint: paintHeading }));
  const hidden = sized.filter((each) => !shown.includes(each)).map(({ column }) => column.heading);
  return { lines: [line(headings), ...rows.map(line)], hidden };
}

const NO_CELL: TableCell = { text: "", paint: null };

interface Sized {
  column: TableColumn;
  index: number;
  /** Cells of its widest text. */
  natural: number;
  /** Cells it keeps when texts are cut. */
  least: number;
}

function withoutExcess(columns: readonly Sized[], widthMax: number): Sized[] {
  const shown = [...columns];
  const width = () => shown.reduce((sum, { least }) => sum + least, GAP.length * (shown.length - 1));
  while (width() > widthMax) {
    const last = shown.findLastIndex(({ column, index }) => index > 0 && !column.isNeeded);
    if (last < 0) break;
    shown.splice(last, 1);
  }
  return shown;
}

/** Takes from the widest first, down to each one's least width. */
function fit(columns: readonly Sized[], widthMax: number): number[] {
  const widths = columns.map(({ natural }) => natural);
  let over = widths.reduce((sum, width) => sum + width, 0) - widthMax;
  while (over > 0) {
    const candidates = widths.map((width, place) => (width > (columns[place]?.least ?? Infinity) ? width : 0));
    const widest = Math.max(...candidates);
    if (widest === 0) break;
    widths[candidates.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

function pad(cell: TableCell, align: TableColumn["align"], width: number, isLast: boolean): string {
  const text = cut(cell.text, width);
  const spaces = " ".repeat(Math.max(0, width - displayWidth(text)));
  const painted = cell.paint ? cell.paint(text) : text;
  if (align === "right") return spaces + painted;
  return isLast ? painted : painted + spaces;
}
