import { z } from "zod";
import { defineRoute, idOf, instant, type RefusalSpecs, text } from "./contract.ts";
import { EvidenceKindName } from "./inventory.ts";
import { defineList, manyOf } from "./lists.ts";

const ImportKindName = z.enum(["people", "accounts", "evidence", "licenses"]).meta({ id: "ImportKind" });

export const ImportColumn = z
  .object({
    column: z.string().meta({ description: "The heading in the file." }),
    field: z.string().nullable().meta({ description: "What it fills; null: it is left out." }),
  })
  .meta({ id: "ImportColumn" });

export const ImportError = z
  .object({
    row: z.int().meta({ description: "As a spreadsheet counts: the headings are row 1." }),
    field: z.string().meta({ description: "The column, or `row`." }),
    what: z.string(),
    expected: z.string(),
  })
  .meta({ id: "ImportError" });

export const Import = z
  .object({
    id: z.string(),
    kind: ImportKindName,
    state: z.enum(["reading", "previewed", "applied"]),
    fileName: z.string().nullable(),
    fileSha256: z.string().nullable(),
    options: z.record(z.string(), z.unknown()),
    columns: z.array(ImportColumn),
    counts: z.record(z.string(), z.int()).meta({
      description:
        "Rows and `errors` of any kind. People: `new`, `changed`, `unchanged`, `absent` (known from earlier files, not in this one), `leaving` (of them those who have not left yet), `left` once applied. Accounts: `accounts`, `changed`, `removed`. Evidence: `accounts`, `new`, `known`, `unknownAccounts`. Licenses: `new`, `changed`, `unchanged`.",
    }),
    createdBy: z.string(),
    createdAt: instant,
    appliedBy: z.string().nullable(),
    appliedAt: instant.nullable(),
  })
  .meta({ id: "Import" });

export const ImportPreview = Import.extend({
  errors: z.array(ImportError).meta({ description: "The first hundred; `/imports/{importId}/errors` lists all." }),
}).meta({ id: "ImportPreview" });

export const fileQuery = {
  fileName: text(255).optional().meta({ description: "What the file is called, for the journal." }),
  map: z
    .string()
    .max(20_000)
    .refine((value) => readMap(value) !== null, 'a JSON object of texts, such as {"Mail": "email"}')
    .optional()
    .meta({
      description:
        "Which field a column fills, as a JSON object: heading → field, `attribute:<name>`, or `-` to leave it out. Headings that are well known need no entry.",
    }),
};

/** A mapping as the query has it; null of what is none. */
export function readMap(text: string): Map<string, string> | null {
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(text));
    return parsed.success ? new Map(Object.entries(parsed.data)) : null;
  } catch {
    // Not JSON at all: the caller tells what would be right.
    return null;
  }
}

export const UNREADABLE = {
  "unreadable-file": { status: 422, says: "The file cannot be read as it is, and nothing of it was kept." },
} as const satisfies RefusalSpecs;

export const NOT_APPLIED = {
  "no-such-import": { status: 404, says: "There is no such preview. One that nobody applies is deleted after a week." },
  "stale-preview": {
    status: 409,
    says: "Another file was applied since this preview, so it may no longer be right. Preview the file again.",
  },
  "rows-with-errors": {
    status: 409,
    says: "Some rows are not right. Correct the file, or accept to leave them out (`acceptErrors`).",
  },
} as const satisfies RefusalSpecs;

export const importParams = z.strictObject({ importId: idOf("import") });
export const acceptErrors = z.boolean().default(false).meta({
  description: "Apply the rows that are right although others are not.",
});

export const PREVIEW =
  "Nothing is changed: the answer says what would be, row by row what is wrong, and which column fills which field. Apply the preview to do it. The body is a CSV file in UTF-8 with a row of headings; commas, semicolons or tabs.";

export const previewPeopleImport = defineRoute({
  id: "people.preview-import",
  method: "POST",
  path: "/people/import",
  summary: "Preview a file about people, as a personnel system or identity provider exports it",
  description: `${PREVIEW} A column that the file does not have keeps what an earlier file said; an empty cell clears it.`,
  scope: "people:write",
  takes: "csv",
  query: z.strictObject({
    ...fileQuery,
    absent: z.enum(["keep", "mark-left"]).default("keep").meta({
      description:
        "What becomes of people of earlier files who are not in this one. `mark-left`: the file is everybody.",
    }),
  }),
  answer: ImportPreview,
  status: 201,
  refusals: UNREADABLE,
});

export const applyPeopleImport = defineRoute({
  id: "people.apply-import",
  method: "POST",
  path: "/people/import/{importId}/apply",
  summary: "Apply a previewed file about people",
  description: "All of it or nothing, once: asked again, it answers what was done. Who is behind each account follows.",
  scope: "people:write",
  params: importParams,
  body: z.strictObject({
    acceptErrors,
    confirmLeaving: z.boolean().default(false).meta({
      description: "More than 20 % and at least 10 people would be marked as left, and that is right.",
    }),
  }),
  answer: ImportPreview,
  refusals: {
    ...NOT_APPLIED,
    "too-many-leaving": {
      status: 409,
      says: "More than 20 % of the people, and at least 10, would be marked as left. Is the file everybody? If it is, say `confirmLeaving`.",
    },
  },
});

export const previewAccountsImport = defineRoute({
  id: "accounts.preview-import",
  method: "POST",
  path: "/accounts/import",
  summary: "Preview a file of further attributes of accounts",
  description: `${PREVIEW} \`account\` names the account by its id, the source's id, its e-mail or user name, \`site\` the site; \`username\` and every column mapped to \`attribute:<name>\` is kept, for match rules to compare.`,
  scope: "people:write",
  takes: "csv",
  query: z.strictObject(fileQuery),
  answer: ImportPreview,
  status: 201,
  refusals: UNREADABLE,
});

export const applyAccountsImport = defineRoute({
  id: "accounts.apply-import",
  method: "POST",
  path: "/accounts/import/{importId}/apply",
  summary: "Apply a previewed file of further attributes of accounts",
  scope: "people:write",
  params: importParams,
  body: z.strictObject({ acceptErrors }),
  answer: ImportPreview,
  refusals: NOT_APPLIED,
});

export const previewEvidenceImport = defineRoute({
  id: "evidence.preview-import",
  method: "POST",
  path: "/evidence/import",
  summary: "Preview a file of uses: account, when, kind",
  description: `${PREVIEW} An account that the site does not know is an error of its row, never guessed. Only a kind that the file is \`complete\` for can prove silence, and only within the time it covers.`,
  scope: "evidence:write",
  takes: "csv",
  query: z.strictObject({
    ...fileQuery,
    siteId: idOf("site"),
    kind: EvidenceKindName.optional().meta({ description: "The kind of rows that do not say one." }),
    since: instant.meta({ description: "From when on the file tells of uses." }),
    until: instant.optional().meta({ description: "Up to when it does; now unless said otherwise." }),
    complete: manyOf(EvidenceKindName).optional().meta({
      description: "Kinds of which the file holds every use at the site within that time.",
    }),
  }),
  answer: ImportPreview,
  status: 201,
  refusals: {
    ...UNREADABLE,
    "no-such-site": { status: 404, says: "There is no such site." },
    "window-wrong": { status: 422, says: "What the file covers begins before it ends, and ends no later than now." },
  },
});

export const applyEvidenceImport = defineRoute({
  id: "evidence.apply-import",
  method: "POST",
  path: "/evidence/import/{importId}/apply",
  summary: "Apply a previewed file of uses",
  description: "All of it or nothing, once. Statuses of the site's seats follow at once, as of its last run.",
  scope: "evidence:write",
  params: importParams,
  body: z.strictObject({ acceptErrors }),
  answer: ImportPreview,
  refusals: {
    ...NOT_APPLIED,
    "not-complete": {
      status: 409,
      says: "Rows that cannot be read would be left out, so the file is not complete and silence proves nothing. Correct them, or preview it without `complete`.",
    },
  },
});

export const listImports = defineList({
  id: "imports.list",
  path: "/imports",
  summary: "Files that were previewed or applied",
  description: "Those of licenses only for whoever may read licenses.",
  scope: "inventory:read",
  item: Import,
  sorts: ["createdAt"],
  defaultSort: "-createdAt",
  filters: {
    kind: manyOf(ImportKindName).optional(),
    state: manyOf(z.enum(["previewed", "applied"])).optional(),
  },
});

const NO_SUCH_IMPORT = { "no-such-import": NOT_APPLIED["no-such-import"] } as const;

export const getImport = defineRoute({
  id: "imports.get",
  method: "GET",
  path: "/imports/{importId}",
  summary: "One import: its columns, counts and first errors",
  scope: "inventory:read",
  params: importParams,
  answer: ImportPreview,
  refusals: NO_SUCH_IMPORT,
});

export const listImportErrors = defineList({
  id: "imports.errors",
  path: "/imports/{importId}/errors",
  summary: "What is wrong with the rows of an import",
  scope: "inventory:read",
  params: importParams,
  item: ImportError,
  sorts: ["row"],
  refusals: NO_SUCH_IMPORT,
});

export const importRoutes = [
  previewPeopleImport,
  applyPeopleImport,
  previewAccountsImport,
  applyAccountsImport,
  previewEvidenceImport,
  applyEvidenceImport,
  listImports,
  getImport,
  listImportErrors,
];
