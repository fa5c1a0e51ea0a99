import type { Reader } from "../../src/store/database.ts";
import { rawSql, sql } from "../../src/store/sql.ts";

/**
 * Every row of every table that the catalog names, as hashes: a table that comes later is looked at too. When a token was
 * last used changes by asking.
 */
export async function readTables(reader: Reader): Promise<Map<string, string[]>> {
  const tables = await listTables(reader);
  const contents = new Map<string, string[]>();
  for (const table of tables) {
    const rows = await reader.query<{ hash: string }>(sql`
      select md5((to_jsonb(t) - 'last_used_at')::text) as hash from ${rawSql(table)} t order by 1
    `);
    contents.set(
      table,
      rows.map(({ hash }) => hash),
    );
  }
  return contents;
}

/** Every table but those that keep which migrations ran. */
export async function listTables(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ name: string }>(sql`
    select table_name as name
      from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely_%'
     order by table_name collate "C"
  `);
  return rows.map(({ name }) => name);
}

/** Tables, other than `except`, with rows that name one of these anywhere, and how many. */
export async function findRowsNaming(
  reader: Reader,
  names: readonly string[],
  except: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const table of await listTables(reader)) {
    if (except.includes(table)) continue;
    const [row] = await reader.query<{ rows: number }>(sql`
      select count(*) as rows
        from ${rawSql(table)} t
       where exists (select from unnest(${names as string[]}::text[]) name where strpos(to_jsonb(t)::text, name) > 0)
    `);
    if (row && row.rows > 0) found.push(`${table}: ${row.rows}`);
  }
  return found;
}

/** What goes on while nothing is asked: who lives, who acts, what was told for good. */
export const MOVES_BY_ITSELF = [
  "journal_checkpoints",
  "journal_entries",
  "journal_head",
  "journal_personal",
  "processes",
  // Each start makes one for whoever is the first.
  "sign_in_links",
];

/** Tables that do not hold the same rows, with how many are new and how many are gone. */
export function differing(before: Map<string, string[]>, left: Map<string, string[]>): string[] {
  return [...before.keys()]
    .filter((table) => !MOVES_BY_ITSELF.includes(table))
    .flatMap((table) => {
      const had = new Set(before.get(table));
      const has = new Set(left.get(table));
      const more = has.difference(had).size;
      const fewer = had.difference(has).size;
      return more + fewer > 0 ? [`${table}: ${more} more, ${fewer} gone`] : [];
    });
}
