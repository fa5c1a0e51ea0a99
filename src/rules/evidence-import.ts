import type { EvidenceKind } from "../model/facts.ts";
import type { EvidenceImportOptions, ImportColumn, ImportRow, RowError } from "../model/imports.ts";
import { cellsByField, flawOfText, flawOfWidth, type Cell, type KnownFields } from "./import-columns.ts";

export const EVIDENCE_FIELDS: KnownFields = {
  account: ["user", "email", "mail", "username", "accountid", "userkey", "login"],
  site: ["instance"],
  when: [
    "at",
    "date",
    "time",
    "timestamp",
    "lastlogin",
    "lastlogindate",
    "lastauthenticated",
    "lastactive",
    "lastseen",
  ],
  kind: ["type", "evidence"],
  summary: ["what", "description", "event"],
};

/** Words for the kinds, as logs write them. */
const KIND_WORDS: Record<EvidenceKind, readonly string[]> = {
  viewed: ["viewed", "view", "read"],
  contributed: ["contributed", "edited", "created", "wrote"],
  administered: ["administered", "admin", "administration"],
  authenticated: ["authenticated", "login", "log-in", "logged in", "sign-in", "signed in"],
};

const KINDS = Object.keys(KIND_WORDS) as EvidenceKind[];

/** What an event is called that the file does not describe. */
export const SUMMARY_OF_KIND: Record<EvidenceKind, string> = {
  viewed: "viewed something",
  contributed: "changed something",
  administered: "administered something",
  authenticated: "logged in",
};

/**
 * One row of a file of evidence, as it is kept: `account` as the file names it, `at`, `kind` and `summary`. Which account
 * it is, the store finds out; one that it does not know is an error, never guessed.
 */
export function readEvidenceRow(
  columns: readonly ImportColumn[],
  row: number,
  cells: readonly string[],
  options: EvidenceImportOptions & { site: string },
): ImportRow {
  const width = flawOfWidth(columns, cells);
  if (width) return { row, data: {}, errors: [width] };
  const found = cellsByField(columns, cells);
  const errors = [...found.values()].map(flawOfText).filter((each) => each !== null);
  if (errors.length > 0) return { row, data: {}, errors };

  const account = found.get("account");
  if (!account?.text) errors.push({ field: account?.column ?? "account", what: "is empty", expected: ACCOUNT });
  const site = found.get("site");
  if (site?.text && site.text.toLowerCase() !== options.site.toLowerCase()) {
    errors.push({
      field: site.column,
      what: `is "${site.text}", but the import is for ${options.site}`,
      expected: "rows of one site; give those of another in an import of their own",
    });
  }
  const at = readWhen(found.get("when"), options, errors);
  const kind = readKind(found.get("kind"), options.kind, errors);
  const summary = found.get("summary")?.text || (kind && SUMMARY_OF_KIND[kind]);
  return { row, data: { account: account?.text ?? null, at, kind, summary }, errors };
}

export const ACCOUNT =
  "an e-mail, a user name, the account's id at the source, or an id that looks like account_0f3k8v2m1q7x";

/** A day alone is taken as its first instant; without a time zone it is UTC. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

function readWhen(cell: Cell | undefined, options: EvidenceImportOptions, errors: RowError[]): string | null {
  const text = cell?.text ?? "";
  const field = cell?.column ?? "when";
  const at = DAY.test(text)
    ? `${text}T00:00:00Z`
    : INSTANT.exec(text)?.[1]
      ? text.replace(" ", "T")
      : `${text.replace(" ", "T")}Z`;
  const instant = DAY.test(text) || INSTANT.test(text) ? new Date(at) : null;
  if (!instant || Number.isNaN(instant.getTime())) {
    errors.push({
      field,
      what: text === "" ? "is empty" : `"${text.slice(0, 60)}" is not an instant`,
      expected: "an instant such as 2026-05-03T12:00:00Z, or a day",
    });
    return null;
  }
  // A day of which only the date is known may lie partly before the window begins.
  const begins = DAY.test(text) ? options.since.slice(0, 10) : options.since;
  if (instant < new Date(begins) || instant > new Date(options.until)) {
    errors.push({
      field,
      what: `${text} is outside of what the import covers`,
      expected: `from ${options.since} to ${options.until}`,
    });
    return null;
  }
  return instant.toISOString();
}

function readKind(cell: Cell | undefined, standard: EvidenceKind | null, errors: RowError[]): EvidenceKind | null {
  const word = cell?.text.toLowerCase() ?? "";
  if (word === "" && standard !== null) return standard;
  const kind = KINDS.find((each) => KIND_WORDS[each].includes(word));
  if (!kind) {
    errors.push({
      field: cell?.column ?? "kind",
      what: word === "" ? "is empty, and the import names no kind" : `"${word.slice(0, 60)}" is not a kind of evidence`,
      expected: `one of ${KINDS.join(", ")}`,
    });
  }
  return kind ?? null;
}

export interface Window {
  since: Date | null;
  until: Date;
}

/**
 * What two complete imports of a kind cover together: where they meet the one goes on where the other ended; else the
 * later one alone, for between them nothing is known.
 */
export function joinWindows(held: Window | null, given: { since: Date; until: Date }): Window {
  if (!held) return given;
  const meet = (held.since === null || held.since <= given.until) && given.since <= held.until;
  if (!meet) return held.until > given.until ? held : given;
  const since = held.since === null || held.since < given.since ? held.since : given.since;
  return { since, until: held.until > given.until ? held.until : given.until };
}
