import type { ImportColumn, ImportKind, ImportRow, ImportState, RowError } from "../../model/imports.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { joinSql, sql } from "../sql.ts";

export interface ImportRecord<Options = Record<string, unknown>> {
  id: string;
  kind: ImportKind;
  state: ImportState;
  fileName: string | null;
  fileSha256: string | null;
  options: Options;
  columns: ImportColumn[];
  counts: Record<string, number>;
  basedOn: string | null;
  createdBy: string;
  createdAt: Date;
  appliedBy: string | null;
  appliedAt: Date | null;
}

const IMPORT_COLUMNS = sql`
  i.id, i.kind, i.state, i.file_name as "fileName", i.file_sha256 as "fileSha256", i.options, i.columns, i.counts,
  i.based_on as "basedOn", i.created_by as "createdBy", i.created_at as "createdAt", i.applied_by as "appliedBy",
  i.applied_at as "appliedAt"`;

export async function insertImport(
  tx: Tx,
  made: {
    kind: ImportKind;
    fileName: string | null;
    options: object;
    columns: readonly ImportColumn[];
    by: string;
    at: Date;
  },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into imports (kind, file_name, options, columns, created_by, created_at)
    values (${made.kind}, ${made.fileName}, ${JSON.stringify(made.options)}, ${JSON.stringify(made.columns)}, ${made.by},
            ${made.at})
    returning id
  `);
  if (!row) throw new Error("The insert of an import gave no row.");
  return row.id;
}

export async function addImportRows(tx: Tx, importId: string, rows: readonly ImportRow[]): Promise<void> {
  await tx.execute(sql`
    insert into import_rows (import_id, row_number, data, errors)
    select ${importId}, each.row, each.data, each.errors
      from jsonb_to_recordset(${JSON.stringify(rows, wellFormed)}::jsonb) as each (row integer, data jsonb, errors jsonb)
  `);
}

/** A text that was cut may end in half a character, which PostgreSQL does not take. */
function wellFormed(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** A file may bring many rows at once: the planner must hear of them before they are joined. */
export async function countImportRows(tx: Tx): Promise<void> {
  await tx.execute(sql`analyze import_rows`);
}

/** Adds what is wrong with rows once all are there: `flaws` selects `row_number`, `field`, `what` and `expected`. */
export async function addRowErrors(tx: Tx, importId: string, flaws: ReturnType<typeof sql>): Promise<void> {
  await tx.execute(sql`
    update import_rows r
       set errors = r.errors || found.errors
      from (select flaw.row_number,
                   jsonb_agg(jsonb_build_object('field', flaw.field, 'what', flaw.what, 'expected', flaw.expected)) as errors
              from (${flaws}) flaw
             group by flaw.row_number) found
     where r.import_id = ${importId} and r.row_number = found.row_number
  `);
}

export async function savePreview(
  tx: Tx,
  importId: string,
  preview: { fileSha256: string; counts: Record<string, number> },
): Promise<void> {
  await tx.execute(sql`
    update imports i
       set state = 'previewed', file_sha256 = ${preview.fileSha256}, counts = ${JSON.stringify(preview.counts)},
           based_on = (select before.id
                         from imports before
                        where before.kind = i.kind and before.state = 'applied'
                        order by before.applied_at desc, before.id desc
                        limit 1)
     where i.id = ${importId}
  `);
}

/** Waits for, then holds, the row until the transaction ends: a preview is applied once. */
export async function lockImport(tx: Tx, importId: string, kind: ImportKind): Promise<ImportRecord | null> {
  const [row] = await tx.query<ImportRecord>(sql`
    select ${IMPORT_COLUMNS} from imports i where i.id = ${importId} and i.kind = ${kind} for update
  `);
  return row ?? null;
}

/** Whether another import of the kind was applied since this one was previewed. */
export async function isOutdated(tx: Tx, { kind, basedOn }: ImportRecord): Promise<boolean> {
  const [row] = await tx.query<{ id: string }>(sql`
    select id from imports where kind = ${kind} and state = 'applied' order by applied_at desc, id desc limit 1
  `);
  return (row?.id ?? null) !== basedOn;
}

/** What was in the rows is now where it belongs; only what was wrong with the others is kept. */
export async function saveApplied(
  tx: Tx,
  importId: string,
  applied: { by: string; at: Date; counts: Record<string, number> },
): Promise<void> {
  await tx.execute(sql`
    update imports
       set state = 'applied', applied_by = ${applied.by}, applied_at = ${applied.at}, counts = ${JSON.stringify(applied.counts)}
     where id = ${importId}
  `);
  await tx.execute(sql`delete from import_rows where import_id = ${importId} and errors = '[]'`);
  await tx.execute(sql`update import_rows set data = '{}' where import_id = ${importId}`);
}

export async function deleteImport(tx: Tx, importId: string): Promise<void> {
  await tx.execute(sql`delete from imports where id = ${importId}`);
}

/** Previews that nobody applied, with what the file held of people. */
export async function deleteForgottenImports(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from imports where state <> 'applied' and created_at < ${before}`);
}

/** What was wrong with rows quotes them; nobody corrects a file that long after it was applied. */
export async function deleteImportErrors(tx: Tx, appliedBefore: Date): Promise<number> {
  return tx.execute(sql`
    delete from import_rows r
     using imports i
     where i.id = r.import_id and i.state = 'applied' and i.applied_at < ${appliedBefore}
  `);
}

export async function findImport(reader: Reader, importId: string): Promise<ImportRecord | null> {
  const [row] = await reader.query<ImportRecord>(sql`select ${IMPORT_COLUMNS} from imports i where i.id = ${importId}`);
  return row ?? null;
}

export function importList(filters: {
  kinds: readonly ImportKind[] | null;
  states: readonly ImportState[] | null;
}): ListSource<ImportRecord, ImportRecord, "createdAt"> {
  const conditions = [sql`i.state <> 'reading'`];
  if (filters.kinds) conditions.push(sql`i.kind = any (${filters.kinds as string[]})`);
  if (filters.states) conditions.push(sql`i.state = any (${filters.states as string[]})`);
  const matching = joinSql(conditions, " and ");
  return {
    sorts: { createdAt: { by: sql`i.created_at`, type: "timestamptz" } },
    tie: { by: sql`i.id`, type: "text" },
    select: (page) => sql`
      select ${IMPORT_COLUMNS}, ${page.keys} from imports i where ${matching} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total from imports i where ${matching}`,
  };
}

export interface ImportErrorRow extends RowError {
  row: number;
}

const ERRORS = sql`import_rows r cross join lateral jsonb_array_elements(r.errors) with ordinality as told (error, place)`;

const ERROR_COLUMNS = sql`
  r.row_number as row, told.error ->> 'field' as field, told.error ->> 'what' as what,
  told.error ->> 'expected' as expected`;

export function importErrorList(importId: string): ListSource<ImportErrorRow, ImportErrorRow, "row"> {
  return {
    sorts: { row: { by: sql`r.row_number`, type: "bigint" } },
    tie: { by: sql`told.place`, type: "bigint" },
    select: (page) => sql`
      select ${ERROR_COLUMNS}, ${page.keys}
        from ${ERRORS}
       where r.import_id = ${importId} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${ERRORS} where r.import_id = ${importId}`,
  };
}

/** The first errors, in the order of the file. */
export async function listImportErrors(reader: Reader, importId: string, rowsMax: number): Promise<ImportErrorRow[]> {
  return reader.query<ImportErrorRow>(sql`
    select ${ERROR_COLUMNS}
      from ${ERRORS}
     where r.import_id = ${importId}
     order by r.row_number, told.place
     limit ${rowsMax}
  `);
}
