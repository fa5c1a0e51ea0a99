import { mkdir, open } from "node:fs/promises";
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
    const head = await db.snapshot(readJournalHead);
    if (head.seq === (newest?.seq ?? 0)) return { state: "succeeded", message: "No entry since the last checkpoint." };
    const broken = await findBreak(db, newest);
    if (broken !== null) {
      return {
        state: "failed",
        message: `Nothing was signed: the journal is broken at ${broken}. usher journal verify`,
      };
    }
    const checkpoint = await sign(parts, head);
    return { state: "succeeded", message: `Signed entry ${checkpoint.seq}; it is kept in ${parts.checkpointFile}.` };
  },
};

/** What was tampered with since the checkpoint before is not signed. */
function findBreak(db: Database, newest: Checkpoint | null): Promise<string | null> {
  return db.snapshot(async (reader: Reader) => {
    const { broken } = await walkJournal(reader, newest ?? { seq: 0, hash: GENESIS_HASH });
    return broken && `entry ${broken.at}: ${broken.reason}`;
  });
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
  const opened = await open(file, "a", 0o600);
  try {
    await opened.appendFile(`${line}\n`);
    await opened.sync();
  } finally {
    await opened.close();
  }
}
