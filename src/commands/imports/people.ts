import type { Result } from "../../lib/result.ts";
import type { PeopleImportOptions } from "../../model/imports.ts";
import { isTooManyLeaving, PEOPLE_FIELDS, readPersonRow } from "../../rules/people-import.ts";
import { addRowErrors, type ImportRecord } from "../../store/imports/imports.ts";
import {
  CONCERNED_PEOPLE,
  countPeople,
  dropGatheredPeople,
  gatherPeople,
  listImportedNames,
  repeatedPeopleSql,
  savePeople,
} from "../../store/imports/people.ts";
import { listMatchRules } from "../../store/matching/rules.ts";
import { settleMatches } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";
import { applyImport, type ApplyOptions, type ApplyRefusal } from "./apply-import.ts";
import type { ImportFile } from "./import-file.ts";
import { type ImportPreview, previewImport, type UnreadableFile } from "./preview-import.ts";

/** Reads a file about people and says who would be new, changed, unchanged or absent. */
export function previewPeople(
  ctx: Context,
  file: ImportFile,
  options: PeopleImportOptions,
  chosen: ReadonlyMap<string, string>,
): Promise<Result<ImportPreview, UnreadableFile>> {
  return previewImport(ctx, file, {
    kind: "people",
    options,
    fields: PEOPLE_FIELDS,
    needed: [["externalId", "email"]],
    chosen,
    readRow: readPersonRow,
    async settle(tx, importId) {
      await addRowErrors(tx, importId, repeatedPeopleSql(importId));
      await gatherPeople(tx, importId);
      const counts = await countPeople(tx, importId);
      await dropGatheredPeople(tx);
      return counts;
    },
  });
}

/** Names kept in the journal's personal part; the counts tell the rest. */
const NAMES_KEPT = 100;

/**
 * Saves the people of a preview, and who is behind which account with them. Who is absent is marked as left only where
 * the preview was asked for it; too many at once wait for `confirmLeaving`, for the file may have been cut.
 */
export function applyPeople(
  ctx: Context,
  importId: string,
  options: ApplyOptions & { confirmLeaving: boolean },
): Promise<Result<null, ApplyRefusal | "too-many-leaving">> {
  return applyImport<"too-many-leaving">(ctx, importId, options, {
    kind: "people",
    refuses: (found) => (marksTooMany(found) && !options.confirmLeaving ? "too-many-leaving" : null),
    async write(tx, found, at) {
      const markLeft = found.options["absent"] === "mark-left";
      await gatherPeople(tx, importId);
      const counts = await countPeople(tx, importId);
      await savePeople(tx, at, { markLeft });
      const names = await listImportedNames(tx, NAMES_KEPT);
      const matches = await settleMatches(tx, await listMatchRules(tx), at, CONCERNED_PEOPLE);
      await dropGatheredPeople(tx);
      return {
        counts: { ...counts, left: markLeft ? counts.leaving : 0, accountsMoved: matches.moved },
        personal: names,
      };
    },
  });
}

/** Whether an import would mark more people as left than a file that is whole usually does. */
export function marksTooMany({ options, counts }: Pick<ImportRecord, "options" | "counts">): boolean {
  if (options["absent"] !== "mark-left") return false;
  const { leaving = 0, changed = 0, unchanged = 0 } = counts;
  return isTooManyLeaving({ leaving, staying: changed + unchanged });
}
