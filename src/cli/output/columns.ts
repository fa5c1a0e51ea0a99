import type { Colors } from "./colors.ts";
import { formatMoney, formatNumber, formatPlainMoney, formatRelative, NOTHING } from "./format.ts";
import type { TableColumn } from "./table.ts";
import { oneLine } from "./width.ts";

export type Tone = keyof Colors;

/** One column of a list, or one line of a single thing: once for people, once for programs. */
export interface Column<Row> extends TableColumn {
  /** For a terminal: relative times, grouped digits, `—` for nothing. */
  show(row: Row, now: Date): string;
  /** For a pipe: ISO times, bare digits, empty for nothing. */
  plain(row: Row): string;
  tone(row: Row): Tone | null;
}

type Missing = null | undefined;

const CUTTABLE = { align: "left", isCuttable: true, isNeeded: false } as const;
const WHOLE = { align: "left", isCuttable: false, isNeeded: false } as const;

export function textColumn<Row>(
  heading: string,
  read: (row: Row) => string | readonly string[] | Missing,
  tone: (row: Row) => Tone | null = noTone,
): Column<Row> {
  const join = (row: Row) => {
    const value = read(row);
    return oneLine(typeof value === "string" ? value : (value ?? []).join(", "));
  };
  return { ...CUTTABLE, heading, show: (row) => join(row) || NOTHING, plain: join, tone };
}

export function idColumn<Row>(read: (row: Row) => string | Missing, heading = "ID"): Column<Row> {
  return { ...textColumn(heading, read, () => "muted"), isCuttable: false, isNeeded: true };
}

/** Shown even where the window is too narrow for every column. */
export function needed<Row>(column: Column<Row>): Column<Row> {
  return { ...column, isNeeded: true };
}

export function numberColumn<Row>(heading: string, read: (row: Row) => number | Missing): Column<Row> {
  return {
    ...WHOLE,
    heading,
    align: "right",
    show: (row) => mapped(read(row), formatNumber) ?? NOTHING,
    plain: (row) => mapped(read(row), String) ?? "",
    tone: noTone,
  };
}

/** An instant as ISO text, told relative to now. */
export function instantColumn<Row>(heading: string, read: (row: Row) => string | Missing): Column<Row> {
  return {
    ...WHOLE,
    heading,
    show: (row, now) => mapped(read(row), (iso) => formatRelative(new Date(iso), now)) ?? NOTHING,
    plain: (row) => read(row) ?? "",
    tone: noTone,
  };
}

/** An instant of a record that is read as evidence: always absolute, in UTC. */
export function timeColumn<Row>(heading: string, read: (row: Row) => string | Missing): Column<Row> {
  return {
    ...WHOLE,
    heading,
    show: (row) => mapped(read(row), (iso) => iso.slice(0, 19).replace("T", " ")) ?? NOTHING,
    plain: (row) => read(row) ?? "",
    tone: () => "muted",
  };
}

/** For people `$5.16`, for a pipe `5.16 USD`; the minor units of the API are in its JSON and CSV. */
export function moneyColumn<Row>(
  heading: string,
  read: (row: Row) => { minor: number; currency: string } | Missing,
): Column<Row> {
  return {
    ...WHOLE,
    heading,
    align: "right",
    show: (row) => mapped(read(row), ({ minor, currency }) => formatMoney(minor, currency)) ?? NOTHING,
    plain: (row) => mapped(read(row), ({ minor, currency }) => formatPlainMoney(minor, currency)) ?? "",
    tone: noTone,
  };
}

export function booleanColumn<Row>(heading: string, read: (row: Row) => boolean | Missing): Column<Row> {
  return textColumn(heading, (row) => mapped(read(row), (value) => (value ? "yes" : "no")));
}

/** A state in its own word; the color only helps the eye along a column. */
export function stateColumn<Row>(heading: string, read: (row: Row) => string | Missing): Column<Row> {
  return { ...textColumn(heading, read, (row) => TONE_BY_STATE[read(row) ?? ""] ?? null), isCuttable: false };
}

const TONE_BY_STATE: Readonly<Record<string, Tone>> = {
  active: "ok",
  succeeded: "ok",
  connected: "ok",
  published: "ok",
  passed: "ok",
  complete: "ok",
  confirmed: "ok",
  running: "info",
  reading: "info",
  syncing: "info",
  act: "info",
  matched: "ok",
  applied: "ok",
  ambiguous: "warn",
  conflicting: "warn",
  covered: "ok",
  over: "warn",
  short: "danger",
  unknown: "muted",
  idle: "warn",
  "never-used": "warn",
  partial: "warn",
  held: "warn",
  warning: "warn",
  degraded: "warn",
  "needs-reauthorization": "warn",
  "not-allowed": "warn",
  failed: "danger",
  "no-evidence": "muted",
  unmatched: "muted",
  ignored: "muted",
  archived: "muted",
  canceled: "muted",
  dropped: "muted",
  replaced: "muted",
  waiting: "muted",
  queued: "muted",
};

function noTone(): null {
  return null;
}

function mapped<In, Out>(value: In | Missing, map: (value: In) => Out): Out | null {
  return value === null || value === undefined ? null : map(value);
}
