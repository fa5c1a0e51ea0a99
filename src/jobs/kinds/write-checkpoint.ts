import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { publicKeyOf, signCheckpoint, type Checkpoint } from "../../lib/checkpoint.ts";
import { GENESIS_HASH } from "../../lib/journal-hash.ts";
import type { Database, Reader } from "../../store/database.ts";
import { walkJournal } from "../../store/journal-chain.ts";
import { findNewestCheckpoint, insertCheckpoint, readJournalHead } from "../../store/journal-checkpoints.ts";
import { notify } from "../../store/notifications/notify.ts";
import type { JobKind, JobParts } from "../kinds.ts";

/** So many entries are not left without one, however short the hour was. */
const ENTRIES_MAX = 10_000;

/** Signs the newest entry every hour, and lets what it signed leave the database: to the log, a file, and whoever is told. */
export const writeCheckpoint: JobKind = {
  kind: "write-checkpoint",
  name: "Write journal checkpoint",
  cron: "0 * * * *",
  followsRuns: false,
  async hasWork({ db, checkpointKeys }) {
    const [head, newest] = await Promise.all([readJournalHead(db), findNewestCheckpoint(db)]);
    if (head.seq - (newest?.seq ?? 0) >= ENTRIES_MAX) return true;
    // The first of another key vouches for those before it.
    const [key] = checkpointKeys;
    return (
      newest !== null && key !== undefined && head.seq > newest.seq && newest.publicKey !== publicKeyOf(key.privateKey)
    );
  },
  async execute(parts) {
    const { db } = parts;
    const newest = await findNewestCheckpoint(db);
    const { head, broken } = await examine(db, newest);
    if (broken === null && head.seq === (newest?.seq ?? 0)) {
      return { state: "succeeded", message: "No entry since the last checkpoint." };
    }
    if (broken !== null) {
      return {
        state: "failed",
        message: `Nothing was signed: the journal is broken at ${broken}. usher journal verify`,
      };
    }
    const checkpoint = await sign(parts, head);
    const isOtherKey = newest !== null && newest.publicKey !== checkpoint.publicKey;
    const message = `Signed entry ${checkpoint.seq}; it is kept in ${parts.checkpointFile}.`;
    return { state: "succeeded", message: isOtherKey ? `${message} ${sayOtherKey(newest, checkpoint)}` : message };
  },
};

/** As after a rotation, or in a copy that was restored without the key file. */
function sayOtherKey(before: Checkpoint, { keyId }: Checkpoint): string {
  return (
    `It is the first of the key ${keyId}; those up to entry ${before.seq} are of the key ${before.keyId}, ` +
    "whose public key is still needed to verify them."
  );
}

/**
 * The newest entry as of one moment, and where the journal is broken since the checkpoint before: what was tampered with
 * is not signed, and neither is a head that is not the entry to which the chain leads.
 */
function examine(db: Database, newest: Checkpoint | null) {
  return db.snapshot(
    async (reader: Reader): Promise<{ head: { seq: number; hash: string }; broken: string | null }> => {
      const head = await readJournalHead(reader);
      const { seq, hash, broken } = await walkJournal(reader, newest ?? { seq: 0, hash: GENESIS_HASH });
      if (broken) return { head, broken: `entry ${broken.at}: ${broken.reason}` };
      const isWhole = head.seq === seq && head.hash === hash;
      const at = Math.min(head.seq, seq) + 1;
      return { head, broken: isWhole ? null : `entry ${at}: the newest entries were cut off` };
    },
  );
}

/** The file comes first: a checkpoint that is in the database only proves nothing to whoever distrusts the database. */
async function sign(parts: JobParts, head: { seq: number; hash: string }): Promise<Checkpoint> {
  const { db, clock, log } = parts;
  const [key] = parts.checkpointKeys;
  if (!key) throw new Error("There is no key that signs checkpoints.");
  const checkpoint = signCheckpoint({ ...head, at: clock.now() }, key);
  log.info({ checkpoint }, "a checkpoint of the journal was signed");
  await appendLine(parts.checkpointFile, JSON.stringify(checkpoint));
  await db.transaction(async (tx) => {
    if (!(await insertCheckpoint(tx, checkpoint))) return;
    const data = { ...checkpoint, at: checkpoint.at.toISOString() };
    const { at, seq } = checkpoint;
    await notify(tx, { kind: "journal-checkpoint", subjectId: null, data, at, dedupeKey: `journal-checkpoint/${seq}` });
  });
  return checkpoint;
}

/** On the disk when this returns. */
async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const opened = await open(file, "a+", 0o600);
  try {
    await opened.appendFile(`${(await endsInLine(opened)) ? "" : "\n"}${line}\n`);
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** False where a power cut left half a line, which must not take the next one with it. */
async function endsInLine(opened: FileHandle): Promise<boolean> {
  const { size } = await opened.stat();
  if (size === 0) return true;
  const { buffer } = await opened.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] === NEWLINE;
}

const NEWLINE = 0x0a;
