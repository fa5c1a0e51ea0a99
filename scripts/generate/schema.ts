import type { Reader } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";

interface Column {
  table: string;
  definition: string;
}

interface Named {
  table: string;
  definition: string;
}

/** The schema as SQL, from the catalogs: what the migrations made of an empty database, in alphabetical order. */
export async function dumpSchema(reader: Reader): Promise<string> {
  const [sequences, functions, columns, constraints, indexes, triggers] = await Promise.all([
    listSequences(reader),
    listFunctions(reader),
    listColumns(reader),
    listConstraints(reader),
    listIndexes(reader),
    listTriggers(reader),
  ]);
  const tables = [...new Set(columns.map(({ table }) => table))];
  const ofTable = (rows: readonly Named[], table: string) =>
    rows.filter((row) => row.table === table).map((row) => row.definition);
  const statements = tables.map((table) => {
    const parts = [...ofTable(columns, table), ...ofTable(constraints, table)];
    const create = `create table ${table} (\n  ${parts.join(",\n  ")}\n);`;
    return [create, ...[...ofTable(indexes, table), ...ofTable(triggers, table)].map((each) => `${each};`)].join("\n");
  });
  return `${[HEADER, ...sequences, ...functions, ...statements].join("\n\n")}\n`;
}

const HEADER = "-- Made by `npm run generate` from the migrations; for reading, not for running.";

async function listSequences(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ name: string }>(sql`
    select sequencename as name from pg_sequences where schemaname = 'public' order by sequencename collate "C"
  `);
  return rows.map(({ name }) => `create sequence ${name};`);
}

async function listFunctions(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ definition: string }>(sql`
    select pg_get_functiondef(p.oid) as definition
      from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
     order by p.proname collate "C"
  `);
  return rows.map(({ definition }) => `${definition.trim()};`);
}

/** Ours; the tables in which the migrator keeps what it ran are not. */
const OURS = sql`t.relnamespace = 'public'::regnamespace and t.relkind = 'r' and t.relname not like 'kysely%'`;

function listColumns(reader: Reader): Promise<Column[]> {
  return reader.query<Column>(sql`
    select t.relname as table,
           a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
             || case when a.attcollation <> ty.typcollation then ' collate ' || quote_ident(c.collname) else '' end
             || case when a.attnotnull then ' not null' else '' end
             || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
             || case when a.attidentity <> '' then ' generated as identity' else '' end as definition
      from pg_class t
      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      join pg_type ty on ty.oid = a.atttypid
      left join pg_collation c on c.oid = a.attcollation
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
     where ${OURS}
     order by t.relname collate "C", a.attnum
  `);
}

/** PostgreSQL 18 also keeps each `not null` as a constraint; the columns have it already. */
function listConstraints(reader: Reader): Promise<Named[]> {
  return reader.query<Named>(sql`
    select t.relname as table, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as definition
      from pg_class t
      join pg_constraint k on k.conrelid = t.oid and k.contype <> 'n'
     where ${OURS}
     order by t.relname collate "C", k.contype <> 'p', k.conname collate "C"
  `);
}

function listIndexes(reader: Reader): Promise<Named[]> {
  return reader.query<Named>(sql`
    select t.relname as table, pg_get_indexdef(i.indexrelid) as definition
      from pg_class t
      join pg_index i on i.indrelid = t.oid
      join pg_class name on name.oid = i.indexrelid
     where ${OURS}
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     order by t.relname collate "C", name.relname collate "C"
  `);
}

function listTriggers(reader: Reader): Promise<Named[]> {
  return reader.query<Named>(sql`
    select t.relname as table, pg_get_triggerdef(g.oid) as definition
      from pg_class t
      join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
     where ${OURS}
     order by t.relname collate "C", g.tgname collate "C"
  `);
}
