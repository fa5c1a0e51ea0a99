import type { Reader } from "./database.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** How many rows a list has with each value of one of its filters, most first. */
export interface Facet {
  /** The filter of the list that takes the values. */
  filter: string;
  values: FacetValue[];
  /** Values beyond those that are listed. */
  more: number;
}

export interface FacetValue {
  /** Null: it has none. */
  value: string | null;
  /** For people, where the value is an id. */
  label: string | null;
  count: number;
}

/** Values listed of one filter. */
export const FACET_VALUES_MAX = 50;

/**
 * Counts the rows of `from` by a column. `conditions` are those of the list without the filter of this facet, so that
 * the other values show what choosing them would give.
 */
export async function countByValue(
  reader: Reader,
  filter: string,
  { column, from, conditions }: { column: Sql; from: Sql; conditions: Sql },
): Promise<Facet> {
  const rows = await reader.query<{ value: string | null; count: number }>(sql`
    select (${column})::text as value, count(*) as count
      from ${from}
     where ${conditions}
     group by ${column}
     order by count(*) desc, (${column})::text
  `);
  return facetOf(filter, rows);
}

export function facetOf(filter: string, rows: readonly { value: string | null; count: number }[]): Facet {
  const listed = rows.slice(0, FACET_VALUES_MAX).map(({ value, count }) => ({ value, label: null, count }));
  return { filter, values: listed, more: rows.length - listed.length };
}

/** The facet with the names of the sites that its values are. */
export async function withSiteNames(reader: Reader, facet: Facet): Promise<Facet> {
  const ids = facet.values.flatMap(({ value }) => value ?? []);
  const rows = await reader.query<{ id: string; name: string }>(sql`
    select id, name from sites where id = any (${ids})
  `);
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const values = facet.values.map((each) => ({ ...each, label: names.get(each.value ?? "") ?? null }));
  return { ...facet, values };
}

/**
 * Counts by each of several columns in one pass: `by` names the column that a row is of. Beside all rows of a value it
 * counts those for which `alone` holds, and those for which `several` does.
 */
export async function countByEach<Name extends string>(
  reader: Reader,
  columns: Readonly<Record<Name, string>>,
  { from, conditions, alone, several }: { from: Sql; conditions: Sql; alone: Sql; several: Sql },
): Promise<{ by: Name; value: string | null; count: number; alone: number; several: number }[]> {
  const named = Object.entries(columns) as [Name, string][];
  const value = named.map(([, column]) => `when grouping(${column}) = 0 then ${column}`).join(" ");
  const by = named.map(([name, column]) => `when grouping(${column}) = 0 then '${name}'`).join(" ");
  const sets = named.map(([, column]) => `(${column})`).join(", ");
  return reader.query(sql`
    select case ${rawSql(by)} end as by, case ${rawSql(value)} end as value, count(*) as count,
           count(*) filter (where ${alone}) as alone, count(*) filter (where ${several}) as several
      from ${from}
     where ${conditions}
     group by grouping sets (${rawSql(sets)})
  `);
}
