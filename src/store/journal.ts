import { createHash, randomBytes } from "node:crypto";
import { canonicalJson } from "../lib/canonical-json.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** What a command hands to `tx.record`. `detail` holds ids and plain values only; names, e-mails and free text go in `personal`. */
export interface JournalDraft {
  /** An operator's id, or `system` with the job that acted. */
  actorId: string;
  /** The door it came through. */
  through: "api" | "cli" | "job" | "setup" | "link";
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

/**
 * Appends in the order given. The head row is locked here, as the last statements before commit: locked first, it would
 * hold every other command for as long as the longest one works.
 */
export async function appendJournal(tx: Tx, drafts: readonly JournalDraft[], at: Date): Promise<void> {
  const [head] = await tx.query<{ seq: number; hash: string }>(sql`
    select seq, hash
      from journal_head
       for update
  `);
  if (!head) throw new Error("The journal has no head row: the first migration did not run.");

  let { seq, hash } = head;
  for (const draft of drafts) {
    seq += 1;
    const salt = draft.personal ? randomBytes(16).toString("hex") : null;
    const personalHash = draft.personal && salt ? sha256(salt + canonicalJson(draft.personal)) : null;
    const entry = {
      seq,
      at,
      actorId: draft.actorId,
      through: draft.through,
      entry: draft.entry,
      subjectId: draft.subjectId,
      detail: draft.detail ?? {},
      personalHash,
      previousHash: hash,
    };
    hash = hashOf(entry);
    await tx.execute(sql`
      insert into journal_entries
        (seq, at, actor_id, through, entry, subject_id, detail, personal_hash, previous_hash, hash)
      values (${seq}, ${at}, ${draft.actorId}, ${draft.through}, ${draft.entry}, ${draft.subjectId},
              ${JSON.stringify(entry.detail)}, ${personalHash}, ${entry.previousHash}, ${hash})
    `);
    if (draft.personal) {
      await tx.execute(sql`
        insert into journal_personal (seq, salt, content)
        values (${seq}, ${salt}, ${canonicalJson(draft.personal)})
      `);
    }
  }
  await tx.execute(sql`update journal_head set seq = ${seq}, hash = ${hash}`);
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

export interface JournalVerification {
  intact: boolean;
  /** Entries that were checked, from the first. */
  checked: number;
  /** The first entry that does not follow from the one before it; null when all do. */
  brokenAt: number | null;
  reason: string | null;
}

/** Rows of one step of a verification; bounds the memory it takes. */
const VERIFY_ROWS = 2000;

/** Recomputes every hash from what is stored. Finds an altered, reordered or missing entry, and a head that was set back. */
export async function verifyJournal(reader: Reader): Promise<JournalVerification> {
  let seq = 0;
  let hash = GENESIS_HASH;
  for (;;) {
    const rows = await reader.query<
      Omit<JournalEntry, "personal"> & { content: string | null; salt: string | null }
    >(sql`
      select e.seq, e.at, e.actor_id as "actorId", e.through, e.entry, e.subject_id as "subjectId", e.detail,
             e.personal_hash as "personalHash", e.previous_hash as "previousHash", e.hash, p.content, p.salt
        from journal_entries e
        left join journal_personal p on p.seq = e.seq
       where e.seq > ${seq}
       order by e.seq
       limit ${VERIFY_ROWS}
    `);
    for (const { content, salt, hash: stored, ...entry } of rows) {
      const broken = (reason: string) => ({ intact: false, checked: seq, brokenAt: entry.seq, reason });
      if (entry.seq !== seq + 1) return broken(`entry ${seq + 1} is missing`);
      if (entry.previousHash !== hash) return broken("it does not follow from the entry before it");
      if (hashOf(entry) !== stored) return broken("it was altered after it was written");
      if (content !== null && salt !== null && sha256(salt + content) !== entry.personalHash) {
        return broken("its personal part was altered");
      }
      seq = entry.seq;
      hash = stored;
    }
    if (rows.length < VERIFY_ROWS) break;
  }
  const [head] = await reader.query<{ seq: number; hash: string }>(sql`select seq, hash from journal_head`);
  if (!head || head.seq !== seq || head.hash !== hash) {
    return { intact: false, checked: seq, brokenAt: seq + 1, reason: "the newest entries were cut off" };
  }
  return { intact: true, checked: seq, brokenAt: null, reason: null };
}

/** What the first entry follows from; also in the first migration. */
const GENESIS_HASH = "0".repeat(64);

function hashOf(entry: object): string {
  return sha256(canonicalJson(entry));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
