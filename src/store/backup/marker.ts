import { Fault } from "../../lib/errors.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

/*
 * A schema of its own that is there from before the first table of a restore until after its last step. While it is,
 * what lies in the database is part of a backup and of no use.
 */

export async function isRestoreUnfinished(reader: Reader): Promise<boolean> {
  const [row] = await reader.query<{ isThere: boolean }>(sql`
    select exists (select from pg_namespace where nspname = 'usher_restore') as "isThere"
  `);
  return row?.isThere ?? false;
}

/** Nothing may work on half of a backup. Throws a Fault "restore.unfinished". */
export async function refuseUnfinishedRestore(reader: Reader): Promise<void> {
  if (!(await isRestoreUnfinished(reader))) return;
  throw new Fault("A restore of this database was begun and has not ended.", {
    code: "restore.unfinished",
    publicMessage:
      "A restore into this database is under way or was interrupted, so what it holds is not whole. Wait for it to end, " +
      "or begin it again: `usher restore <file>`.",
  });
}

export async function markRestoreBegun(tx: Tx): Promise<void> {
  await tx.execute(sql`create schema if not exists usher_restore`);
}

export async function markRestoreEnded(tx: Tx): Promise<void> {
  await tx.execute(sql`drop schema if exists usher_restore`);
}
