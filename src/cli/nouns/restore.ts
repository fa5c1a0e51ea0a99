import { access } from "node:fs/promises";
import type { Command } from "commander";
import { confirmCopy } from "../../api/backups.ts";
import { createLog } from "../../lib/log.ts";
import { readSettings } from "../../lib/settings.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { type Column, numberColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { makeDataDir } from "../start-here.ts";
import { tellDone, tellNext } from "../write-command.ts";

interface Restored {
  madeAt: string;
  version: string;
  rows: number;
  pausedConnections: number;
  forgottenCredentials: number;
  keys: string;
}

const FIELDS: readonly Column<Restored>[] = [
  timeColumn("Backup made", (restored) => restored.madeAt),
  textColumn("By Usher", (restored) => restored.version),
  numberColumn("Rows", (restored) => restored.rows),
  numberColumn("Connections paused", (restored) => restored.pausedConnections),
  numberColumn("Credentials to enter again", (restored) => restored.forgottenCredentials),
  textColumn("Key file", (restored) => restored.keys),
];

export function register(command: Command, cli: Cli): void {
  command
    .argument("[file]", "a backup")
    .option("--data <folder>", "where everything is kept (USHER_DATA)")
    .addHelpText(
      "after",
      "\nInto the database of DATABASE_URL, or the embedded one of USHER_DATA; it must be empty. Put the key file in place\n" +
        "first, or each credential is entered again: docs/guide/operations.md\n",
    )
    .action((file: string | undefined, options: { data?: string }) => restore(cli, file, options));
  command
    .command("confirm")
    .description("say that this restored copy is the living one, and the other is gone")
    .action(() => confirmLiving(cli));
}

async function restore(cli: Cli, file: string | undefined, { data }: { data?: string }): Promise<void> {
  if (file === undefined) throw usageFailure("The backup is missing.", "usher restore <file>");
  const { environment, stderr } = cli;
  const settings = readSettings({ ...environment, ...(data === undefined ? {} : { USHER_DATA: data }) });
  await makeDataDir(settings.dataDir);
  const hadKeys = await isThere(settings.keysFile);
  // Loaded only here: no other command pays for it.
  const { restoreInstallation } = await import("../../app.ts");
  const { header, pausedConnectionIds, forgottenCredentialIds, rows } = await restoreInstallation({
    settings,
    log: createLog({ level: stderr.isTty ? "error" : settings.logLevel }),
    file,
    tell: (table, count) => {
      if (stderr.isTty && count > 0) stderr.write(`${stderr.colors.muted(`${table}: ${count} rows`)}\n`);
    },
  });
  printRecord(cli, FIELDS, {
    madeAt: header.madeAt,
    version: header.version,
    rows,
    pausedConnections: pausedConnectionIds.length,
    forgottenCredentials: forgottenCredentialIds.length,
    keys: `${settings.keysFile}${hadKeys ? "" : " (made anew)"}`,
  });
  if (forgottenCredentialIds.length > 0) {
    stderr.write(
      `${stderr.colors.warn("The key file that the credentials are sealed with was not there.")} ` +
        "Each is known, but its secret has to be entered again: usher connection rotate\n",
    );
  }
  if (!hadKeys) {
    stderr.write(
      "Links in mails that were sent before do not open here, and checkpoints of the journal are signed by a new key; " +
        "keep the public key of the former ones to verify them.\n",
    );
  }
  tellDone(
    cli,
    "Restored and verified. Connections, rules that act and plans under way are paused, every site is observed only.",
  );
  tellNext(cli, "usher serve, and once the other copy is gone: usher restore confirm");
}

async function confirmLiving(cli: Cli): Promise<void> {
  await confirm(cli, "Is the installation that the backup came from stopped for good?");
  const session = await connect(cli);
  await session.call(confirmCopy, {});
  tellDone(cli, "This is the living copy. Connections, rules and plans stay paused until each is resumed.");
  tellNext(cli, "usher connection list");
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
