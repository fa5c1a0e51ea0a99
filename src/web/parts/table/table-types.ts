import type { ReactNode } from "react";
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
  cell: (row: Row) => ReactNode;
}

export interface FilterChoice {
  value: string;
  label: string;
}

/** One filter. `id` is its name in the address and in the API's query alike. */
export type Filter = { id: string; label: Text } & (
  | { kind: "choices"; choices: readonly FilterChoice[] }
  | { kind: "choice"; choices: readonly FilterChoice[] }
  | { kind: "flag" }
  | { kind: "text" }
  | { kind: "number" }
  | { kind: "day" }
  /** Set by links only (a site, a connection): shown as a chip by the name that `name` gives its value. */
  | { kind: "thing"; name: (value: string) => ReactNode }
);

/** A view that comes with the page; its `query` is what the address then holds. */
export interface BuiltInView {
  id: string;
  label: Text;
  query: Readonly<Record<string, string>>;
}
