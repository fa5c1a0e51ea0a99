import { createHash } from "node:crypto";
import {
  addLine,
  type BackupHeader,
  type BackupTable,
  type BackupTableEnd,
  readBackupFile,
} from "../../lib/backup-file.ts";
import { Fault } from "../../lib/errors.ts";
import type { Database, Reader, Tx } from "../database.ts";
import { joinSql, rawSql, sql } from "../sql.ts";
import { fetchLines } from "./create.ts";
import { type KeptTable, listKeptTables, ONE_SPELLING, quoted, selectLines } from "./tables.ts";

/** Hears which table is loaded, and with how many rows. */
export type TellTable = (table: string, rows: number) => void;

/**
 * Puts the rows of a backup into a database that has its schema and nothing else, and reads them again to see that they
 * are the same. Foreign keys are set aside meanwhile and checked at the end, so tables come in any order.
 */
export async function loadBackup(db: Database, path: string, tell: TellTable): Promise<void> {
  const tables = new Map((await listKeptTables(db)).map((each) => [each.name, each]));
  const foreignKeys = await listForeignKeys(db);
  await db.transaction((tx) => setAside(tx, foreignKeys, tables));

  const loaded = new Map<string, BackupTableEnd>();
  let header: BackupHeader | null = null;
  let table: KeptTable | null = null;
  let columns: string[] = [];
  for await (const part of readBackupFile(path)) {
    if (part.kind === "header") header = part.header;
    else if (part.kind === "table") {
      table = tableOf(tables, part.table);
      ({ columns } = part.table);
    } else if (part.kind === "rows" && table) {
      const target = table;
      await db.transaction((tx) => insertLines(tx, target, columns, part.lines));
    } else if (part.kind === "end") {
      loaded.set(part.end.end, part.end);
      tell(part.end.end, part.end.rows);
    }
  }
  const missing = [...tables.keys()].filter((name) => !loaded.has(name));
  if (missing.length > 0) throw notOurs(`it lacks ${missing.join(", ")}`);
  await db.transaction((tx) => putBack(tx, foreignKeys, tables, header?.sequences ?? []));
  for (const each of tables.values()) await verifyTable(db, each, loaded.get(each.name));
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

function listForeignKeys(reader: Reader): Promise<ForeignKey[]> {
  return reader.query<ForeignKey>(sql`
    select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint
     where contype = 'f' and connamespace = current_schema()::regnamespace
     order by conname collate "C"
  `);
}

/** Triggers are of use to what happens, not to what is put back; rows that the migrations made come with the backup. */
async function setAside(
  tx: Tx,
  foreignKeys: readonly ForeignKey[],
  tables: ReadonlyMap<string, KeptTable>,
): Promise<void> {
  for (const { table, name } of foreignKeys)
    await tx.execute(rawSql(`alter table ${table} drop constraint ${quoted(name)}`));
  for (const { name } of tables.values()) {
    await tx.execute(rawSql(`alter table ${quoted(name)} disable trigger user`));
    await tx.execute(rawSql(`delete from ${quoted(name)}`));
  }
}

async function putBack(
  tx: Tx,
  foreignKeys: readonly ForeignKey[],
  tables: ReadonlyMap<string, KeptTable>,
  sequences: BackupHeader["sequences"],
): Promise<void> {
  for (const { table, name, definition } of foreignKeys)
    await tx.execute(rawSql(`alter table ${table} add constraint ${quoted(name)} ${definition}`));
  for (const { name } of tables.values()) await tx.execute(rawSql(`alter table ${quoted(name)} enable trigger user`));
  for (const { name, lastValue, isCalled } of sequences)
    await tx.query(sql`select setval(${quoted(name)}::regclass, ${lastValue}::bigint, ${isCalled})`);
}

function tableOf(tables: ReadonlyMap<string, KeptTable>, { table, columns }: BackupTable): KeptTable {
  const found = tables.get(table);
  if (!found) throw notOurs(`it has a table ${table}`);
  const names = found.columns.map(({ name }) => name);
  if (names.toSorted().join() !== columns.toSorted().join()) throw notOurs(`its table ${table} has other columns`);
  return found;
}

async function insertLines(
  tx: Tx,
  table: KeptTable,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  for (const setting of ONE_SPELLING) await tx.query(setting);
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const names = rawSql(columns.map(quoted).join(", "));
  const values = columns.map((name, index) => rawSql(`(line ->> ${index})::${types.get(name)}`));
  await tx.execute(sql`
    insert into ${rawSql(quoted(table.name))} (${names})
           overriding system value
    select ${joinSql(values, ", ")}
      from json_array_elements(${`[${lines.join(",")}]`}::json) as each(line)
  `);
}

/** Reads the table as a backup of it would, and compares what that says of it. */
async function verifyTable(db: Database, table: KeptTable, expected: BackupTableEnd | undefined): Promise<void> {
  const hash = createHash("sha256");
  let rows = 0;
  const lines = db.streamSnapshot(async function* (reader) {
    for (const setting of ONE_SPELLING) await reader.query(setting);
    yield* fetchLines(reader, selectLines(table));
  });
  for await (const batch of lines) {
    rows += batch.length;
    for (const line of batch) addLine(hash, line);
  }
  if (rows === expected?.rows && hash.digest("hex") === expected.sha256) return;
  throw new Fault(`${table.name} has ${rows} rows, of which some differ from the backup's ${expected?.rows}.`, {
    code: "restore.differs",
    publicMessage:
      `What was restored into ${table.name} is not what the backup holds. This is a defect of Usher or of the database; ` +
      "nothing of it can be used.",
  });
}

function notOurs(why: string): Fault {
  return new Fault(`The backup does not fit its own schema: ${why}.`, {
    code: "backup.damaged",
    publicMessage: `The backup does not hold what its version would have written: ${why}. Take another one.`,
  });
}
