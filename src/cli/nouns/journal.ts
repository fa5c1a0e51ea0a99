import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getJournalEntry, listJournal } from "../../api/journal.ts";
import type { Cli } from "../cli.ts";
import { exportEntries, printVerifier } from "../journal/export.ts";
import { verify, type VerifyOptions } from "../journal/verify.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, numberColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

const COLUMNS: readonly Column<RowOf<typeof listJournal>>[] = [
  numberColumn("#", (entry) => entry.seq),
  timeColumn("Time (UTC)", (entry) => entry.at),
  textColumn("Who", (entry) => entry.actorName ?? entry.actorId),
  textColumn("Through", (entry) => entry.through),
  textColumn("Did", (entry) => entry.entry),
  textColumn("To", (entry) => entry.subjectId),
];

const FIELDS: readonly Column<WireOf<typeof getJournalEntry>>[] = [
  ...COLUMNS,
  textColumn("Detail", ({ detail }) => JSON.stringify(detail)),
  textColumn("Personal", ({ personal }) => (personal ? JSON.stringify(personal) : null)),
  textColumn("Hash", (entry) => entry.hash),
  textColumn("Previous", (entry) => entry.previousHash),
  numberColumn("Checkpoint", ({ checkpoint }) => checkpoint?.seq ?? null),
  textColumn("Signed by", ({ checkpoint }) => checkpoint?.keyId ?? null),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("tail").description("the newest entries first"), cli, {
    route: listJournal,
    columns: COLUMNS,
    aliases: { action: "entry", after: "from", before: "until" },
    empty: "No entry.",
  });
  command
    .command("get")
    .argument("<number>")
    .description("one entry, and the checkpoint that proves it")
    .action((number: string) => showEntry(cli, number));
  command
    .command("verify")
    .description("recompute the chain of hashes; exit code 1 where it is broken")
    .option("--checkpoints <file>", "compare with checkpoints that you kept, one JSON object a line")
    .option("--offline", "read the database of these settings, without a server")
    .action((options: VerifyOptions) => verify(cli, options));
  command
    .command("export")
    .description("every entry and checkpoint as lines of JSON, to keep or to hand to an auditor")
    .option("--with-personal", "also names, e-mails and free text")
    .action((options: { withPersonal?: boolean }) => exportEntries(cli, options));
  command
    .command("verifier")
    .description("a program that verifies an export with Node alone")
    .action(() => printVerifier(cli));
}

async function showEntry(cli: Cli, number: string): Promise<void> {
  const client = await connect(cli);
  const entry = await client.call(getJournalEntry, { params: { seq: Number(number) } });
  printRecord(cli, FIELDS, entry);
}
