import type { Command } from "commander";
import { listSeats } from "../../api/seats.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, moneyColumn, stateColumn, textColumn } from "../output/columns.ts";
import { seatPathText } from "../people/access-paths.ts";

const COLUMNS: readonly Column<RowOf<typeof listSeats>>[] = [
  textColumn("Site", (seat) => seat.site),
  textColumn("Person", (seat) => seat.name),
  stateColumn("Status", (seat) => seat.status ?? seat.endReason),
  instantColumn("Last activity", (seat) => seat.lastActivityAt),
  textColumn("Excluded", (seat) => seat.exclusions.map(({ name }) => name)),
  textColumn("Because", (seat) => seat.because),
  textColumn("Through", (seat) => seat.paths.map(seatPathText)),
  instantColumn("Since", (seat) => seat.since),
  moneyColumn("Cost/month", ({ costPerMonthMinor, currency }) =>
    costPerMonthMinor === null || currency === null ? null : { minor: costPerMonthMinor, currency },
  ),
  idColumn((seat) => seat.seatId),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("each seat, its status and what it rests on, and why it is held"), cli, {
    route: listSeats,
    columns: COLUMNS,
    aliases: { name: "q", search: "q" },
    empty: "No seat matches.",
  });
}
