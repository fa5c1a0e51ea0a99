import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ImportColumn, ImportKind, ImportRow, RowError } from "../../model/imports.ts";
import { type KnownFields, mapColumns } from "../../rules/import-columns.ts";
import type { Tx } from "../../store/database.ts";
import {
  addImportRows,
  countImportRows,
  deleteImport,
  findImport,
  type ImportErrorRow,
  type ImportRecord,
  insertImport,
  listImportErrors,
  savePreview,
} from "../../store/imports/imports.ts";
import type { Context } from "../context.ts";
import { FileFlaw, type ImportFile } from "./import-file.ts";

export interface ImportPlan {
  kind: ImportKind;
  options: object;
  fields: KnownFields;
  /** The file needs a column for one field of each of these. */
  needed: readonly (readonly string[])[];
  /** Heading → field, where the person chose. */
  chosen: ReadonlyMap<string, string>;
  readRow(columns: readonly ImportColumn[], row: number, cells: readonly string[]): ImportRow;
  /** Once all rows are there: what is wrong with them together, and what they would change. */
  settle(tx: Tx, importId: string): Promise<object>;
}

export interface ImportPreview extends ImportRecord {
  /** The first of them. */
  errors: ImportErrorRow[];
}

export interface UnreadableFile {
  code: "unreadable-file";
  errors: RowError[];
}

/** Rows kept by one transaction, and most rows of a file: a company of a million writes one line each. */
const BATCH_ROWS = 1000;
const ROWS_MAX = 1_000_000;
const HEADING_MAX = 200;
/** Errors told with the preview; a list tells all. */
export const ERRORS_SHOWN = 100;

/**
 * Reads a file into rows and says what it would change, without changing it. A file that breaks off or cannot be read
 * leaves nothing behind; a row that is wrong is kept with what is wrong.
 */
export async function previewImport(
  ctx: Context,
  file: ImportFile,
  plan: ImportPlan,
): Promise<Result<ImportPreview, UnreadableFile>> {
  let importId: string | null = null;
  const records = file.records[Symbol.asyncIterator]();
  try {
    const columns = columnsOf(await records.next(), plan);
    if (!columns.ok) return refuse({ code: "unreadable-file", errors: columns.error });
    importId = await begin(ctx, file, plan, columns.value);
    await keepRows(ctx, importId, plan, columns.value, records);
    await ctx.db.transaction(async (tx) => {
      await countImportRows(tx);
      const counts = (await plan.settle(tx, importId as string)) as Record<string, number>;
      await savePreview(tx, importId as string, { fileSha256: file.sha256(), counts });
    });
  } catch (thrown) {
    const forgotten = importId;
    if (forgotten !== null) await ctx.db.transaction((tx) => deleteImport(tx, forgotten));
    if (!(thrown instanceof FileFlaw)) throw thrown;
    const { field, what, expected } = thrown;
    return refuse({ code: "unreadable-file", errors: [{ field, what, expected }] });
  } finally {
    await records.return?.();
  }
  return ok(await previewOf(ctx, importId));
}

export async function previewOf({ db }: Pick<Context, "db">, importId: string): Promise<ImportPreview> {
  const made = await findImport(db, importId);
  if (!made) throw new Error(`The import ${importId} is gone while it is answered.`);
  return { ...made, errors: await listImportErrors(db, importId, ERRORS_SHOWN) };
}

function columnsOf(
  first: IteratorResult<readonly string[]>,
  { fields, needed, chosen }: ImportPlan,
): Result<ImportColumn[], RowError[]> {
  if (first.done)
    return refuse([{ field: "body", what: "is empty", expected: "a row of headings, then one row each" }]);
  const headings = first.value.map((each, index) => each.trim() || `column ${index + 1}`);
  const unreadable = headings.findIndex((each) => each.length > HEADING_MAX || /\p{Cc}/u.test(each));
  if (unreadable >= 0) {
    const expected = `text in one line, at most ${HEADING_MAX} characters`;
    return refuse([{ field: "row 1", what: `has a heading in column ${unreadable + 1} that is none`, expected }]);
  }
  const columns = mapColumns(headings, fields, chosen);
  if (!columns.ok) return columns;
  const missing = needed.filter((any) => !columns.value.some(({ field }) => field !== null && any.includes(field)));
  if (missing.length === 0) return columns;
  return refuse(
    missing.map((any) => ({
      field: "row 1",
      what: `has no column for ${any.join(" or ")}`,
      expected: `one, or a mapping that says which; the columns are ${headings.join(", ")}`,
    })),
  );
}

function begin(
  { db, clock, actor }: Context,
  { name }: ImportFile,
  { kind, options }: ImportPlan,
  columns: ImportColumn[],
) {
  return db.transaction((tx) =>
    insertImport(tx, { kind, fileName: name, options, columns, by: actor.operatorId, at: clock.now() }),
  );
}

async function keepRows(
  { db }: Context,
  importId: string,
  plan: ImportPlan,
  columns: ImportColumn[],
  records: AsyncIterator<readonly string[]>,
): Promise<void> {
  let row = 1;
  let batch: ImportRow[] = [];
  const keep = async () => {
    const rows = batch;
    batch = [];
    if (rows.length > 0) await db.transaction((tx) => addImportRows(tx, importId, rows));
  };
  for (let next = await records.next(); !next.done; next = await records.next()) {
    row += 1;
    if (row > ROWS_MAX + 1) {
      throw new FileFlaw({ field: "body", what: "has too many rows", expected: `at most ${ROWS_MAX}` });
    }
    // A line without anything on it, as spreadsheets leave at the end.
    if (next.value.every((cell) => cell.trim() === "")) continue;
    batch.push(plan.readRow(columns, row, next.value));
    if (batch.length === BATCH_ROWS) await keep();
  }
  await keep();
}
