import type { ImportColumn } from "../model/imports.ts";
import { ok, refuse, type Result } from "../lib/result.ts";

/** Columns of a file, most; a personnel system exports some dozens. */
export const COLUMNS_MAX = 200;

export interface ColumnFlaw {
  field: string;
  what: string;
  expected: string;
}

/** The fields that a kind of import knows, each with the headings that are taken for it (letters and digits only). */
export type KnownFields = Readonly<Record<string, readonly string[]>>;

/**
 * Which field each column fills. What a person says in `chosen` (heading → field, `-` leaves it out) goes first, then
 * headings that are well known; the rest is left out. `attribute:<name>` keeps a column as a further attribute.
 */
export function mapColumns(
  headings: readonly string[],
  known: KnownFields,
  chosen: ReadonlyMap<string, string>,
): Result<ImportColumn[], ColumnFlaw[]> {
  const flaws: ColumnFlaw[] = [];
  const fields = Object.keys(known);
  if (headings.length > COLUMNS_MAX) {
    return refuse([{ field: "row 1", what: `has ${headings.length} columns`, expected: `at most ${COLUMNS_MAX}` }]);
  }
  for (const [heading, field] of chosen) {
    const isField = field === "-" || fields.includes(field) || isAttribute(field);
    if (!headings.some((each) => isSame(each, heading))) {
      flaws.push({
        field: "map",
        what: `names "${heading}", which is no column`,
        expected: `one of ${headings.join(", ")}`,
      });
    } else if (!isField) {
      flaws.push({
        field: "map",
        what: `gives "${heading}" the field "${field}"`,
        expected: `one of ${fields.join(", ")}, attribute:<name>, or - to leave it out`,
      });
    }
  }
  const taken = new Map<string, string>();
  const saidOf = (column: string) => [...chosen].find(([heading]) => isSame(column, heading))?.[1];
  for (const column of headings) {
    const said = saidOf(column);
    if (said === undefined || said === "-") continue;
    const other = taken.get(said);
    if (other === undefined) taken.set(said, column);
    else
      flaws.push({
        field: "map",
        what: `gives ${said} to "${other}" and to "${column}"`,
        expected: "one column a field",
      });
  }
  // Of several headings that are only known for a field, the first fills it, and none where a person chose another.
  const filled = new Set<string>();
  const columns = headings.map((column): ImportColumn => {
    const field = saidOf(column) ?? fieldOf(column, known);
    if (field === null || field === "-" || filled.has(field)) return { column, field: null };
    if ((taken.get(field) ?? column) !== column) return { column, field: null };
    filled.add(field);
    return { column, field };
  });
  return flaws.length > 0 ? refuse(flaws) : ok(columns);
}

const ATTRIBUTE = /^attribute:[\p{L}\p{N}][\p{L}\p{N} _.-]{0,59}$/u;

export function isAttribute(field: string): boolean {
  return ATTRIBUTE.test(field);
}

export function attributeName(field: string): string {
  return field.slice("attribute:".length);
}

function fieldOf(column: string, known: KnownFields): string | null {
  if (isAttribute(column.trim())) return column.trim();
  const plain = plainHeading(column);
  return Object.keys(known).find((field) => plainHeading(field) === plain || known[field]?.includes(plain)) ?? null;
}

function plainHeading(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function isSame(column: string, heading: string): boolean {
  return column.trim().toLowerCase() === heading.trim().toLowerCase();
}

/** The cells of a row by the field that each fills; columns that are left out are gone. Text is trimmed. */
export function cellsByField(columns: readonly ImportColumn[], cells: readonly string[]): Map<string, Cell> {
  const found = new Map<string, Cell>();
  for (const [index, { column, field }] of columns.entries()) {
    if (field !== null) found.set(field, { column, text: (cells[index] ?? "").trim() });
  }
  return found;
}

export interface Cell {
  column: string;
  /** Empty where the file says nothing. */
  text: string;
}

/** Most characters of a cell that is kept. */
const TEXT_MAX = 500;

/** What is wrong with any text, whatever it means. */
export function flawOfText({ column, text }: Cell): ColumnFlaw | null {
  if (text.length > TEXT_MAX) {
    return { field: column, what: `has ${text.length} characters`, expected: `at most ${TEXT_MAX}` };
  }
  if (/\p{Cc}/u.test(text)) {
    return { field: column, what: "holds a control character", expected: "text in one line" };
  }
  return null;
}

/** A row with more or fewer cells than the headings was cut wrongly: a comma without quotes, a line broken. */
export function flawOfWidth(columns: readonly ImportColumn[], cells: readonly string[]): ColumnFlaw | null {
  if (cells.length === columns.length) return null;
  return {
    field: "row",
    what: `has ${cells.length} cells`,
    expected: `${columns.length}, one for each heading; a cell with the delimiter in it stands in quotes`,
  };
}
