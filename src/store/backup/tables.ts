import type { Reader } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/**
 * Tables that are of this running copy only: who holds what just now, what was staged by a run that will not go on, and
 * links to consent by that were given out. A restored copy begins without them.
 */
const NOT_KEPT = [
  "consent_links",
  "kysely_migration",
  "kysely_migration_lock",
  "leases",
  "oauth_attempts",
  "processes",
  "quota_slots",
  "quotas",
  "staged_rows",
];

export interface KeptTable {
  name: string;
  /** In their order, without those that are computed. */
  columns: { name: string; type: string }[];
  /** Columns of the primary key, which give the rows one order. */
  key: { name: string; type: string }[];
}

/** Every table that a backup holds, by name. Throws where one has no primary key: its rows would have no order. */
export async function listKeptTables(reader: Reader): Promise<KeptTable[]> {
  const tables = await reader.query<KeptTable>(sql`
    select c.relname as name,
           (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                             order by a.attnum)
              from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
           (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                                      order by k.position), '[]')
              from pg_index i
             cross join lateral unnest(i.indkey::smallint[]) with ordinality as k(attnum, position)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
             where i.indrelid = c.oid and i.indisprimary) as key
      from pg_class c
     where c.relnamespace = current_schema()::regnamespace
       and c.relkind = 'r'
       and c.relname <> all (${NOT_KEPT})
     order by c.relname collate "C"
  `);
  const unordered = tables.find((each) => each.key.length === 0);
  if (unordered) throw new Error(`The table ${unordered.name} has no primary key, so a backup cannot hold it.`);
  return tables;
}

/**
 * Makes the server write every value in one way, whatever its settings: instants in UTC, numbers to their last digit.
 * Holds for the transaction.
 */
export const ONE_SPELLING = [
  "set local timezone = 'UTC'",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local extra_float_digits = 1",
  "set local bytea_output = 'hex'",
].map(rawSql);

/** Each row as one JSON array of texts, in the order of the primary key whatever the database's collation. */
export function selectLines(table: KeptTable): string {
  const values = table.columns.map(({ name }) => `${quoted(name)}::text`).join(", ");
  const order = table.key.map(({ name, type }) => quoted(name) + (type === "text" ? ' collate "C"' : "")).join(", ");
  return `select json_build_array(${values})::text as line from ${quoted(table.name)} order by ${order}`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
