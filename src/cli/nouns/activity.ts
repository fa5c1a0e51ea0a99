import type { Command } from "commander";
import { listActivity } from "../../api/activity.ts";
import type { Cli } from "../cli.ts";
import { registerEvidenceImport } from "../imports/evidence.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, textColumn, timeColumn } from "../output/columns.ts";

const COLUMNS: readonly Column<RowOf<typeof listActivity>>[] = [
  timeColumn("Time (UTC)", (event) => event.occurredAt),
  textColumn("Person", (event) => event.name),
  textColumn("Part", (event) => event.part),
  textColumn("What", (event) => event.summary),
  textColumn("Type", (event) => event.type),
  textColumn("Space", (event) => event.spaceKey),
  textColumn("Site", (event) => event.site),
  textColumn("Source", (event) => event.source),
];

export function register(command: Command, cli: Cli): void {
  addList(
    command.command("list").description("what was done, by whom and to whom, newest first, as far as it was seen"),
    cli,
    {
      route: listActivity,
      columns: COLUMNS,
      sort: "-occurredAt",
      aliases: { space: "spaceKey", after: "since" },
      empty: "Nothing was seen.",
    },
  );
  registerEvidenceImport(command, cli);
}
