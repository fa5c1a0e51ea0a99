import { readdir } from "node:fs/promises";
import { Fault } from "../lib/errors.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

/** Names of the migrations that this version knows, oldest first. */
export async function listKnownMigrations(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.filter((name) => name.endsWith(".sql")).sort();
}

/** The newest migration that the database has, by its file's name; null for an empty one. */
export async function findLastMigration(reader: Reader): Promise<string | null> {
  const [table] = await reader.query<{ isThere: boolean }>(
    sql`select to_regclass('kysely_migration') is not null as "isThere"`,
  );
  if (!table?.isThere) return null;
  const [row] = await reader.query<{ name: string }>(sql`
    select name from kysely_migration order by name collate "C" desc limit 1
  `);
  return row?.name ?? null;
}

export type SchemaState = "as-known" | "older" | "newer";

/** How the database stands to this version of Usher. */
export async function compareSchema(reader: Reader): Promise<SchemaState> {
  const newest = (await listKnownMigrations()).at(-1) ?? "";
  const last = (await findLastMigration(reader)) ?? "";
  return last === newest ? "as-known" : last < newest ? "older" : "newer";
}

/** An older Usher must not write to what a newer one has changed. Throws a Fault "store.schema-newer". */
export async function refuseNewerSchema(reader: Reader): Promise<void> {
  if ((await compareSchema(reader)) !== "newer") return;
  const last = await findLastMigration(reader);
  throw new Fault(`The database has ${last}, which this version does not know.`, {
    code: "store.schema-newer",
    publicMessage:
      "The database was brought to the schema of a newer Usher. This process is older and must not work on it: " +
      "update it to the version of the server that `usher status` shows.",
  });
}
