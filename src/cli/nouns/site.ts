import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getGuestLimit, listGuests } from "../../api/guests.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

const GUESTS: readonly Column<RowOf<typeof listGuests>>[] = [
  textColumn("Guest", (guest) => guest.name),
  textColumn("E-mail", (guest) => guest.email),
  numberColumn("Spaces", (guest) => guest.spaces),
  stateColumn("One space", (guest) => guest.spaceRule),
  booleanColumn("Was licensed", (guest) => guest.wasLicensed),
  textColumn("At", (guest) => guest.licensedAt),
  instantColumn("Last activity", (guest) => guest.lastActivityAt),
  instantColumn("First seen", (guest) => guest.firstSeenAt),
  idColumn((guest) => guest.accountId),
];

const LIMIT: readonly Column<WireOf<typeof getGuestLimit>>[] = [
  textColumn("Site", (limit) => limit.site),
  textColumn("Edition", (limit) => limit.edition),
  numberColumn("Paid seats", (limit) => limit.paidSeats),
  numberColumn("Guests", (limit) => limit.guests),
  numberColumn("At most", (limit) => limit.guestsMax),
  numberColumn("Free", (limit) => limit.free),
  booleanColumn("Too many", (limit) => limit.isOver),
  textColumn("Because", (limit) => limit.because),
  numberColumn("Without a space", (limit) => limit.withoutSpace),
  numberColumn("In several spaces", (limit) => limit.inSeveralSpaces),
  numberColumn("Spaces not known", (limit) => limit.spacesUnknown),
  numberColumn("Were licensed", (limit) => limit.wereLicensed),
  instantColumn("Data as of", (limit) => limit.dataAsOf),
];

export function register(command: Command, cli: Cli): void {
  addList(
    command
      .command("guests")
      .description("guests, their one space, and whether they were ever licensed")
      .argument("<site>", "id, name or host"),
    cli,
    { route: listGuests, columns: GUESTS, aliases: { name: "q", search: "q" }, empty: "There is no guest." },
    async (session, [given]) => ({ siteId: (await findSite(session, given)).id }),
  );
  command
    .command("guest-limit")
    .description("how many guests there may be, and who breaks a rule")
    .argument("<site>", "id, name or host")
    .action((given: string) => limit(cli, given));
}

async function limit(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id: siteId } = await findSite(session, given);
  printRecord(cli, LIMIT, await session.call(getGuestLimit, { params: { siteId } }));
}
