import { createBackupWriter, BACKUP_FORMAT, type BackupHeader } from "../../lib/backup-file.ts";
import type { Database, Reader } from "../database.ts";
import { findLastMigration } from "../schema-version.ts";
import { rawSql, sql } from "../sql.ts";
import { listKeptTables, ONE_SPELLING, quoted, selectLines } from "./tables.ts";

/** Rows fetched at once; bounds the memory of a backup, however large the installation. */
const FETCH_ROWS = 2_000;

/**
 * The whole installation as of one moment, in the text of a backup (lib/backup-file.ts), in pieces. Syncs go on
 * meanwhile. Holds no key: what is sealed stays sealed.
 */
export function writeBackup(db: Database, about: { version: string; at: Date }): AsyncGenerator<string> {
  return db.streamSnapshot((reader) => writeMoment(reader, about));
}

async function* writeMoment(reader: Reader, about: { version: string; at: Date }): AsyncGenerator<string> {
  for (const setting of ONE_SPELLING) await reader.query(setting);
  const writer = createBackupWriter();
  yield writer.header({
    usherBackup: BACKUP_FORMAT,
    version: about.version,
    madeAt: about.at.toISOString(),
    lastMigration: (await findLastMigration(reader)) ?? "",
    systemIdentifier: await findSystemIdentifier(reader),
    journal: await readJournalHead(reader),
    sequences: await readSequences(reader),
  });
  for (const table of await listKeptTables(reader)) {
    yield writer.table({ table: table.name, columns: table.columns.map(({ name }) => name) });
    for await (const lines of fetchLines(reader, selectLines(table))) yield writer.rows(lines);
    yield writer.end();
  }
  yield writer.trailer();
}

/** The lines of one table, in batches; needs a transaction, for the cursor. */
export async function* fetchLines(reader: Reader, select: string): AsyncGenerator<string[]> {
  await reader.query(rawSql(`declare lines_of_backup no scroll cursor for ${select}`));
  for (;;) {
    const rows = await reader.query<{ line: string }>(rawSql(`fetch ${FETCH_ROWS} from lines_of_backup`));
    if (rows.length > 0) yield rows.map((each) => each.line);
    if (rows.length < FETCH_ROWS) break;
  }
  await reader.query(rawSql("close lines_of_backup"));
}

/** Null where the role may not ask, as on some hosted servers. */
async function findSystemIdentifier(reader: Reader): Promise<string | null> {
  const [row] = await reader.query<{ mayAsk: boolean }>(sql`
    select has_function_privilege('pg_control_system()', 'execute') as "mayAsk"
  `);
  if (!row?.mayAsk) return null;
  const [found] = await reader.query<{ id: string }>(
    sql`select system_identifier::text as id from pg_control_system()`,
  );
  return found?.id ?? null;
}

async function readJournalHead(reader: Reader): Promise<BackupHeader["journal"]> {
  const [head] = await reader.query<BackupHeader["journal"]>(sql`select seq, hash from journal_head`);
  if (!head) throw new Error("The journal has no head row: the first migration did not run.");
  return head;
}

/** Sequences are not of the moment: what is read here is at least as far as what the rows used. */
async function readSequences(reader: Reader): Promise<BackupHeader["sequences"]> {
  const named = await reader.query<{ name: string }>(sql`
    select sequencename as name
      from pg_sequences
     where schemaname = current_schema()
     order by sequencename collate "C"
  `);
  const sequences = [];
  for (const { name } of named) {
    const [state] = await reader.query<{ lastValue: string; isCalled: boolean }>(
      rawSql(`select last_value::text as "lastValue", is_called as "isCalled" from ${quoted(name)}`),
    );
    if (state) sequences.push({ name, ...state });
  }
  return sequences;
}
