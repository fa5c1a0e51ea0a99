import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import type { Command } from "commander";
import { createBackup } from "../../api/backups.ts";
import { type BackupSummary, verifyBackupFile } from "../../lib/backup-file.ts";
import { messageOf } from "../../lib/errors.ts";
import type { Cli } from "../cli.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { type Column, numberColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

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
  const target = await open(draft, "w", 0o600).catch((cause: unknown) => {
    throw notWritten(file, cause, EXIT.usage);
  });
  try {
    for await (const bytes of session.download(createBackup, {})) await write(target, bytes, file);
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
  tellDone(cli, "Written whole, and verified.");
  tellNext(cli, "keep it elsewhere, and a copy of the key file (USHER_KEYS_FILE), which is not in it, apart from it");
}

async function write(target: FileHandle, bytes: Uint8Array, file: string): Promise<void> {
  await target.write(bytes).catch((cause: unknown) => {
    throw notWritten(file, cause, EXIT.failed);
  });
}

function notWritten(file: string, cause: unknown, exitCode: ExitCode): CliFailure {
  return new CliFailure(`${file} cannot be written.`, {
    exitCode,
    why: messageOf(cause),
    next: "choose a folder that is there, that you may write to, and that has room",
    cause,
  });
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
