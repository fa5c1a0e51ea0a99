import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { listJournal, verifyJournal } from "../../api/journal.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { addList, type RowOf } from "../list-command.ts";
import { booleanColumn, type Column, numberColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

const COLUMNS: readonly Column<RowOf<typeof listJournal>>[] = [
  numberColumn("#", (entry) => entry.seq),
  timeColumn("Time (UTC)", (entry) => entry.at),
  textColumn("Who", (entry) => entry.actorId),
  textColumn("Through", (entry) => entry.through),
  textColumn("Did", (entry) => entry.entry),
  textColumn("To", (entry) => entry.subjectId),
];

const VERIFICATION: readonly Column<WireOf<typeof verifyJournal>>[] = [
  booleanColumn("Intact", (found) => found.intact),
  numberColumn("Entries checked", (found) => found.checked),
  numberColumn("Broken at", (found) => found.brokenAt),
  textColumn("Reason", (found) => found.reason),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("tail").description("the newest entries first"), cli, {
    route: listJournal,
    columns: COLUMNS,
    aliases: { action: "entry", after: "from", before: "until" },
    empty: "No entry.",
  });
  command
    .command("verify")
    .description("recompute the chain of hashes; exit code 1 where it is broken")
    .action(async () => {
      const session = await connect(cli);
      const found = await session.call(verifyJournal, {});
      printRecord(cli, VERIFICATION, found);
      if (!found.intact) cli.exitWith(EXIT.failed);
    });
}
