import { stringify } from "csv-stringify/sync";

/**
 * Rows as CSV text, as the API's own export writes them: its field names as columns, lists and objects within a row as
 * JSON, nothing where nothing is. What a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function csvText(rows: readonly object[], columns: readonly string[], hasHeading: boolean): string {
  return stringify([...rows], {
    header: hasHeading,
    columns: [...columns],
    escape_formulas: true,
    cast: { boolean: String },
  });
}
