import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getNotification, listNotifications, setNotification } from "../../api/notifications.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { booleanColumn, type Column, textColumn } from "../output/columns.ts";
import { printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Setting = WireOf<typeof getNotification>;
type Receiver = Setting["receivers"][number];

const COLUMNS: readonly Column<Setting>[] = [
  textColumn("Kind", (setting) => setting.kind),
  textColumn("When", (setting) => setting.when),
  textColumn("Told", (setting) => setting.receivers.map(({ to, how }) => `${to}=${how}`)),
  textColumn("Webhooks", (setting) => setting.webhooks),
  booleanColumn("As it comes", (setting) => setting.isDefault),
];

interface SetOptions {
  event: string;
  to?: string[];
  nobody?: boolean;
  default?: boolean;
}

export function register(command: Command, cli: Cli): void {
  command
    .command("list")
    .description("every kind of event, and who is told of it")
    .action(async () => {
      const session = await connect(cli);
      printRows(cli, COLUMNS, (await session.call(listNotifications, {})).items);
    });
  command
    .command("set")
    .description("say who is told of a kind of event, in place of those so far")
    .requiredOption("--event <kind>", "as usher notification list names it")
    .option(
      "--to <receivers...>",
      "connection-owners, owner, role:admin or address:you@acme.example, with =now or =digest after it (now)",
    )
    .option("--nobody", "tell nobody by mail")
    .option("--default", "as it comes with Usher")
    .action((options: SetOptions) => set(cli, options));
}

async function set(cli: Cli, { event, to, nobody, default: isDefault }: SetOptions): Promise<void> {
  if ([to, nobody, isDefault].filter(Boolean).length !== 1) {
    throw usageFailure("Say who is told by one of --to, --nobody and --default.", "usher notification set --help");
  }
  const session = await connect(cli);
  // What kinds there are, the server says.
  const kind = event as Setting["kind"];
  const { revision } = await session.call(getNotification, { params: { kind } });
  const receivers = isDefault ? null : (to ?? []).map(receiverOf);
  const setting = await session.call(setNotification, { params: { kind }, body: { receivers }, ifMatch: revision });
  printRecord(cli, COLUMNS, setting);
  tellDone(cli, "It holds for what happens from now on.");
  tellNext(cli, "usher notification list");
}

/** `role:admin=digest`; without a way it is at once. */
function receiverOf(text: string): Receiver {
  const [, to = text, how = "now"] = /^(.*?)(?:=(\w+))?$/.exec(text) ?? [];
  if (how === "now" || how === "digest") return { to, how };
  throw usageFailure(`"${how}" is not a way to be told.`, "It is now or digest: role:admin=digest.");
}
