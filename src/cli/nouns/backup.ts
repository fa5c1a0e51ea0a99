import { open, rename, stat, unlink } from "node:fs/promises";
import type { Command } from "commander";
import { createBackup } from "../../api/backups.ts";
import { type BackupSummary, verifyBackupFile } from "../../lib/backup-file.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { type Column, numberColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

interface Verified extends BackupSummary {
  file: string;
  bytes: number;
}

const FIELDS: readonly Column<Verified>[] = [
  textColumn("Backup", (backup) => backup.file),
  timeColumn("Made", (backup) => backup.header.madeAt),
  textColumn("By Usher", (backup) => backup.header.version),
  textColumn("Schema", (backup) => backup.header.lastMigration),
  numberColumn("Tables", (backup) => backup.tables),
  numberColumn("Rows", (backup) => backup.rows),
  numberColumn("Journal entries", (backup) => backup.header.journal.seq),
  numberColumn("Bytes", (backup) => backup.bytes),
];

export function register(command: Command, cli: Cli): void {
  command
    .command("create")
    .description("everything Usher keeps, as of now, into a new file; the key file is not in it")
    .argument("<file>", "where to write it")
    .action((file: string) => create(cli, file));
  command
    .command("verify")
    .description("read a backup to its end and check that it is whole; needs no server")
    .argument("<file>", "the backup")
    .action((file: string) => verify(cli, file));
}

/** Under another name until it is whole and verified, so that a file of that name is a backup. */
async function create(cli: Cli, file: string): Promise<void> {
  if (await exists(file)) throw usageFailure(`${file} is there already.`, "Choose another name, or move it away.");
  const session = await connect(cli);
  const draft = `${file}.part`;
  const target = await open(draft, "w", 0o600);
  try {
    for await (const bytes of session.download(createBackup, {})) await target.write(bytes);
    await target.sync();
  } catch (error) {
    await unlink(draft);
    throw error;
  } finally {
    await target.close();
  }
  await verifyBackupFile(draft);
  await rename(draft, file);
  await verify(cli, file);
  cli.stderr.write(
    `${cli.stderr.colors.muted("It holds no keys: keep a copy of the key file (USHER_KEYS_FILE) apart from it.")}\n`,
  );
}

async function verify(cli: Cli, file: string): Promise<void> {
  const summary = await verifyBackupFile(file);
  const { size: bytes } = await stat(file);
  printRecord(cli, FIELDS, { ...summary, file, bytes });
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
