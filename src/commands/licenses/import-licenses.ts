import { isDeepStrictEqual } from "node:util";
import { type Day, toDay } from "../../lib/day.ts";
import type { Result } from "../../lib/result.ts";
import type { RowError } from "../../model/imports.ts";
import type { License, LicenseTerms } from "../../model/licenses.ts";
import { LICENSE_FIELDS, type LicenseWords, readLicenseRow } from "../../rules/licenses/import-row.ts";
import { doublyCovered, flawsOfTerms } from "../../rules/licenses/terms.ts";
import type { Tx } from "../../store/database.ts";
import {
  countRows,
  type GivenRow,
  listNamedOperators,
  listReadRows,
  saveRowErrors,
} from "../../store/licenses/import-rows.ts";
import { listLicensesEndingAfter, lockLicenses } from "../../store/licenses/licenses.ts";
import { listSiteEditions } from "../../store/licenses/site-editions.ts";
import type { Context } from "../context.ts";
import { applyImport, type ApplyOptions, type ApplyRefusal } from "../imports/apply-import.ts";
import { FileFlaw, type ImportFile } from "../imports/import-file.ts";
import { type ImportPreview, previewImport, type UnreadableFile } from "../imports/preview-import.ts";
import { insertAdded } from "./add-license.ts";
import { saveChanged } from "./change-license.ts";

/** Each is checked against all others; no company has near as many. */
const LICENSES_MAX = 5000;

/** Reads a file of licenses and says which would be new, changed and unchanged; a license is known by its name. */
export function previewLicenses(
  ctx: Context,
  file: ImportFile,
  chosen: ReadonlyMap<string, string>,
): Promise<Result<ImportPreview, UnreadableFile>> {
  return previewImport(ctx, file, {
    kind: "licenses",
    options: {},
    fields: LICENSE_FIELDS,
    needed: [["name"], ["sites"]],
    chosen,
    readRow: readLicenseRow,
    async settle(tx, importId) {
      const rows = await listReadRows(tx, importId, LICENSES_MAX);
      if (rows.length > LICENSES_MAX) {
        throw new FileFlaw({ field: "body", what: "has too many licenses", expected: `at most ${LICENSES_MAX}` });
      }
      const planned = await planRows(tx, rows, toDay(ctx.clock.now()));
      await saveRowErrors(
        tx,
        importId,
        planned.flatMap(({ row, errors }) => errors.map((each) => ({ row, ...each }))),
      );
      return { ...(await countRows(tx, importId)), ...countsOf(planned) };
    },
  });
}

/** Adds and changes the licenses of a preview. Those that the file does not have stay as they are. */
export function applyLicenses(
  ctx: Context,
  importId: string,
  options: ApplyOptions,
): Promise<Result<null, ApplyRefusal>> {
  return applyImport(ctx, importId, options, {
    kind: "licenses",
    async write(tx, found) {
      await lockLicenses(tx);
      const planned = await planRows(tx, await listReadRows(tx, importId, LICENSES_MAX), toDay(ctx.clock.now()));
      for (const { terms, known, errors, fields } of planned) {
        if (errors.length > 0 || !terms) continue;
        if (!known) await insertAdded(tx, ctx, terms);
        else if (!isUnchanged(known, terms)) await saveChanged(tx, ctx, { ...known, ...terms }, fields);
      }
      return { counts: { ...found.counts, ...countsOf(planned) } };
    },
  });
}

interface PlannedRow {
  row: number;
  errors: RowError[];
  /** Null where the row says too little. */
  terms: LicenseTerms | null;
  /** The license of this name that is there. */
  known: License | null;
  fields: string[];
}

function countsOf(planned: readonly PlannedRow[]) {
  const right = planned.filter(({ errors }) => errors.length === 0);
  const unchanged = right.filter(({ known, terms }) => known && terms && isUnchanged(known, terms)).length;
  const isNew = right.filter(({ known }) => !known).length;
  return { new: isNew, changed: right.length - isNew - unchanged, unchanged };
}

function isUnchanged(known: License, terms: LicenseTerms): boolean {
  return isDeepStrictEqual({ ...known, ...terms }, known);
}

const EMPTY: Omit<LicenseTerms, "name" | "siteIds" | "edition" | "metric" | "pricing" | "currency" | "termStart"> = {
  quantity: null,
  termEnd: null,
  billingDay: null,
  renewalOn: null,
  noticeOn: null,
  autoRenew: false,
  renewalQuantity: null,
  costCenter: null,
  ownerId: null,
  note: null,
};
const NEEDED = ["name", "siteIds", "edition", "metric", "pricing", "currency", "termStart"] as const;

/** What each row would make, checked beside what holds today or later and beside the other rows. */
async function planRows(tx: Tx, rows: readonly GivenRow[], today: Day): Promise<PlannedRow[]> {
  const [sites, operators, held] = [
    await listSiteEditions(tx),
    await listNamedOperators(tx),
    await listLicensesEndingAfter(tx, today),
  ];
  // The name of one that was ended is free at once.
  const open = held.filter(({ endedOn }) => endedOn === null);
  const planned = rows.map(({ row, data }): PlannedRow => {
    const { sites: siteWords, owner, ...words } = data as LicenseWords;
    const errors: RowError[] = [];
    const known = open.find(({ name }) => name.toLowerCase() === words.name?.toLowerCase()) ?? null;
    const siteIds = siteWords?.flatMap((word) => {
      const named = sites.filter(({ id, name }) => id === word || name.toLowerCase() === word.toLowerCase());
      if (named.length === 1) return named.map(({ id }) => id);
      const what = named.length === 0 ? `"${word}" is no site here` : `"${word}" are ${named.length} sites`;
      errors.push({ field: "sites", what, expected: "the name or id of one site" });
      return [];
    });
    const word = owner?.toLowerCase();
    const operator = word ? operators.find(({ id, email }) => id === word || email?.toLowerCase() === word) : undefined;
    if (owner && !operator) {
      errors.push({ field: "owner", what: `"${owner}" is nobody here`, expected: "the e-mail or id of an operator" });
    }
    if (known && words.currency !== undefined && words.currency !== known.currency && !words.pricing) {
      errors.push({ field: "prices", what: "is missing", expected: `prices in ${words.currency}` });
    }
    const said = {
      ...words,
      ...(siteIds ? { siteIds: [...new Set(siteIds)].toSorted() } : {}),
      ...(owner === undefined ? {} : { ownerId: operator?.id ?? null }),
    };
    const terms = { ...(known ? termsOf(known) : EMPTY), ...said };
    const missing = NEEDED.filter((field) => terms[field] === undefined);
    for (const field of missing) {
      errors.push({
        field: field === "pricing" ? "prices" : field,
        what: "is missing",
        expected: "a column that says it",
      });
    }
    const isWhole = missing.length === 0 && errors.length === 0;
    return { row, errors, terms: isWhole ? (terms as LicenseTerms) : null, known, fields: Object.keys(said) };
  });
  for (const each of planned) checkBeside(each, planned, held);
  return planned;
}

function termsOf(license: License): LicenseTerms {
  return Object.fromEntries(
    [...NEEDED, ...Object.keys(EMPTY)].map((field) => [field, license[field as keyof License]]),
  ) as unknown as LicenseTerms;
}

/** Two rows of one name, and sites that another license covers on the same day once all rows are applied. */
function checkBeside(
  { row, terms, errors }: PlannedRow,
  planned: readonly PlannedRow[],
  held: readonly License[],
): void {
  if (!terms) return;
  errors.push(...flawsOfTerms(terms));
  const earlier = planned.find((each) => each.row < row && each.terms?.name.toLowerCase() === terms.name.toLowerCase());
  if (earlier) {
    errors.push({ field: "name", what: `is that of row ${earlier.row} as well`, expected: "one row a license" });
    return;
  }
  const asTheyWillBe = [
    ...held.filter(({ id }) => !planned.some((each) => each.known?.id === id)),
    ...planned.flatMap((each) => (each.row !== row && each.terms ? [asLicense(each.terms, each.known)] : [])),
  ];
  const twice = doublyCovered(terms, asTheyWillBe);
  if (twice) {
    const what = `has ${twice.siteId}, which "${twice.other.name}" covers on a day of this term`;
    errors.push({ field: "sites", what, expected: "sites and a term that no other license has" });
  }
}

/** Enough of a license to be compared by its days. */
function asLicense(terms: LicenseTerms, known: License | null): License {
  const at = new Date(0);
  const made = {
    revision: 0,
    quantitySince: at,
    settledTo: terms.termStart,
    createdBy: "",
    createdAt: at,
    updatedAt: at,
  };
  return { ...made, endedOn: null, endedReason: null, ...known, ...terms, id: known?.id ?? "" };
}
