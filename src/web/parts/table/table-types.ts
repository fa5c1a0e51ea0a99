import type { ReactNode } from "react";
import type { AnyInput, ListId, QueryValue, RouteId, RowOf } from "../../api/call.ts";
import type { Text } from "../../text/define.ts";

/** One column; in `width` pixels until its reader sizes it. */
export interface Column<Row> {
  id: string;
  label: Text;
  width: number;
  /** The list's name for sorting by it; left out, it cannot be sorted by. */
  sort?: string;
  /** Numbers stand right. */
  isNumber?: boolean;
  /** Not among the first columns; its reader may choose it. */
  isHiddenFirst?: boolean;
  /** The fields of the row that it shows, for an export as seen; left out, it is in no such export. */
  fields?: readonly string[];
  cell: (row: Row) => ReactNode;
}

export interface FilterChoice {
  value: string;
  label: string;
}

/** One filter. `id` is its name in the address and in the API's query alike. */
export type Filter = { id: string; label: Text } &
  /** Several values; counts stand beside them where the table has `facets`. */
  (
    | { kind: "choices"; choices: readonly FilterChoice[] }
    | { kind: "choice"; choices: readonly FilterChoice[] }
    | { kind: "flag" }
    | { kind: "text" }
    | { kind: "number" }
    | { kind: "day" }
    /** From `id` to `toId`, either of which may be left open. */
    | { kind: "range"; of: "day" | "number"; toId: string }
    /** Set by links only (a site, a connection): shown as a chip by the name that `name` gives its value. */
    | { kind: "thing"; name: (value: string) => ReactNode }
  );

/** A view that comes with the page; its `query` is what the address then holds. */
export interface BuiltInView {
  id: string;
  label: Text;
  query: Readonly<Record<string, string>>;
}

export type ListQuery = Readonly<Record<string, QueryValue>>;

/** What was selected, for the acts that are offered for it. */
export interface Selection<Row> {
  /** Those chosen one by one; empty when all are meant. */
  rows: readonly Row[];
  /** Set: every row that the list has for this query, also those not loaded. */
  all: { query: ListQuery; total: number } | null;
  count: number;
  clear: () => void;
}

/** What the list cannot tell of an earlier day, as its contract says: those sorts and filters are left out then. */
export interface AsOfLimits {
  notSorts?: readonly string[];
  notFilters?: readonly string[];
  /** Columns of which no history is kept, so that nobody reads "none" where "not known" is meant. */
  notColumns?: readonly string[];
}

/** The row whose slide-out is open. `row` is null until it is among the rows that were read. */
export interface OpenedRow<Row> {
  id: string;
  row: Row | null;
  close: () => void;
  /** To the row before or after it, where those were read. */
  step: (by: -1 | 1) => void;
}

export interface DataTableProps<Id extends ListId> {
  /** The list of the API that it shows. */
  list: Id;
  /** What the table is, read aloud. */
  label: string;
  columns: readonly Column<RowOf<Id>>[];
  rowId: (row: RowOf<Id>) => string;
  /** What a row is called, read aloud. */
  rowName: (row: RowOf<Id>) => string;
  /** The row's own page: its first cell is then a link there, which a plain click opens beside the list. */
  rowHref?: (row: RowOf<Id>) => string;
  filters?: readonly Filter[];
  views?: readonly BuiltInView[];
  /** The route that counts the values of filters. */
  facets?: RouteId;
  /** The list takes `q`. */
  isSearchable?: boolean;
  params?: AnyInput["params"];
  /** What every reading asks for, whatever the address says. */
  query?: ListQuery;
  /** What the list sorts by when the address says nothing. */
  defaultSort?: string;
  /** Set: the list takes `asOf`, and a control beside the filters chooses the day. */
  hasAsOf?: boolean | AsOfLimits;
  /** Set: a click or Enter opens a row in the page's slide-out, as `open=<id>` in the address. */
  isOpening?: boolean;
  /** Draws the slide-out of the row that the address opens; with it come steps to the rows beside it. */
  slideOut?: (opened: OpenedRow<RowOf<Id>>) => ReactNode;
  /** Set: rows can be selected, and these are the acts for what is. */
  selectionActions?:
    | ((selected: readonly RowOf<Id>[], selection: Selection<RowOf<Id>>) => ReactNode)
    // Of whoever may not act.
    | undefined;
  /** What else of the address belongs to the row that is open, and goes with it. */
  openState?: readonly string[];
  /** The acts can be done for all that match, by the query: `selection.all`. */
  isSelectingAll?: boolean;
  /** Where columns and views are kept, when two tables show the same list. */
  name?: string;
  /** A part of another thing, such as a tab of a slide-out: its filters and sort do not stand in the address. */
  isEmbedded?: boolean;
  /** When there is not one row although nothing is filtered. */
  empty: ReactNode;
}

export interface ListAnswer<Row> {
  items: Row[];
  next: string | null;
  total: number | null;
  dataAsOf: string | null;
  asOf?: string | null;
  notKnown?: { siteId: string; site: string; kind: string | null; since: string | null }[];
}
