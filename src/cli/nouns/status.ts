import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getStatus } from "../../api/status.ts";
import type { Cli } from "../cli.ts";
import { type Column, instantColumn, numberColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

type Status = WireOf<typeof getStatus>;
type Process = Status["processes"][number];

const KIND_WORDS: Record<Process["kind"], string> = {
  server: "server and worker",
  "server-only": "server",
  worker: "worker",
};

function processWords({ holder, kind, version, isAlive, runs }: Process): string {
  const doing = runs === 0 ? "" : `, ${runs} ${runs === 1 ? "run" : "runs"} under way`;
  return `${KIND_WORDS[kind]} ${holder} (${version})${isAlive ? doing : ", not heard of any more"}`;
}

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
      textColumn("Mail", (status) => (status.isMailSet ? "configured" : "no mail server is configured: mails wait")),
    ];
    const status = await session.call(getStatus, {});
    const processes = status.processes.map((each, index) =>
      textColumn<Status>(
        `Process ${index + 1}`,
        () => processWords(each),
        () => (each.isAlive ? null : "warn"),
      ),
    );
    printRecord(cli, [...fields, ...processes], status);
    if (status.restored) {
      const { muted } = cli.stderr.colors;
      cli.stderr.write(
        `${muted("A restored copy: everything is paused. When the other is gone:")} usher restore confirm\n`,
      );
    }
  });
}
