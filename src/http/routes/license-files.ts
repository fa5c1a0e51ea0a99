import { stringify } from "csv-stringify/sync";
import * as api from "../../api/license-files.ts";
import { addDocument, removeDocument } from "../../commands/licenses/documents.ts";
import { applyLicenses, previewLicenses } from "../../commands/licenses/import-licenses.ts";
import { toDay } from "../../lib/day.ts";
import { ok, refuse } from "../../lib/result.ts";
import { LICENSE_FIELDS, licenseCells } from "../../rules/licenses/import-row.ts";
import type { Reader } from "../../store/database.ts";
import { documentList, findDocument } from "../../store/licenses/documents.ts";
import { listNamedOperators } from "../../store/licenses/import-rows.ts";
import { findLicense, listOpenLicenses } from "../../store/licenses/licenses.ts";
import { listSiteEditions } from "../../store/licenses/site-editions.ts";
import { handleList } from "../lists.ts";
import { handle, handleFile } from "../route.ts";
import { chosenOf, fileOf, read } from "./imports.ts";

export const licenseFileHandlers = [
  handleFile(api.exportLicenses, async ({ reader, ctx }) => {
    const csv = await licensesCsv(reader);
    return ok({ name: `licenses-${toDay(ctx.clock.now())}.csv`, type: "text/csv; charset=utf-8", bytes: whole(csv) });
  }),

  handle(api.previewLicensesImport, (input) => previewLicenses(input.ctx, fileOf(input), chosenOf(input))),

  handle(api.applyLicensesImport, async ({ ctx, params, body, reader }) => {
    const applied = await applyLicenses(ctx, params.importId, body);
    return applied.ok ? ok(await read(reader, params.importId)) : applied;
  }),

  handleList(api.listLicenseDocuments, async ({ reader, params }) => {
    const found = await findLicense(reader, params.licenseId);
    return found ? ok(documentList(params.licenseId)) : refuse("no-such-license");
  }),

  handle(api.addLicenseDocument, async ({ ctx, params, query, csv }) => {
    const content = await contentOf(csv);
    return content ? addDocument(ctx, params.licenseId, { ...query, content }) : refuse("document-size");
  }),

  handleFile(api.getLicenseDocument, async ({ reader, params }) => {
    const found = await findDocument(reader, params.licenseId, params.documentId);
    if (!found) return refuse((await findLicense(reader, params.licenseId)) ? "no-such-document" : "no-such-license");
    const { name, mediaType, content } = found;
    return ok({ name: headerName(name), type: mediaType, bytes: whole(content) });
  }),

  handle(api.removeLicenseDocument, async ({ ctx, params }) => {
    const removed = await removeDocument(ctx, params.licenseId, params.documentId);
    return removed.ok ? ok(undefined) : removed;
  }),
];

async function licensesCsv(reader: Reader): Promise<Uint8Array> {
  const sites = await listSiteEditions(reader);
  const operators = await listNamedOperators(reader);
  const rows = (await listOpenLicenses(reader)).map((license) => {
    const owner = operators.find(({ id }) => id === license.ownerId);
    const names = license.siteIds.map((siteId) => {
      const { name = siteId } = sites.find(({ id }) => id === siteId) ?? {};
      // A name that is not the site's alone, or that would be cut in two, does not lead back to it.
      const isClear = sites.filter((each) => each.name.toLowerCase() === name.toLowerCase()).length === 1;
      return isClear && !name.includes(";") && name.trim() === name ? name : siteId;
    });
    return licenseCells(license, names, owner?.email ?? license.ownerId);
  });
  return Buffer.from(stringify([Object.keys(LICENSE_FIELDS), ...rows], { escape_formulas: true }));
}

/** All of it; null of an empty file, and as soon as it is larger than a document may be. */
async function contentOf(bytes: AsyncIterable<Uint8Array> | null): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes ?? []) {
    size += piece.byteLength;
    if (size > api.DOCUMENT_BYTES_MAX) return null;
    pieces.push(piece);
  }
  return size === 0 ? null : Buffer.concat(pieces);
}

/** A header holds plain letters only, and a quote would end the name. */
function headerName(name: string): string {
  return name.replaceAll(/[^\w .()-]/g, "_");
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
