import { hashEntry, hashPersonal, type HashedEntry } from "../lib/journal-hash.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** Rows of one step of a verification; bounds the memory it takes. */
const VERIFY_ROWS = 5000;

type StoredEntry = HashedEntry & { hash: string; content: string | null; salt: string | null };

/** The first entry that is not right, and why. */
export interface Break {
  at: number;
  reason: string;
}

export interface Walked {
  /** The last entry that was looked at, and its hash. */
  seq: number;
  hash: string;
  broken: Break | null;
}

/**
 * Every entry after `from` in its order; ends at the first that is not right. The next rows are on their way while those
 * before are hashed. `judge` may say what else is wrong with an entry.
 */
export async function walkJournal(
  reader: Reader,
  from: { seq: number; hash: string },
  judge: (seq: number, hash: string) => string | null = () => null,
): Promise<Walked> {
  let { seq, hash } = from;
  let next: Promise<StoredEntry[]> | null = readEntries(reader, seq);
  while (next) {
    const rows: StoredEntry[] = await next;
    const last = rows.at(-1);
    next = last && rows.length === VERIFY_ROWS ? readEntries(reader, last.seq) : null;
    // Whatever is found in these rows, what was asked for already is waited for, so that the reader is free.
    for (const row of rows) {
      const reason = judgeEntry(row, seq, hash) ?? judge(row.seq, row.hash);
      if (reason !== null) {
        await next;
        return { seq, hash, broken: { at: row.seq, reason } };
      }
      seq = row.seq;
      hash = row.hash;
    }
  }
  return { seq, hash, broken: null };
}

function judgeEntry(row: StoredEntry, seq: number, hash: string): string | null {
  if (row.seq !== seq + 1) return `entry ${seq + 1} is missing`;
  if (row.previousHash !== hash) return "it does not follow from the entry before it";
  if (hashEntry(row) !== row.hash) return "it was altered after it was written";
  const { content, salt } = row;
  const isAltered = content !== null && salt !== null && hashPersonal(salt, content) !== row.personalHash;
  return isAltered ? "its personal part was altered" : null;
}

/** The bound on the personal parts keeps the join from reading all that came before. */
function readEntries(reader: Reader, after: number): Promise<StoredEntry[]> {
  return reader.query<StoredEntry>(sql`
    select e.seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.actor_id as "actorId",
           e.through, e.entry, e.subject_id as "subjectId", e.detail, e.personal_hash as "personalHash",
           e.previous_hash as "previousHash", e.hash, p.content, p.salt
      from journal_entries e
      left join journal_personal p on p.seq = e.seq and p.seq > ${after}
     where e.seq > ${after}
     order by e.seq
     limit ${VERIFY_ROWS}
  `);
}
