import type { EvidenceKind } from "./facts.ts";

export type ImportKind = "people" | "accounts" | "evidence" | "licenses";

/** `previewed` says what would change; only `applied` changed it. */
export type ImportState = "reading" | "previewed" | "applied";

/** One thing that is wrong in a row, and what would be right. */
export interface RowError {
  /** The column as the file names it. */
  field: string;
  what: string;
  expected: string;
}

/** Which field a column of the file fills; null: it is left out. */
export interface ImportColumn {
  column: string;
  field: string | null;
}

/** One row as it is kept until the import is applied. */
export interface ImportRow {
  /** As a spreadsheet counts: the headings are row 1. */
  row: number;
  data: Record<string, unknown>;
  errors: RowError[];
}

export interface PeopleImportOptions {
  /** What becomes of people of earlier imports who are not in the file. */
  absent: "keep" | "mark-left";
}

export interface EvidenceImportOptions {
  siteId: string;
  /** The kind of rows that do not say one. */
  kind: EvidenceKind | null;
  /** ISO instants: the time that the file covers. */
  since: string;
  until: string;
  /** Kinds of which the file holds every use at the site within that time: only then does silence prove anything. */
  complete: EvidenceKind[];
}
