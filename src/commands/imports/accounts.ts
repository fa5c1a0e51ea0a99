import type { Result } from "../../lib/result.ts";
import { ACCOUNT_FIELDS, readAccountRow } from "../../rules/accounts-import.ts";
import {
  countAttributes,
  dropNamedAccounts,
  gatherAttributes,
  gatherNamedAccounts,
  saveAttributes,
  UNNAMED_ROWS,
} from "../../store/imports/accounts.ts";
import { addRowErrors } from "../../store/imports/imports.ts";
import { listMatchRules } from "../../store/matching/rules.ts";
import { settleMatches } from "../../store/matching/settle.ts";
import type { Context } from "../context.ts";
import { applyImport, type ApplyOptions, type ApplyRefusal } from "./apply-import.ts";
import type { ImportFile } from "./import-file.ts";
import { type ImportPreview, previewImport, type UnreadableFile } from "./preview-import.ts";

/** Reads a file of further attributes of accounts that the sites already know. */
export function previewAccounts(
  ctx: Context,
  file: ImportFile,
  chosen: ReadonlyMap<string, string>,
): Promise<Result<ImportPreview, UnreadableFile>> {
  return previewImport(ctx, file, {
    kind: "accounts",
    options: {},
    fields: ACCOUNT_FIELDS,
    needed: [["account"]],
    chosen,
    readRow: readAccountRow,
    async settle(tx, importId) {
      await gatherNamedAccounts(tx, importId, null);
      await addRowErrors(tx, importId, UNNAMED_ROWS);
      await gatherAttributes(tx, importId);
      const counts = await countAttributes(tx, importId);
      await dropNamedAccounts(tx);
      return counts;
    },
  });
}

/** Saves the attributes of a preview; rules that compare them find people at once. */
export function applyAccounts(
  ctx: Context,
  importId: string,
  options: ApplyOptions,
): Promise<Result<null, ApplyRefusal>> {
  return applyImport(ctx, importId, options, {
    kind: "accounts",
    async write(tx, _, at) {
      await gatherNamedAccounts(tx, importId, null);
      await gatherAttributes(tx, importId);
      const counts = await countAttributes(tx, importId);
      await saveAttributes(tx, at);
      const matches = await settleMatches(tx, await listMatchRules(tx), at);
      await dropNamedAccounts(tx);
      return { counts: { ...counts, accountsMoved: matches.moved } };
    },
  });
}
