import type { Reader } from "./database.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** A column, or expression, that a list sorts by. Its type is how a cursor's text becomes a value again. */
export interface SortColumn {
  by: Sql;
  type: "text" | "timestamptz" | "bigint";
  /** Rows without a value come last, whichever way the list is sorted. */
  isNullable?: boolean;
}

/** Fragments for the statement of one page; see src/http/lists.ts for how they are put in. */
export interface ListPage {
  /** Goes into the columns: the values that the next page's cursor is made of. */
  keys: Sql;
  /** Goes into the conditions: what lies after the cursor; `true` on the first page. */
  after: Sql;
  /** Goes last: the order, and the limit where there is one. */
  order: Sql;
}

/** Where a page ended: the sort value of its last row as PostgreSQL wrote it (null: it had none), and what breaks ties. */
export interface ListPosition {
  value: string | null;
  tie: string;
}

export interface PageRequest {
  column: SortColumn;
  tie: SortColumn;
  descends: boolean;
  after: ListPosition | null;
  /**
   * `values`: what lies after a value and has one itself, by the index; `nulls`: what has none and comes last. Left out:
   * both at once, which no index answers.
   */
  only?: "values" | "nulls";
  /** Null: no limit, for an export. */
  limit: number | null;
}

/**
 * Where the page that begins at the row `at` (from 0, at least 1) goes on after: the keys of the row before it. Gives one
 * row, or none where the list is shorter. PostgreSQL leaves out what the statement selects beside the keys, so that as
 * many rows as are skipped are looked up in an index only.
 */
export function positionSql(source: Pick<ListSource, "select">, request: PageRequest, at: number): Sql {
  const page = pageSql({ ...request, limit: 1 });
  const skipped = { ...page, order: sql`${page.order} offset ${at - 1}` };
  return sql`select q."pageValue", q."pageTie" from (${source.select(skipped)}) as q`;
}

/** The two columns that `keys` adds to each row. */
export interface PageKeys {
  pageValue: string | null;
  pageTie: string;
}

/**
 * Pages by key: what is added or removed between two pages moves nothing else. Both columns go the same way, so that
 * one index serves either direction, and a comparison of rows is what such an index answers at once.
 */
export function pageSql(request: PageRequest): ListPage {
  const { column, tie, descends, limit } = request;
  const direction = rawSql(descends ? "desc" : "asc");
  const nulls = rawSql(column.isNullable ? " nulls last" : "");
  return {
    keys: sql`(${column.by})::text as "pageValue", (${tie.by})::text as "pageTie"`,
    after: afterSql(request),
    order: sql`order by ${column.by} ${direction}${nulls}, ${tie.by} ${direction} limit ${limit}`,
  };
}

function afterSql({ column, tie, descends, after, only }: PageRequest): Sql {
  if (only === "nulls" && (!after || after.value !== null)) return sql`${column.by} is null`;
  if (!after) return sql`true`;
  const beyond = rawSql(descends ? "<" : ">");
  const tieValue = sql`${after.tie}::text::${rawSql(tie.type)}`;
  if (after.value === null) return sql`(${column.by} is null and ${tie.by} ${beyond} ${tieValue})`;
  const rows = sql`(${column.by}, ${tie.by}) ${beyond} (${after.value}::text::${rawSql(column.type)}, ${tieValue})`;
  return column.isNullable && only !== "values" ? sql`(${rows} or ${column.by} is null)` : rows;
}

/** How a list selects its rows; paging, sorting, counting and export follow from it. */
export interface ListSource<Row = Record<string, unknown>, Item = unknown, Sort extends string = string> {
  sorts: Record<Sort, SortColumn>;
  tie: SortColumn;
  select(page: ListPage): Sql;
  /** Gives one row with `total`. Left out: the list cannot be counted, and `total` stays null. */
  count?: Sql;
  /** Called with the rows of one page, or of one batch of an export. Left out: the rows are the items. */
  toItems?(rows: Row[], reader: Reader): Promise<Item[]> | Item[];
  dataAsOf?: Date | null;
  /** The earlier instant that the rows are of; null for now. Set by lists that answer for earlier days. */
  asOf?: Date | null;
  /** Sites that are left out, because nothing was known of them then. */
  notKnown?: readonly { siteId: string; site: string; kind: string | null; since: Date | null }[];
}
