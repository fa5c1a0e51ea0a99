import { isDay } from "../../lib/day.ts";
import { amountText, isCurrency, parseSteps, stepsText } from "../../lib/money.ts";
import type { ImportColumn, ImportRow, RowError } from "../../model/imports.ts";
import { LICENSE_METRICS, LICENSED_EDITIONS, type LicenseTerms } from "../../model/licenses.ts";
import { type Cell, cellsByField, flawOfText, flawOfWidth, type KnownFields } from "../import-columns.ts";

/** Columns of a file of licenses, in the order in which one is written. */
export const LICENSE_FIELDS: KnownFields = {
  name: ["license"],
  sites: ["site"],
  edition: ["plan"],
  metric: [],
  quantity: ["seats", "users"],
  pricing: ["pricekind"],
  prices: ["price", "unitprice"],
  currency: [],
  termStart: ["from", "start", "startdate"],
  termEnd: ["until", "end", "enddate"],
  billingDay: [],
  renewalOn: ["renewal", "renewaldate"],
  noticeOn: ["notice", "noticedate"],
  autoRenew: [],
  renewalQuantity: [],
  costCenter: [],
  owner: ["owneremail"],
  note: ["notes"],
};

/** What a row says: fields whose column the file does not have are left out. Sites and owner are still words. */
export type LicenseWords = Partial<Omit<LicenseTerms, "siteIds" | "ownerId">> & {
  sites?: string[];
  owner?: string | null;
};

type Reads = (cell: Cell, errors: RowError[], cells: ReadonlyMap<string, Cell>) => LicenseWords;

/** One row of a file of licenses. An empty cell clears what may be empty, and is wrong where something is needed. */
export function readLicenseRow(columns: readonly ImportColumn[], row: number, cells: readonly string[]): ImportRow {
  const width = flawOfWidth(columns, cells);
  if (width) return { row, data: {}, errors: [width] };
  const found = new Map(
    [...cellsByField(columns, cells)].map(([field, { column, text }]) => [field, { column, text: withoutGuard(text) }]),
  );
  const errors: RowError[] = [];
  const words: LicenseWords = {};
  for (const [field, cell] of found) {
    const flaw = field === "note" || field === "prices" ? null : flawOfText(cell);
    if (flaw) errors.push(flaw);
    else Object.assign(words, READS[field]?.(cell, errors, found));
  }
  return { row, data: { ...words }, errors };
}

/** What an export puts before a text that a spreadsheet would run as a formula, also one of full width. */
function withoutGuard(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

const GUARDED = /^'+[=+\-@\t\r＝＋－＠]/u;

const READS: Readonly<Record<string, Reads>> = {
  name: (cell, errors) => (needed(cell, errors, "what the license is called") ? { name: cell.text } : {}),
  sites: (cell, errors) => {
    if (!needed(cell, errors, "names or ids of sites, with ; between")) return {};
    return {
      sites: cell.text
        .split(";")
        .map((each) => each.trim())
        .filter((each) => each !== ""),
    };
  },
  edition: (cell, errors) => oneOf("edition", LICENSED_EDITIONS, cell, errors),
  metric: (cell, errors) => oneOf("metric", LICENSE_METRICS, cell, errors),
  quantity: (cell, errors) => wholeNumber("quantity", [0, 1_000_000], cell, errors),
  renewalQuantity: (cell, errors) => wholeNumber("renewalQuantity", [0, 1_000_000], cell, errors),
  billingDay: (cell, errors) => wholeNumber("billingDay", [1, 31], cell, errors),
  currency: (cell, errors) => {
    const currency = cell.text.toUpperCase();
    if (isCurrency(currency)) return { currency };
    return wrong(cell, errors, "a code of ISO 4217 such as USD");
  },
  prices: readPrices,
  termStart: (cell, errors) =>
    needed(cell, errors, "a day such as 2026-05-03") ? dayOf("termStart", cell, errors) : {},
  termEnd: (cell, errors) => dayOf("termEnd", cell, errors),
  renewalOn: (cell, errors) => dayOf("renewalOn", cell, errors),
  noticeOn: (cell, errors) => dayOf("noticeOn", cell, errors),
  autoRenew: (cell, errors) => {
    const word = cell.text.toLowerCase();
    if (["true", "yes", "1"].includes(word)) return { autoRenew: true };
    if (["false", "no", "0", ""].includes(word)) return { autoRenew: false };
    return wrong(cell, errors, "yes or no");
  },
  costCenter: ({ text }) => ({ costCenter: text || null }),
  owner: ({ text }) => ({ owner: text || null }),
  note: (cell, errors) => {
    if (cell.text.length > NOTE_MAX) return wrong(cell, errors, `at most ${NOTE_MAX} characters`);
    return { note: cell.text.replaceAll(/\p{Cc}+/gu, " ").trim() || null };
  },
};

const NOTE_MAX = 2000;

function readPrices(cell: Cell, errors: RowError[], cells: ReadonlyMap<string, Cell>): LicenseWords {
  const currency = cells.get("currency")?.text.toUpperCase() ?? "";
  const kind = cells.get("pricing")?.text.toLowerCase() || "bands";
  if (kind !== "bands" && kind !== "tiers") {
    return wrong(cells.get("pricing") ?? cell, errors, "bands or tiers");
  }
  if (!cells.has("currency")) return wrong(cell, errors, "prices beside a column that says their currency");
  // A currency that is wrong is told by its own column.
  if (!isCurrency(currency)) return {};
  const steps = parseSteps(cell.text, currency);
  if (steps) return { pricing: { kind, steps } };
  return wrong(cell, errors, `prices such as "100: ${amountText(655, currency)}; *: ${amountText(510, currency)}"`);
}

function needed(cell: Cell, errors: RowError[], expected: string): boolean {
  if (cell.text !== "") return true;
  errors.push({ field: cell.column, what: "is empty", expected });
  return false;
}

function wrong(cell: Cell, errors: RowError[], expected: string): LicenseWords {
  errors.push({ field: cell.column, what: `is "${cell.text.slice(0, 60)}"`, expected });
  return {};
}

function oneOf(field: "edition" | "metric", known: readonly string[], cell: Cell, errors: RowError[]): LicenseWords {
  const word = cell.text.toLowerCase();
  return known.includes(word) ? { [field]: word } : wrong(cell, errors, known.join(", "));
}

function wholeNumber(
  field: "quantity" | "renewalQuantity" | "billingDay",
  [min, max]: [number, number],
  cell: Cell,
  errors: RowError[],
): LicenseWords {
  if (cell.text === "") return { [field]: null };
  const isNumber = /^\d{1,7}$/.test(cell.text) && Number(cell.text) >= min && Number(cell.text) <= max;
  if (isNumber) return { [field]: Number(cell.text) };
  return wrong(cell, errors, `a whole number from ${min} to ${max}, or nothing`);
}

function dayOf(
  field: "termStart" | "termEnd" | "renewalOn" | "noticeOn",
  cell: Cell,
  errors: RowError[],
): LicenseWords {
  if (cell.text === "") return { [field]: null };
  return isDay(cell.text) ? { [field]: cell.text } : wrong(cell, errors, "a day such as 2026-05-03");
}

/** A license as a row of a file that imports again unchanged; `sites` and `owner` as words that name them. */
export function licenseCells(terms: LicenseTerms, sites: readonly string[], owner: string | null): string[] {
  const { siteIds: _, ownerId: __, pricing, ...plain } = terms;
  const cells: Record<string, string | number | boolean | null> = {
    ...plain,
    sites: sites.join("; "),
    pricing: pricing.kind,
    prices: stepsText(pricing.steps, terms.currency),
    owner,
  };
  return Object.keys(LICENSE_FIELDS).map((field) => {
    const text = String(cells[field] ?? "");
    // The guard of a formula is taken off again: one that was there of itself needs another.
    return GUARDED.test(text) ? `'${text}` : text;
  });
}
