import { randomBytes } from "node:crypto";
import { canonicalJson } from "../lib/canonical-json.ts";
import { isSigned, type Checkpoint } from "../lib/checkpoint.ts";
import { GENESIS_HASH, hashEntry, hashPersonal } from "../lib/journal-hash.ts";
import type { Reader, Tx } from "./database.ts";
import { walkJournal, type Break } from "./journal-chain.ts";
import { listCheckpoints, readJournalHead } from "./journal-checkpoints.ts";
import { sql } from "./sql.ts";

/** What a command hands to `tx.record`. `detail` holds ids and plain values only; names, e-mails and free text go in `personal`. */
export interface JournalDraft {
  /** An operator's id, or `system` with the job that acted. */
  actorId: string;
  /** The door it came through. */
  through: "api" | "web" | "cli" | "job" | "setup" | "link";
  /** What happened: `connection.published`, `token.created`. */
  entry: string;
  subjectId: string | null;
  detail?: Record<string, unknown>;
  /** Kept in a side row that may be erased; the entry holds its salted hash, so the proof outlives it. */
  personal?: Record<string, unknown>;
}

export interface JournalEntry {
  seq: number;
  at: Date;
  actorId: string;
  through: string;
  entry: string;
  subjectId: string | null;
  detail: Record<string, unknown>;
  /** Null where there was none, or where it was erased. */
  personal: Record<string, unknown> | null;
  personalHash: string | null;
  previousHash: string;
  hash: string;
}

/** An entry as it is stored, with its personal part. */
interface NewEntry {
  seq: number;
  actor_id: string;
  through: string;
  entry: string;
  subject_id: string | null;
  detail: Record<string, unknown>;
  personal_hash: string | null;
  previous_hash: string;
  hash: string;
  salt: string | null;
  content: string | null;
}

/**
 * Appends in the order given, all in one statement. The head row is locked here, as the last statements before commit:
 * locked first, it would hold every other command for as long as the longest one works.
 */
export async function appendJournal(tx: Tx, drafts: readonly JournalDraft[], at: Date): Promise<void> {
  const [head] = await tx.query<{ seq: number; hash: string }>(sql`
    select seq, hash
      from journal_head
       for update
  `);
  if (!head) throw new Error("The journal has no head row: the first migration did not run.");

  let { seq, hash } = head;
  const entries = drafts.map((draft) => {
    seq += 1;
    const made = toEntry(draft, at, seq, hash);
    hash = made.hash;
    return made;
  });
  await tx.execute(sql`
    with given as (
      select *
        from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
          as e(seq bigint, actor_id text, through text, entry text, subject_id text, detail jsonb, personal_hash text,
               previous_hash text, hash text, salt text, content text)
    ), appended as (
      insert into journal_entries
             (seq, at, actor_id, through, entry, subject_id, detail, personal_hash, previous_hash, hash)
      select seq, ${at}, actor_id, through, entry, subject_id, detail, personal_hash, previous_hash, hash
        from given
    ), personal as (
      insert into journal_personal (seq, salt, content)
      select seq, salt, content from given where content is not null
    )
    update journal_head set seq = ${seq}, hash = ${hash}
  `);
}

function toEntry(draft: JournalDraft, at: Date, seq: number, previousHash: string): NewEntry {
  const { actorId, through, entry, subjectId, detail = {}, personal } = draft;
  const salt = personal ? randomBytes(16).toString("hex") : null;
  const content = personal ? canonicalJson(personal) : null;
  const personalHash = salt !== null && content !== null ? hashPersonal(salt, content) : null;
  const hashed = { seq, at: at.toISOString(), actorId, through, entry, subjectId, detail, personalHash, previousHash };
  return {
    seq,
    actor_id: actorId,
    through,
    entry,
    subject_id: subjectId,
    detail,
    personal_hash: personalHash,
    previous_hash: previousHash,
    hash: hashEntry(hashed),
    salt,
    content,
  };
}

/** Newest first, `before` a sequence number. */
export async function listJournal(
  reader: Reader,
  options: {
    before: number | null;
    after: number | null;
    limit: number;
    entry: string | null;
    subjectId: string | null;
  },
): Promise<JournalEntry[]> {
  return reader.query<JournalEntry>(sql`
    select e.seq, e.at, e.actor_id as "actorId", e.through, e.entry, e.subject_id as "subjectId", e.detail,
           p.content::jsonb as personal, e.personal_hash as "personalHash", e.previous_hash as "previousHash", e.hash
      from journal_entries e
      left join journal_personal p on p.seq = e.seq
     where (${options.before}::bigint is null or e.seq < ${options.before})
       and (${options.after}::bigint is null or e.seq > ${options.after})
       and (${options.entry}::text is null or e.entry = ${options.entry})
       and (${options.subjectId}::text is null or e.subject_id = ${options.subjectId})
     order by e.seq desc
     limit ${options.limit}
  `);
}

/** A checkpoint that was kept outside the database, and where. */
export interface OutsideCheckpoint extends Checkpoint {
  place: string;
}

export interface VerifyOptions {
  /** Those that somebody kept; what they say holds against the database. */
  outside?: readonly OutsideCheckpoint[];
  /** The installation's own public keys; null: whoever signed is not looked at. */
  knownKeys?: readonly string[] | null;
}

export interface JournalVerification {
  intact: boolean;
  /** Entries that were checked, from the first. */
  checked: number;
  /** The first entry that does not follow from what stands before it; null when all do. */
  brokenAt: number | null;
  reason: string | null;
  /** The newest checkpoint outside the database that the entries agree with: up to it nothing was changed since. */
  proven: { seq: number; at: Date; keyId: string; place: string } | null;
  checkpoints: { inDatabase: number; outside: number };
}

/**
 * Recomputes every hash from what is stored, and compares with every checkpoint. Finds an altered, reordered or missing
 * entry, entries that were cut off, and a chain that was made anew: that one only by a checkpoint kept outside, as
 * whoever can rewrite entries can rewrite what lies beside them.
 */
export async function verifyJournal(reader: Reader, options: VerifyOptions = {}): Promise<JournalVerification> {
  const { outside = [], knownKeys = null } = options;
  const inside = (await listCheckpoints(reader)).map((each) => ({ ...each, place: "the database" }));
  const all = [...inside, ...outside];
  const checkpoints = { inDatabase: inside.length, outside: outside.length };
  const forged = findForged(all);
  if (forged) return { ...broken(forged, 0), proven: null, checkpoints };

  const checkpointsBySeq = Map.groupBy(all, (each) => each.seq);
  const walked = await walkJournal(reader, { seq: 0, hash: GENESIS_HASH }, (seq, hash) => {
    const denied = checkpointsBySeq.get(seq)?.find((each) => each.hash !== hash);
    return denied ? `it differs from ${nameOf(denied)}: an entry up to here was changed after that` : null;
  });
  const proven = newestOf(outside.filter((each) => each.seq <= walked.seq));
  const found = walked.broken ?? (await findCut(reader, walked, all)) ?? findStranger(all, knownKeys);
  const result = found
    ? broken(found, walked.seq)
    : { intact: true, checked: walked.seq, brokenAt: null, reason: null };
  return { ...result, proven: proven && pick(proven), checkpoints };
}

function pick({ seq, at, keyId, place }: OutsideCheckpoint) {
  return { seq, at, keyId, place };
}

function broken({ at, reason }: Break, checked: number) {
  return { intact: false, checked, brokenAt: at, reason };
}

function nameOf({ seq, at, place }: OutsideCheckpoint): string {
  return `the checkpoint at entry ${seq} of ${at.toISOString().slice(0, 16).replace("T", " ")} UTC in ${place}`;
}

function newestOf(checkpoints: readonly OutsideCheckpoint[]): OutsideCheckpoint | null {
  return checkpoints.reduce<OutsideCheckpoint | null>(
    (best, each) => (best && best.seq >= each.seq ? best : each),
    null,
  );
}

function findForged(checkpoints: readonly OutsideCheckpoint[]): Break | null {
  const forged = checkpoints.find((each) => !isSigned(each));
  return forged ? { at: forged.seq, reason: `the signature of ${nameOf(forged)} is not right` } : null;
}

/**
 * A key that is not of this installation's may be one that was retired: then a newer checkpoint, which says more, is
 * signed by one that is. Where none is, somebody else signed.
 */
function findStranger(checkpoints: readonly OutsideCheckpoint[], knownKeys: readonly string[] | null): Break | null {
  const newest = newestOf(checkpoints);
  if (knownKeys === null || newest === null) return null;
  const known = newestOf(checkpoints.filter((each) => knownKeys.includes(each.publicKey)));
  const stranger = checkpoints.find((each) => !knownKeys.includes(each.publicKey) && each.seq > (known?.seq ?? 0));
  if (!stranger) return null;
  const reason = `${nameOf(stranger)} is signed by the key ${stranger.keyId}, which is not in this installation's key file`;
  return { at: stranger.seq, reason };
}

/** Entries that are no longer there at the end. */
async function findCut(
  reader: Reader,
  { seq, hash }: { seq: number; hash: string },
  checkpoints: readonly OutsideCheckpoint[],
): Promise<Break | null> {
  const head = await readJournalHead(reader);
  if (head.seq !== seq || head.hash !== hash) return { at: seq + 1, reason: "the newest entries were cut off" };
  const later = newestOf(checkpoints.filter((each) => each.seq > seq));
  return later
    ? { at: seq + 1, reason: `the newest entries were cut off: ${nameOf(later)} says there were more` }
    : null;
}
