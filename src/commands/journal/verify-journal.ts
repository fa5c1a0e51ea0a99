import { readFile } from "node:fs/promises";
import { readCheckpointLines, type Checkpoint } from "../../lib/checkpoint.ts";
import { verifyJournal as verify, type JournalVerification, type OutsideCheckpoint } from "../../store/journal.ts";
import type { Context } from "../context.ts";

export interface CheckpointPlaces {
  /** Where this process keeps those that were signed. */
  file: string;
  /** Public keys of the installation, in base64. */
  knownKeys: readonly string[];
}

/**
 * Verifies the whole journal as of one moment against what is kept outside the database: the file of this process, and
 * what whoever asks has kept. Entries that are appended meanwhile are no break.
 */
export async function verifyJournal(
  { db }: Pick<Context, "db">,
  { file, knownKeys }: CheckpointPlaces,
  given: readonly Checkpoint[] = [],
): Promise<JournalVerification> {
  // Read before the moment that is verified: what is signed meanwhile would be of later entries.
  const own = await readOwn(file);
  const kept = given.map((each): OutsideCheckpoint => ({ ...each, place: "the checkpoints that were given" }));
  return db.snapshot((reader) => verify(reader, { outside: [...kept, ...own], knownKeys }));
}

/** A process that has signed nothing yet has no file. Half a line at its end is what a power cut left. */
async function readOwn(file: string): Promise<OutsideCheckpoint[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return readCheckpointLines(text).checkpoints.map((each) => ({ ...each, place: file }));
}
