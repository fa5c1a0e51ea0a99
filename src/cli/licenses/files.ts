import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import {
  addLicenseDocument,
  applyLicensesImport,
  exportLicenses,
  getLicenseDocument,
  listLicenseDocuments,
  previewLicensesImport,
  removeLicenseDocument,
} from "../../api/license-files.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { addFileOptions, type FileOptions, openFile, previewThenApply } from "../imports/preview-file.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, textColumn } from "../output/columns.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { findLicense } from "./find.ts";

const DOCUMENTS: readonly Column<RowOf<typeof listLicenseDocuments>>[] = [
  textColumn("Document", (each) => each.name),
  textColumn("Type", (each) => each.mediaType),
  numberColumn("Bytes", (each) => each.sizeBytes),
  instantColumn("Added", (each) => each.addedAt),
  idColumn((each) => each.id),
];

export function registerLicenseFiles(command: Command, cli: Cli): void {
  addFileOptions(
    command.command("import").description("preview or apply a file of licenses"),
    "name, sites, edition, metric, quantity, pricing, prices, currency, termStart, termEnd, …",
  ).action((path: string, options: FileOptions) => importLicenses(cli, path, options));
  command
    .command("export")
    .description("every license that has not ended, as CSV that imports again unchanged")
    .action(async () => {
      const session = await connect(cli);
      for await (const piece of session.download(exportLicenses, {}))
        cli.stdout.write(Buffer.from(piece).toString("utf8"));
    });
  const documents = command.command("documents").description("contracts and invoices kept with a license");
  addList(
    documents.command("list").description("what is kept").argument("<license>"),
    cli,
    { route: listLicenseDocuments, columns: DOCUMENTS, empty: "No document is kept with it." },
    async (session, [given = ""]) => ({ licenseId: (await findLicense(session, given)).id }),
  );
  documents
    .command("add")
    .description("keep a file with a license")
    .argument("<license>")
    .argument("<file>")
    .option("--type <media-type>", "such as application/pdf")
    .action((given: string, path: string, options: { type?: string }) => addDocument(cli, given, path, options));
  documents
    .command("download")
    .description("write a document into a file")
    .argument("<license>")
    .argument("<document-id>")
    .argument("<file>")
    .action((given: string, documentId: string, path: string) => download(cli, given, documentId, path));
  documents
    .command("remove")
    .description("keep a document no longer")
    .argument("<license>")
    .argument("<document-id>")
    .action(async (given: string, documentId: string) => {
      const session = await connect(cli);
      const { id: licenseId } = await findLicense(session, given);
      await session.call(removeLicenseDocument, { params: { licenseId, documentId } });
      tellDone(cli, `Removed ${documentId}.`);
      tellNext(cli, `usher license documents list ${licenseId}`);
    });
}

async function importLicenses(cli: Cli, path: string, options: FileOptions): Promise<void> {
  const session = await connect(cli);
  const { csv, query } = await openFile(path, options);
  const preview = await session.call(previewLicensesImport, { csv, query });
  const apply = (body: { acceptErrors: boolean }) =>
    session.call(applyLicensesImport, { params: { importId: preview.id }, body });
  await previewThenApply(cli, preview, options, apply, "usher license list");
}

async function addDocument(cli: Cli, given: string, path: string, { type }: { type?: string }): Promise<void> {
  const session = await connect(cli);
  const { id: licenseId } = await findLicense(session, given);
  const csv = await openAsBlob(path).catch((cause: unknown) => {
    const next = "name a file that is there and that you may read";
    throw new CliFailure(`The file ${path} cannot be read.`, { exitCode: EXIT.usage, next, cause });
  });
  const query = { name: basename(path), ...(type === undefined ? {} : { mediaType: type }) };
  const made = await session.call(addLicenseDocument, { params: { licenseId }, query, csv });
  tellDone(cli, `Kept "${made.name}" as ${made.id}, SHA-256 ${made.sha256}.`);
  tellNext(cli, `usher license documents list ${licenseId}`);
}

async function download(cli: Cli, given: string, documentId: string, path: string): Promise<void> {
  const session = await connect(cli);
  const { id: licenseId } = await findLicense(session, given);
  const pieces = await Array.fromAsync(session.download(getLicenseDocument, { params: { licenseId, documentId } }));
  await writeFile(path, Buffer.concat(pieces), { flag: "wx", mode: 0o600 }).catch((cause: unknown) => {
    const next = "choose a name that is not taken, in a folder that you may write to";
    throw new CliFailure(`${path} cannot be written.`, { exitCode: EXIT.usage, next, cause });
  });
  tellDone(cli, `Written to ${path}.`);
}
