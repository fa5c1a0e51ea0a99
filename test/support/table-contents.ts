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

export async function listTables(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ name: string }>(sql`
    select table_name as name
      from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'
     order by table_name collate "C"
  `);
  return rows.map(({ name }) => name);
}
