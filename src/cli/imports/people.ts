import { applyPeopleImport, previewPeopleImport } from "../../api/imports.ts";
import { PEOPLE_COLUMNS } from "./fields.ts";
import { Option, type Command } from "commander";
import type { Cli } from "../cli.ts";
import { connect } from "../session.ts";
import { addFileOptions, type FileOptions, openFile, previewThenApply } from "./preview-file.ts";

interface PeopleOptions extends FileOptions {
  absent?: "keep" | "mark-left";
  confirmLeaving?: boolean;
}

export function registerPeopleImport(command: Command, cli: Cli): void {
  addFileOptions(
    command.command("import").description("preview or apply a file about people, as a personnel system exports it"),
    PEOPLE_COLUMNS.join(", "),
  )
    .addOption(
      new Option("--absent <what>", "what becomes of people who are not in the file").choices(["keep", "mark-left"]),
    )
    .option("--confirm-leaving", "mark them as left although they are more than 20 %")
    .action((path: string, options: PeopleOptions) => importPeople(cli, path, options));
}

async function importPeople(cli: Cli, path: string, options: PeopleOptions): Promise<void> {
  const session = await connect(cli);
  const { csv, query } = await openFile(path, options);
  const { absent = "keep", confirmLeaving = false } = options;
  const preview = await session.call(previewPeopleImport, { csv, query: { ...query, absent } });
  await previewThenApply(cli, preview, options, (body) =>
    session.call(applyPeopleImport, { params: { importId: preview.id }, body: { ...body, confirmLeaving } }),
  );
}
