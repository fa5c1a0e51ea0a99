import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getMessage, listMessages, sendMessageAgain } from "../../api/messages.ts";
import type { Cli } from "../cli.ts";
import { addList } from "../list-command.ts";
import { MESSAGE } from "../messages/columns.ts";
import { type Column, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellNext } from "../write-command.ts";

const TRIES: readonly Column<WireOf<typeof getMessage>["tries"][number]>[] = [
  numberColumn("Try", (each) => each.attempt),
  instantColumn("At", (each) => each.at),
  stateColumn("Outcome", (each) => each.outcome),
  numberColumn("Code", (each) => each.statusCode),
  numberColumn("Took ms", (each) => each.tookMs),
  textColumn("Error", (each) => each.error),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("mails and webhook deliveries, the newest first"), cli, {
    route: listMessages,
    columns: MESSAGE,
    empty: "No message.",
  });
  command
    .command("show")
    .description("one message with each try to send it")
    .argument("<message-id>")
    .action((messageId: string) => show(cli, messageId));
  command
    .command("send-again")
    .description("try a message again that failed")
    .argument("<message-id>")
    .action((messageId: string) => sendAgain(cli, messageId));
}

async function show(cli: Cli, messageId: string): Promise<void> {
  const session = await connect(cli);
  const message = await session.call(getMessage, { params: { messageId } });
  printRecord(cli, MESSAGE, message);
  // As data the tries are in the message already.
  if (layoutOf(cli) === "table" && message.tries.length > 0) {
    cli.stdout.write("\n");
    printRows(cli, TRIES, message.tries);
  }
}

async function sendAgain(cli: Cli, messageId: string): Promise<void> {
  const session = await connect(cli);
  printRecord(cli, MESSAGE, await session.call(sendMessageAgain, { params: { messageId } }));
  tellNext(cli, `usher message show ${messageId}`);
}
