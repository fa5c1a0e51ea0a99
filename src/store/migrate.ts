import { readdir, readFile } from "node:fs/promises";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import pg from "pg";
import { Fault, messageOf } from "../lib/errors.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

export interface MigrateOptions {
  /** The last migration to apply, by its file's name; the newest when left out. */
  upTo?: string;
}

/**
 * Brings the database to the newest schema; forward only, each migration in its own transaction, one process at a time.
 * Throws a Fault "store.migration-failed" that names the migration; the ones before it stay.
 */
export async function migrate(connection: pg.PoolConfig, options: MigrateOptions = {}): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1 });
  // A connection that the server ends while it is idle, or being closed, ends nothing; one in use fails its query.
  pool.on("error", () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } });
    const { error, results } = options.upTo ? await migrator.migrateTo(options.upTo) : await migrator.migrateToLatest();
    if (error === undefined) return;
    const failed = results?.find((each) => each.status === "Error")?.migrationName ?? "the list of migrations";
    throw new Fault(`Migration ${failed} failed: ${messageOf(error)}`, {
      code: "store.migration-failed",
      publicMessage: `The database could not be brought to this version: ${failed} failed. What was there before is unchanged.`,
      cause: error,
    });
  } finally {
    await db.destroy();
  }
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), "utf8")));
  return Object.fromEntries(
    names.map((name, index) => [name, { up: async (db) => void (await sql.raw(texts[index] ?? "").execute(db)) }]),
  );
}
