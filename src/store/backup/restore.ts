import type pg from "pg";
import { type BackupHeader, verifyBackupFile } from "../../lib/backup-file.ts";
import { Fault } from "../../lib/errors.ts";
import type { Database, Reader, Tx } from "../database.ts";
import { verifyJournal } from "../journal.ts";
import { migrate } from "../migrate.ts";
import { listKnownMigrations } from "../schema-version.ts";
import { rawSql, sql } from "../sql.ts";
import { loadBackup, type TellTable } from "./load.ts";
import { isRestoreUnfinished, markRestoreBegun, markRestoreEnded } from "./marker.ts";

export interface RestoreParts {
  db: Database;
  connection: pg.PoolConfig;
  /** The last step: what a copy must not go on with. Called once everything is there and proved to be the same. */
  settle(header: BackupHeader): Promise<void>;
  tell: TellTable;
}

/**
 * Makes an empty database the copy of a backup: its schema first, then the rows, then the migrations that came since.
 * One that was interrupted is begun again; until it has ended, nothing starts on the database. Throws Faults
 * "restore.not-empty", "restore.differs", "restore.journal-broken", "backup.newer", and those of reading the file.
 */
export async function restoreBackup(
  { db, connection, settle, tell }: RestoreParts,
  path: string,
): Promise<BackupHeader> {
  // Read whole before anything is written: a damaged file leaves the database as it is.
  const { header } = await verifyBackupFile(path);
  await refuseNewerBackup(header, path);
  if (await isRestoreUnfinished(db)) await db.transaction(dropEverything);
  else await refuseNotEmpty(db);

  await db.transaction(markRestoreBegun);
  await migrate(connection, { upTo: header.lastMigration });
  await loadBackup(db, path, tell);
  await migrate(connection);
  await db.query(rawSql("analyze"));
  await proveJournal(db, header);
  await settle(header);
  await db.transaction(markRestoreEnded);
  return header;
}

async function refuseNewerBackup(header: BackupHeader, path: string): Promise<void> {
  if ((await listKnownMigrations()).includes(header.lastMigration)) return;
  throw new Fault(`${path} has the schema ${header.lastMigration}, which this version does not know.`, {
    code: "backup.newer",
    publicMessage:
      `${path} was made by Usher ${header.version}, which is newer than this one. Restore it with that version or a ` +
      "newer one.",
  });
}

async function refuseNotEmpty(reader: Reader): Promise<void> {
  const found = await listObjects(reader);
  if (found.length === 0) return;
  throw new Fault(`The database is not empty: it has ${found.length} tables, sequences and functions.`, {
    code: "restore.not-empty",
    publicMessage:
      "A backup is restored into an empty database only, and this one is not: nothing was changed. Name a new one by " +
      "DATABASE_URL, or a new folder by USHER_DATA for the embedded one.",
  });
}

interface DatabaseObject {
  name: string;
  kind: "table" | "sequence" | "function";
}

/** What lies in the schema, without what an extension brought. */
function listObjects(reader: Reader): Promise<DatabaseObject[]> {
  return reader.query<DatabaseObject>(sql`
    with of_extensions as (
      select objid from pg_depend where deptype = 'e'
    )
    select oid::regclass::text as name, case relkind when 'S' then 'sequence' else 'table' end as kind
      from pg_class
     where relnamespace = current_schema()::regnamespace
       and relkind in ('r', 'p', 'S')
       and oid not in (select objid from of_extensions)
     union all
    select oid::regprocedure::text, 'function'
      from pg_proc
     where pronamespace = current_schema()::regnamespace
       and oid not in (select objid from of_extensions)
     order by kind desc, name
  `);
}

/** Only what a restore made is there: it began on an empty database. */
async function dropEverything(tx: Tx): Promise<void> {
  for (const { name, kind } of await listObjects(tx)) {
    await tx.execute(rawSql(`drop ${kind} if exists ${name} cascade`));
  }
}

async function proveJournal(db: Database, header: BackupHeader): Promise<void> {
  const proof = await db.snapshot((reader) => verifyJournal(reader));
  const isWhole = proof.intact && proof.checked === header.journal.seq;
  if (isWhole) return;
  throw new Fault(`The journal is broken at ${proof.brokenAt}: ${proof.reason}.`, {
    code: "restore.journal-broken",
    publicMessage:
      `The journal in the backup does not verify from entry ${proof.brokenAt ?? proof.checked} on (${proof.reason ?? "entries are missing"}). It was ` +
      "altered before the backup was made; take an older one, and keep this one as evidence.",
  });
}
