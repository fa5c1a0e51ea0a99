import { refuse, type Result } from "../../lib/result.ts";
import type { EvidenceKind } from "../../model/facts.ts";
import type { EvidenceImportOptions } from "../../model/imports.ts";
import { EVIDENCE_FIELDS, joinWindows, readEvidenceRow } from "../../rules/evidence-import.ts";
import type { Tx } from "../../store/database.ts";
import { dropNamedAccounts, gatherNamedAccounts, UNNAMED_ROWS } from "../../store/imports/accounts.ts";
import {
  countEvents,
  gatherEvents,
  listEventKinds,
  saveEvents,
  saveImportedEvidence,
  saveImportWindow,
} from "../../store/imports/evidence.ts";
import { addRowErrors, type ImportRecord } from "../../store/imports/imports.ts";
import { findEvidenceWindow } from "../../store/merge/activity.ts";
import { findSite } from "../../store/sites.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";
import { summarizeAnew } from "../sites/summarize-anew.ts";
import { applyImport, type ApplyOptions, type ApplyRefusal } from "./apply-import.ts";
import type { ImportFile } from "./import-file.ts";
import { type ImportPreview, previewImport, type UnreadableFile } from "./preview-import.ts";

export type EvidencePreviewRefusal = UnreadableFile | { code: "no-such-site" | "window-wrong" };

/**
 * Reads a file of uses: account, when, kind. `options` says which time it covers, and for which kinds it holds every use
 * at the site: only for those the silence of everybody else proves anything.
 */
export async function previewEvidence(
  ctx: Context,
  file: ImportFile,
  options: EvidenceImportOptions,
  chosen: ReadonlyMap<string, string>,
): Promise<Result<ImportPreview, EvidencePreviewRefusal>> {
  const site = await findSite(ctx.db, options.siteId);
  if (!site) return refuse({ code: "no-such-site" });
  const [since, until] = [new Date(options.since), new Date(options.until)];
  if (since >= until || until > ctx.clock.now()) return refuse({ code: "window-wrong" });
  return previewImport(ctx, file, {
    kind: "evidence",
    options,
    fields: EVIDENCE_FIELDS,
    needed: [["account"], ["when"], ...(options.kind === null ? [["kind"]] : [])],
    chosen,
    readRow: (columns, row, cells) => readEvidenceRow(columns, row, cells, { ...options, site: site.name }),
    async settle(tx, importId) {
      await gatherNamedAccounts(tx, importId, options.siteId);
      await addRowErrors(tx, importId, UNNAMED_ROWS);
      await gatherEvents(tx, importId);
      const counts = await countEvents(tx, importId);
      await dropNamedAccounts(tx);
      return counts;
    },
  });
}

/**
 * Saves the uses of a preview as events and evidence, and computes the statuses of the site anew. Where the file is said
 * to be complete, rows may be left out only for accounts that the site does not know: a use that could not be read may
 * be anybody's, and their silence would prove nothing.
 */
export function applyEvidence(
  ctx: Context,
  importId: string,
  options: ApplyOptions,
): Promise<Result<null, ApplyRefusal | "not-complete">> {
  return applyImport<"not-complete">(ctx, importId, options, {
    kind: "evidence",
    refuses: (found) => (claimsTooMuch(found) ? "not-complete" : null),
    async write(tx, found, at) {
      const given = found.options as unknown as EvidenceImportOptions;
      await gatherNamedAccounts(tx, importId, given.siteId);
      await gatherEvents(tx, importId);
      const counts = await countEvents(tx, importId);
      await saveEvents(tx, at);
      const [since, until] = [new Date(given.since), new Date(given.until)];
      for (const kind of await listEventKinds(tx)) {
        await saveImportedEvidence(tx, given.siteId, { kind, knownSince: since, knownUntil: until });
      }
      for (const kind of given.complete) await widen(tx, given.siteId, kind, { since, until });
      await dropNamedAccounts(tx);
      await summarizeAnew(tx, given.siteId);
      // The jobs that follow runs find what changed: exclusions, candidates, position.
      await signalWork(tx);
      return { counts };
    },
  });
}

function claimsTooMuch({ options, counts }: ImportRecord): boolean {
  const { complete } = options as unknown as EvidenceImportOptions;
  return complete.length > 0 && (counts["errors"] ?? 0) > (counts["unknownAccounts"] ?? 0);
}

async function widen(tx: Tx, siteId: string, kind: EvidenceKind, given: { since: Date; until: Date }): Promise<void> {
  const held = await findEvidenceWindow(tx, siteId, kind, "import");
  const window = joinWindows(held && { since: held.knownSince, until: held.knownUntil }, given);
  await saveImportWindow(tx, siteId, { kind, ...window });
}
