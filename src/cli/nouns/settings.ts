import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getGeneralSettings, getSettings, setGeneralSettings } from "../../api/settings.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { booleanColumn, type Column, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";

const GENERAL: readonly Column<WireOf<typeof getGeneralSettings>>[] = [
  textColumn("Name", (settings) => settings.name),
  textColumn("Time zone", (settings) => settings.timeZone),
];

const ENVIRONMENT: readonly Column<WireOf<typeof getSettings>["environment"][number]>[] = [
  textColumn("Setting", (setting) => setting.name),
  booleanColumn("Set", (setting) => setting.isSet),
  textColumn("Value", (setting) => setting.value),
  textColumn("Otherwise", (setting) => setting.default),
];

export function register(command: Command, cli: Cli): void {
  command
    .command("show")
    .description("what the environment of the server sets, without anything secret")
    .action(async () => {
      const session = await connect(cli);
      const settings = await session.call(getSettings, {});
      const layout = layoutOf(cli);
      if (layout === "json" || layout === "jsonl") return printJson(cli, settings);
      printRows(cli, ENVIRONMENT, settings.environment);
    });
  command
    .command("general")
    .description("what the installation is called, and the time zone of its pages")
    .action(async () => {
      const session = await connect(cli);
      printRecord(cli, GENERAL, await session.call(getGeneralSettings, {}));
    });
  command
    .command("set")
    .description("name the installation, or set the time zone of its pages")
    .option("--name <name>", "as pages show it")
    .option("--time-zone <zone>", "such as Europe/Berlin")
    .action((options: { name?: string; timeZone?: string }) => set(cli, options));
}

async function set(cli: Cli, options: { name?: string; timeZone?: string }): Promise<void> {
  if (options.name === undefined && options.timeZone === undefined) {
    throw usageFailure("Nothing to change was given.", "usher settings set --help");
  }
  const session = await connect(cli);
  const before = await session.call(getGeneralSettings, {});
  const { name = before.name, timeZone = before.timeZone } = options;
  const changed = await session.call(setGeneralSettings, { body: { name, timeZone }, ifMatch: before.revision });
  printRecord(cli, GENERAL, changed);
  tellNext(cli, "usher settings general");
}
