import { z } from "zod";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { acceptErrors, fileQuery, importParams, ImportPreview, NOT_APPLIED, PREVIEW, UNREADABLE } from "./imports.ts";
import { NO_SUCH_LICENSE } from "./licenses.ts";
import { defineList } from "./lists.ts";

/** Most bytes of a document: a contract with its scans. */
export const DOCUMENT_BYTES_MAX = 10 * 1024 * 1024;

export const exportLicenses = defineRoute({
  id: "licenses.export",
  method: "GET",
  path: "/licenses/export",
  summary: "Every license that has not ended, as a CSV file that imports again unchanged",
  scope: "licenses:read",
  answer: z.string(),
  produces: "file",
});

export const previewLicensesImport = defineRoute({
  id: "licenses.preview-import",
  method: "POST",
  path: "/licenses/import",
  summary: "Preview a file of licenses",
  description: `${PREVIEW} A license is known by its name. A column that the file does not have keeps what is there; an empty cell clears it. \`sites\` are names or ids with semicolons between, \`prices\` look like \`100: 6.55; *: 5.10\`, by \`pricing\` of \`bands\` or \`tiers\`.`,
  scope: "licenses:write",
  takes: "csv",
  query: z.strictObject(fileQuery),
  answer: ImportPreview,
  status: 201,
  refusals: UNREADABLE,
});

export const applyLicensesImport = defineRoute({
  id: "licenses.apply-import",
  method: "POST",
  path: "/licenses/import/{importId}/apply",
  summary: "Apply a previewed file of licenses",
  description: "All of it or nothing, once. Licenses that the file does not have stay as they are.",
  scope: "licenses:write",
  params: importParams,
  body: z.strictObject({ acceptErrors }),
  answer: ImportPreview,
  refusals: NOT_APPLIED,
});

const licenseParams = z.strictObject({ licenseId: idOf("license") });
const documentParams = licenseParams.extend({ documentId: idOf("document") });
const NO_SUCH_DOCUMENT = {
  ...NO_SUCH_LICENSE,
  "no-such-document": { status: 404, says: "The license has no such document." },
} as const;

export const LicenseDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
    addedBy: z.string(),
    addedAt: instant,
  })
  .meta({ id: "LicenseDocument" });

export const listLicenseDocuments = defineList({
  id: "licenses.documents",
  path: "/licenses/{licenseId}/documents",
  summary: "Contracts and invoices kept with a license",
  scope: "licenses:read",
  params: licenseParams,
  item: LicenseDocument,
  sorts: ["addedAt"],
  refusals: NO_SUCH_LICENSE,
});

export const addLicenseDocument = defineRoute({
  id: "licenses.add-document",
  method: "POST",
  path: "/licenses/{licenseId}/documents",
  summary: "Keep a file with a license",
  description: `The body is the file, at most ${DOCUMENT_BYTES_MAX / 1024 / 1024} MiB; a license keeps up to 50.`,
  scope: "licenses:write",
  params: licenseParams,
  query: z.strictObject({
    name: text(200).meta({ description: "What the file is called." }),
    mediaType: z
      .string()
      .max(100)
      .regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/, "a media type such as application/pdf")
      .default("application/octet-stream"),
  }),
  takes: "file",
  answer: LicenseDocument,
  status: 201,
  refusals: {
    ...NO_SUCH_LICENSE,
    "document-size": { status: 422, says: `A document has 1 byte to ${DOCUMENT_BYTES_MAX / 1024 / 1024} MiB.` },
    "too-many-documents": { status: 409, says: "The license has 50 documents already. Remove one first." },
  },
});

export const getLicenseDocument = defineRoute({
  id: "licenses.download-document",
  method: "GET",
  path: "/licenses/{licenseId}/documents/{documentId}",
  summary: "A document as it was given",
  scope: "licenses:read",
  params: documentParams,
  answer: z.string(),
  produces: "file",
  refusals: NO_SUCH_DOCUMENT,
});

export const removeLicenseDocument = defineRoute({
  id: "licenses.remove-document",
  method: "DELETE",
  path: "/licenses/{licenseId}/documents/{documentId}",
  summary: "Keep a document no longer",
  scope: "licenses:write",
  params: documentParams,
  refusals: NO_SUCH_DOCUMENT,
});

export const licenseFileRoutes = [
  exportLicenses,
  previewLicensesImport,
  applyLicensesImport,
  listLicenseDocuments,
  addLicenseDocument,
  getLicenseDocument,
  removeLicenseDocument,
];
