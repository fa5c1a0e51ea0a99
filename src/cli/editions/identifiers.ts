import type { listEditionIdentifiers } from "../../api/editions.ts";
import type { RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";

type Identifier = RowOf<typeof listEditionIdentifiers>;

export const IDENTIFIERS: readonly Column<Identifier>[] = [
  textColumn("Identifier", (each) => each.identifier),
  textColumn("Source", (each) => each.source),
  stateColumn("Edition", (each) => each.edition ?? "unrecognized"),
  textColumn("Known by", (each) => each.origin),
  textColumn("Sites", (each) => each.sites),
  numberColumn("Seats", (each) => each.seats),
  numberColumn("Ended", (each) => each.endedSeats),
  instantColumn("First seen", (each) => each.firstSeenAt),
  idColumn((each) => each.id),
];
