import type { Command } from "commander";
import { addCapacityAlert, listCapacityAlerts, removeCapacityAlert } from "../../api/capacity-alerts.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { usageFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const COLUMNS: readonly Column<RowOf<typeof listCapacityAlerts>>[] = [
  textColumn("Site", (alert) => alert.site),
  textColumn("At", ({ threshold, unit }) => (unit === "percent" ? `${threshold} %` : `${threshold} seats`)),
  textColumn("Told", (alert) => alert.recipients),
  instantColumn("Reached", (alert) => alert.crossedAt),
  idColumn((alert) => alert.id),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("who is told when so many seats are used"), cli, {
    route: listCapacityAlerts,
    columns: COLUMNS,
    empty: "No alert yet: usher capacity-alert add",
  });
  command
    .command("add")
    .description("tell people when so many seats of a site are used")
    .argument("<at>", "85% or 450")
    .requiredOption("--to <e-mails...>")
    .option("--site <site>", "the only one unless said otherwise")
    .action((at: string, options: { to: string[]; site?: string }) => add(cli, at, options));
  command
    .command("remove")
    .description("tell nobody any more")
    .argument("<alert-id>")
    .action(async (alertId: string) => {
      const session = await connect(cli);
      await session.call(removeCapacityAlert, { params: { alertId } });
      tellDone(cli, `Removed ${alertId}.`);
      tellNext(cli, "usher capacity-alert list");
    });
}

async function add(cli: Cli, at: string, { to, site }: { to: string[]; site?: string }): Promise<void> {
  const [, digits, sign] = /^(\d{1,7})(%?)$/.exec(at.trim()) ?? [];
  if (digits === undefined) throw usageFailure(`"${at}" is no threshold.`, "It looks like 85% or 450.");
  const session = await connect(cli);
  const { id: siteId } = await findSite(session, site);
  const unit = sign === "%" ? ("percent" as const) : ("seats" as const);
  const body = { siteId, unit, threshold: Number(digits), recipients: to };
  const made = await session.call(addCapacityAlert, { body });
  printRecord(cli, COLUMNS, made);
  tellDone(cli, "It is looked at after every sync.");
  tellNext(cli, "usher position compute");
}
