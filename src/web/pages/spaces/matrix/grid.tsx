import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import classes from "./grid.module.css";

export interface GridColumn {
  id: string;
  /** Columns of one group stand under it. */
  group: string | null;
  label: string;
}

export interface GridCell {
  content: ReactNode;
  /** Read aloud, and said below while the cell has the focus. */
  words: string;
  how?: "direct" | "group" | "everyone" | "none";
}

export interface GridRow {
  id: string;
  name: string;
  /** The row's head: a name, usually a link. */
  head: ReactNode;
  /** Words after the head that are no cells: the role. */
  role: string | null;
  note: ReactNode;
}

interface MatrixGridProps<Row extends GridRow> {
  label: string;
  corner: Text;
  columns: readonly GridColumn[];
  rows: readonly Row[];
  /** Roles lead where the site uses them. */
  hasRoles: boolean;
  noteLabel: string | null;
  cellOf: (row: Row, column: GridColumn) => GridCell;
  roleLabel: string;
  /** Enter or a click on a cell. */
  onExplain: (row: Row, column: GridColumn) => void;
  /** Cells hold words instead of marks. */
  isWordy?: boolean;
}

interface Place {
  row: number;
  column: number;
}

const PAGE_ROWS = 10;

/** A grid for the keyboard: one cell takes the focus, arrows move it, Enter explains it. */
export function MatrixGrid<Row extends GridRow>(props: MatrixGridProps<Row>): ReactNode {
  const { label, corner, columns, rows, hasRoles, noteLabel, cellOf, roleLabel, onExplain, isWordy = false } = props;
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const [isFocused, setFocused] = useState(false);
  const table = useRef<HTMLTableElement>(null);
  const at = { row: Math.min(place.row, rows.length - 1), column: Math.min(place.column, columns.length - 1) };
  const [row, column] = [rows[at.row], columns[at.column]];

  function move(event: KeyboardEvent): void {
    const next = placeAfter(event, at, { rows: rows.length, columns: columns.length });
    if (next === null) return;
    event.preventDefault();
    setPlace(next);
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row}/${next.column}"]`)?.focus();
  }

  return (
    <div className={classes["whole"]}>
      <div className={classes["scroll"]}>
        <table
          ref={table}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a table is the grid
          role="grid"
          aria-label={label}
          className={classes["grid"]}
          data-wordy={isWordy}
          onKeyDown={move}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        >
          <Head columns={columns} corner={t(corner)} roleLabel={hasRoles ? roleLabel : null} noteLabel={noteLabel} />
          <tbody>
            {rows.map((each, rowIndex) => (
              <tr key={each.id}>
                <th scope="row" className={classes["name"]}>
                  {each.head}
                </th>
                {hasRoles && <td className={classes["role"]}>{each.role}</td>}
                {columns.map((of, columnIndex) => {
                  const cell = cellOf(each, of);
                  const isHere = rowIndex === at.row && columnIndex === at.column;
                  return (
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid takes the keys
                    <td
                      key={of.id}
                      role="gridcell"
                      className={classes["cell"]}
                      data-how={cell.how}
                      data-place={`${rowIndex}/${columnIndex}`}
                      data-starts={columnIndex > 0 && columns[columnIndex - 1]?.group !== of.group}
                      tabIndex={isHere ? 0 : -1}
                      aria-label={cell.words}
                      onFocus={() => setPlace({ row: rowIndex, column: columnIndex })}
                      onClick={() => onExplain(each, of)}
                      onKeyDown={(event) => {
                        if (event.key === "Enter") onExplain(each, of);
                      }}
                    >
                      {cell.content}
                    </td>
                  );
                })}
                {noteLabel !== null && <td className={classes["note"]}>{each.note}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes["said"]} aria-hidden="true">
        {isFocused && row && column ? cellOf(row, column).words : ""}
      </p>
    </div>
  );
}

function Head({
  columns,
  corner,
  roleLabel,
  noteLabel,
}: {
  columns: readonly GridColumn[];
  corner: string;
  roleLabel: string | null;
  noteLabel: string | null;
}): ReactNode {
  const groups = groupsOf(columns);
  const rowSpan = groups === null ? 1 : 2;
  const before = (
    <>
      <th scope="col" rowSpan={rowSpan} className={classes["name"]}>
        {corner}
      </th>
      {roleLabel !== null && (
        <th scope="col" rowSpan={rowSpan}>
          {roleLabel}
        </th>
      )}
    </>
  );
  const after = noteLabel !== null && (
    <th scope="col" rowSpan={rowSpan}>
      {noteLabel}
    </th>
  );
  return (
    <thead>
      {groups !== null && (
        <tr>
          {before}
          {groups.map(({ id, label, span }) => (
            <th key={id} scope="colgroup" colSpan={span} className={classes["group"]}>
              {label}
            </th>
          ))}
          {after}
        </tr>
      )}
      <tr>
        {groups === null && before}
        {columns.map(({ id, label, group }, index) => (
          <th
            key={id}
            scope="col"
            className={classes["column"]}
            data-starts={index > 0 && columns[index - 1]?.group !== group}
          >
            {label}
          </th>
        ))}
        {groups === null && after}
      </tr>
    </thead>
  );
}

function groupsOf(columns: readonly GridColumn[]): { id: string; label: string; span: number }[] | null {
  if (columns.every(({ group }) => group === null)) return null;
  const groups: { id: string; label: string; span: number }[] = [];
  for (const { id, group } of columns) {
    const last = groups.at(-1);
    if (last && last.label === (group ?? "")) last.span += 1;
    else groups.push({ id, label: group ?? "", span: 1 });
  }
  return groups;
}

/** Where a key leads to from a cell; null where it is not one that moves. */
export function placeAfter(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  { row, column }: Place,
  { rows, columns }: { rows: number; columns: number },
): Place | null {
  const isFar = ctrlKey || metaKey;
  const within = (to: Place): Place => ({
    row: Math.max(0, Math.min(rows - 1, to.row)),
    column: Math.max(0, Math.min(columns - 1, to.column)),
  });
  switch (key) {
    case "ArrowUp":
      return within({ row: row - 1, column });
    case "ArrowDown":
      return within({ row: row + 1, column });
    case "ArrowLeft":
      return within({ row, column: column - 1 });
    case "ArrowRight":
      return within({ row, column: column + 1 });
    case "PageUp":
      return within({ row: row - PAGE_ROWS, column });
    case "PageDown":
      return within({ row: row + PAGE_ROWS, column });
    case "Home":
      return within({ row: isFar ? 0 : row, column: 0 });
    case "End":
      return within({ row: isFar ? rows - 1 : row, column: columns - 1 });
    default:
      return null;
  }
}
