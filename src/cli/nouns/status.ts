import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getStatus } from "../../api/status.ts";
import type { Cli } from "../cli.ts";
import { type Column, instantColumn, numberColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

type Status = WireOf<typeof getStatus>;

export function register(command: Command, cli: Cli): void {
  command.action(async () => {
    const session = await connect(cli);
    const fields: Column<Status>[] = [
      textColumn("Server", () => session.url),
      textColumn("Version", (status) => status.version),
      textColumn("Database", (status) => (status.database === "embedded" ? "embedded PostgreSQL" : "your PostgreSQL")),
      instantColumn("Started", (status) => status.startedAt),
      numberColumn("Sites", (status) => status.sites),
      instantColumn("Data as of", (status) => status.dataAsOf),
      numberColumn("Runs under way", (status) => status.runsUnderWay),
    ];
    printRecord(cli, fields, await session.call(getStatus, {}));
  });
}
