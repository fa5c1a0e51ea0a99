import type { Command } from "commander";
import { endSession, listSessions } from "../../api/session.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, textColumn } from "../output/columns.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const COLUMNS: readonly Column<RowOf<typeof listSessions>>[] = [
  idColumn((session) => session.id),
  textColumn("Operator", (session) => session.operatorName),
  textColumn("Through", (session) => session.through),
  textColumn("Browser", (session) => session.userAgent),
  instantColumn("Began", (session) => session.createdAt),
  instantColumn("Last used", (session) => session.lastUsedAt),
  instantColumn("Ends", (session) => session.endsAt),
  instantColumn("Ended", (session) => session.endedAt),
];

export function register(command: Command, cli: Cli): void {
  addList(
    command
      .command("list")
      .description("who is signed in by a browser: yourself, or with --filter everyone=true everybody"),
    cli,
    { route: listSessions, columns: COLUMNS, empty: "Nobody is signed in by a browser." },
  );
  command
    .command("end")
    .description("end a session at once")
    .argument("<session-id>")
    .action((sessionId: string) => end(cli, sessionId));
}

async function end(cli: Cli, sessionId: string): Promise<void> {
  const session = await connect(cli);
  await confirm(cli, `End ${sessionId}? Whoever is signed in by it has to sign in again.`);
  await session.call(endSession, { params: { sessionId } });
  tellDone(cli, `Ended ${sessionId}.`);
  tellNext(cli, "usher session list --filter everyone=true");
}
