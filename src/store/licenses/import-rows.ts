import type { RowError } from "../../model/imports.ts";
import { addRowErrors } from "../imports/imports.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface GivenRow {
  row: number;
  data: Record<string, unknown>;
}

/** The rows of a file that could be read, in its order, and one more than `rowsMax` where there are more. */
export async function listReadRows(reader: Reader, importId: string, rowsMax: number): Promise<GivenRow[]> {
  return reader.query<GivenRow>(sql`
    select row_number as row, data
      from import_rows
     where import_id = ${importId} and errors = '[]'
     order by row_number
     limit ${rowsMax + 1}
  `);
}

export async function saveRowErrors(
  tx: Tx,
  importId: string,
  errors: readonly (RowError & { row: number })[],
): Promise<void> {
  if (errors.length === 0) return;
  await addRowErrors(
    tx,
    importId,
    sql`select e.row as row_number, e.field, e.what, e.expected
          from jsonb_to_recordset(${JSON.stringify(errors)}::jsonb) as e (row integer, field text, what text, expected text)`,
  );
}

/** How many rows a file has, and how many of them are wrong. */
export async function countRows(reader: Reader, importId: string): Promise<{ rows: number; errors: number }> {
  const [row] = await reader.query<{ rows: number; errors: number }>(sql`
    select count(*) as rows, count(*) filter (where errors <> '[]') as errors
      from import_rows
     where import_id = ${importId}
  `);
  return row ?? { rows: 0, errors: 0 };
}

export interface NamedOperator {
  id: string;
  email: string | null;
}

export async function listNamedOperators(reader: Reader): Promise<NamedOperator[]> {
  return reader.query<NamedOperator>(sql`select id, email from operators where ended_at is null order by id`);
}
