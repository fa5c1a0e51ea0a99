import * as api from "../../api/imports.ts";
import { applyAccounts, previewAccounts } from "../../commands/imports/accounts.ts";
import { applyEvidence, previewEvidence } from "../../commands/imports/evidence.ts";
import type { ImportFile } from "../../commands/imports/import-file.ts";
import { applyPeople, previewPeople } from "../../commands/imports/people.ts";
import { ERRORS_SHOWN } from "../../commands/imports/preview-import.ts";
import { ok, refuse } from "../../lib/result.ts";
import type { ImportKind } from "../../model/imports.ts";
import { covers } from "../../model/scopes.ts";
import type { Reader } from "../../store/database.ts";
import { findImport, importErrorList, importList, listImportErrors } from "../../store/imports/imports.ts";
import { handleList } from "../lists.ts";
import { csvFile } from "../read-csv.ts";
import { type Caller, handle } from "../route.ts";

interface FileInput {
  csv: AsyncIterable<Uint8Array> | null;
  query: { fileName?: string | undefined; map?: string | undefined };
}

export const importHandlers = [
  handle(api.previewPeopleImport, async (input) => {
    const made = await previewPeople(input.ctx, fileOf(input), { absent: input.query.absent }, chosenOf(input));
    return made.ok ? made : refuse(made.error);
  }),

  handle(api.applyPeopleImport, async ({ ctx, params, body, reader }) => {
    const applied = await applyPeople(ctx, params.importId, body);
    return applied.ok ? ok(await read(reader, params.importId)) : applied;
  }),

  handle(api.previewAccountsImport, async (input) => {
    const made = await previewAccounts(input.ctx, fileOf(input), chosenOf(input));
    return made.ok ? made : refuse(made.error);
  }),

  handle(api.applyAccountsImport, async ({ ctx, params, body, reader }) => {
    const applied = await applyAccounts(ctx, params.importId, body);
    return applied.ok ? ok(await read(reader, params.importId)) : applied;
  }),

  handle(api.previewEvidenceImport, async (input) => {
    const { siteId, kind = null, since, until = input.ctx.clock.now(), complete = [] } = input.query;
    const window = { since: since.toISOString(), until: until.toISOString() };
    const made = await previewEvidence(
      input.ctx,
      fileOf(input),
      { siteId, kind, ...window, complete },
      chosenOf(input),
    );
    return made.ok ? made : refuse(made.error);
  }),

  handle(api.applyEvidenceImport, async ({ ctx, params, body, reader }) => {
    const applied = await applyEvidence(ctx, params.importId, body);
    return applied.ok ? ok(await read(reader, params.importId)) : applied;
  }),

  handleList(api.listImports, async ({ query, caller }) => {
    const kinds = kindsSeenBy(caller).filter((each) => query.kind?.includes(each) ?? true);
    return ok(importList({ kinds, states: query.state ?? null }));
  }),

  handle(api.getImport, async ({ reader, params, caller }) => {
    const found = await findImport(reader, params.importId);
    return found && kindsSeenBy(caller).includes(found.kind)
      ? ok(await read(reader, params.importId))
      : refuse("no-such-import");
  }),

  handleList(api.listImportErrors, async ({ reader, params, caller }) => {
    const found = await findImport(reader, params.importId);
    return found && kindsSeenBy(caller).includes(found.kind)
      ? ok(importErrorList(params.importId))
      : refuse("no-such-import");
  }),
];

/** What was paid is only for whoever may read licenses, and so is what is wrong with a file of them. */
function kindsSeenBy({ scopes }: Caller): ImportKind[] {
  const always: ImportKind[] = ["people", "accounts", "evidence"];
  return covers(scopes, "licenses:read") ? [...always, "licenses"] : always;
}

/** The contract has checked that a route that takes a file has one. */
export function fileOf({ csv, query }: FileInput): ImportFile {
  return csvFile(query.fileName ?? null, csv ?? noBytes());
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

export function chosenOf({ query }: FileInput): ReadonlyMap<string, string> {
  return (query.map === undefined ? null : api.readMap(query.map)) ?? new Map();
}

export async function read(reader: Reader, importId: string) {
  const found = await findImport(reader, importId);
  if (!found) throw new Error(`The import ${importId} is gone while it is answered.`);
  return { ...found, errors: await listImportErrors(reader, importId, ERRORS_SHOWN) };
}
