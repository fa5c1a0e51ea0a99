import type { Command } from "commander";
import { listEditionIdentifiers, listEditions } from "../../api/editions.ts";
import type { Cli } from "../cli.ts";
import { IDENTIFIERS } from "../editions/identifiers.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, numberColumn, textColumn } from "../output/columns.ts";

const EDITIONS: readonly Column<RowOf<typeof listEditions>>[] = [
  textColumn("Edition", (each) => each.edition),
  textColumn("Name", (each) => each.name),
  numberColumn("Sites", (each) => each.sites),
  numberColumn("Seats", (each) => each.seats),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("the editions, with the sites and seats that have them"), cli, {
    route: listEditions,
    columns: EDITIONS,
    empty: "There is no edition.",
  });
  addList(command.command("identifiers").description("the names that sources give editions, known or not"), cli, {
    route: listEditionIdentifiers,
    columns: IDENTIFIERS,
    aliases: { name: "q", search: "q" },
    empty: "No identifier matches.",
  });
}
