import { readFile } from "node:fs/promises";
import type { WireOf } from "../../api/contract.ts";
import { verifyJournal, verifyJournalAgainst } from "../../api/journal.ts";
import { type Checkpoint, readCheckpointLines } from "../../lib/checkpoint.ts";
import { messageOf } from "../../lib/errors.ts";
import { silentLog } from "../../lib/log.ts";
import { readSettings } from "../../lib/settings.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { booleanColumn, type Column, numberColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

type Verification = WireOf<typeof verifyJournal>;

const FIELDS: readonly Column<Verification>[] = [
  booleanColumn("Intact", (found) => found.intact),
  numberColumn("Entries checked", (found) => found.checked),
  numberColumn("Broken at", (found) => found.brokenAt),
  textColumn("Reason", (found) => found.reason),
  numberColumn("Proved up to entry", (found) => found.proven?.seq),
  textColumn("By the checkpoint in", (found) => found.proven?.place),
  textColumn("Of", (found) => found.proven?.at),
];

export interface VerifyOptions {
  checkpoints?: string;
  offline?: boolean;
}

/** Checkpoints that are sent to the server: the newest prove the most. */
const SENT_MAX = 1000;

export async function verify(cli: Cli, { checkpoints: file, offline }: VerifyOptions): Promise<void> {
  const given = file === undefined ? [] : await readCheckpoints(file);
  const found = await (offline ? verifyHere(cli, given) : verifyThere(cli, given));
  const named = file === undefined ? found : withFileName(found, file);
  printRecord(cli, FIELDS, named);
  if (!found.intact) cli.exitWith(EXIT.failed);
  else if (!found.proven) {
    cli.stderr.write(
      "Nothing outside the database was compared: keep journal-checkpoints.jsonl elsewhere and give it by --checkpoints.\n",
    );
  }
}

async function readCheckpoints(file: string): Promise<Checkpoint[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new CliFailure(`${file} cannot be read.`, { exitCode: EXIT.usage, why: messageOf(cause), cause });
  });
  const { checkpoints, unreadable } = readCheckpointLines(text);
  const [first] = unreadable;
  if (first !== undefined) {
    throw usageFailure(
      `Line ${first} of ${file} is no checkpoint.`,
      "A line is JSON, as in journal-checkpoints.jsonl.",
    );
  }
  if (checkpoints.length === 0) throw usageFailure(`${file} holds no checkpoint.`, "usher journal verify --help");
  return checkpoints;
}

async function verifyThere(cli: Cli, given: readonly Checkpoint[]): Promise<Verification> {
  const session = await connect(cli);
  if (given.length === 0) return session.call(verifyJournal, {});
  const newest = given.toSorted((one, other) => other.seq - one.seq).slice(0, SENT_MAX);
  const checkpoints = newest.map((each) => ({ ...each, at: each.at.toISOString() }));
  return session.call(verifyJournalAgainst, { body: { checkpoints } });
}

async function verifyHere(cli: Cli, given: readonly Checkpoint[]): Promise<Verification> {
  // Loaded only here: whoever asks a server is saved it.
  const { verifyOffline } = await import("../../app.ts");
  const { proven, ...found } = await verifyOffline({ settings: readSettings(cli.environment), log: silentLog, given });
  return { ...found, proven: proven && { ...proven, at: proven.at.toISOString() } };
}

/** The server does not know what the file is called here. */
function withFileName(found: Verification, file: string): Verification {
  const { proven } = found;
  const isGiven = proven?.place === "the checkpoints that were given";
  return isGiven ? { ...found, proven: { ...proven, place: file } } : found;
}
