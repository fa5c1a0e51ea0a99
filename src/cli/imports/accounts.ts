import type { Command } from "commander";
import { applyAccountsImport, previewAccountsImport } from "../../api/imports.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../session.ts";
import { addFileOptions, type FileOptions, openFile, previewThenApply } from "./preview-file.ts";

export function registerAccountsImport(command: Command, cli: Cli): void {
  addFileOptions(
    command.command("import").description("preview or apply a file of further attributes of accounts"),
    "account, site, attribute:username",
  ).action((path: string, options: FileOptions) => importAccounts(cli, path, options));
}

async function importAccounts(cli: Cli, path: string, options: FileOptions): Promise<void> {
  const session = await connect(cli);
  const { csv, query } = await openFile(path, options);
  const preview = await session.call(previewAccountsImport, { csv, query });
  await previewThenApply(cli, preview, options, (body) =>
    session.call(applyAccountsImport, { params: { importId: preview.id }, body }),
  );
}
