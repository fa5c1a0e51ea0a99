import { t } from "../../../text/t.ts";
import type { GridCell, GridColumn, GridRow } from "./grid.tsx";
import type { Mark } from "./marks.ts";
import type { MatrixColumn } from "./operations.ts";
import { matrixTexts as texts } from "./texts.ts";

/** A row of marks, and what they were made of. */
export interface MarkRow extends GridRow {
  marks: ReadonlyMap<string, Mark>;
}

export const SYMBOLS = { direct: "●", group: "◐", everyone: "○", none: "·" } as const;

export function gridColumn({ id, group, label }: MatrixColumn): GridColumn {
  return { id, group: group ? t(group) : null, label: typeof label === "string" ? label : t(label) };
}

/** "Pages: Add". */
export function rightName({ group, label }: GridColumn): string {
  return group === null ? label : t(texts.columnIn, { group, label });
}

export function markCell(row: MarkRow, column: GridColumn): GridCell {
  const mark = row.marks.get(column.id);
  const who = row.name;
  const right = rightName(column);
  if (!mark) return { content: SYMBOLS.none, how: "none", words: t(texts.cellNone, { who, right }) };
  const through = mark.through.join(", ");
  const words =
    mark.how === "direct"
      ? t(texts.cellDirect, { who, right })
      : t(mark.how === "group" ? texts.cellGroup : texts.cellEveryone, { who, right, through });
  return { content: SYMBOLS[mark.how], how: mark.how, words };
}
