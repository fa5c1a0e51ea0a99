import type { Database, Reader } from "./database.ts";
import { listCheckpoints, readJournalHead } from "./journal-checkpoints.ts";
import { sql } from "./sql.ts";

/** Entries of one piece of an export. */
const PIECE_ROWS = 2000;

export interface JournalExportOptions {
  at: Date;
  /** Also names, e-mails and free text, with the salts that prove them. */
  withPersonal: boolean;
}

/**
 * The whole journal as lines of JSON, as of one moment: what it is, each entry, each checkpoint, and how many there were,
 * so that a file that was cut off is known. `src/cli/journal/verify-journal.mjs` reads it without Usher.
 */
export function exportJournal(db: Database, options: JournalExportOptions): AsyncGenerator<string> {
  return db.streamSnapshot((reader) => writeLines(reader, options));
}

async function* writeLines(reader: Reader, { at, withPersonal }: JournalExportOptions): AsyncGenerator<string> {
  const head = await readJournalHead(reader);
  yield lineOf({ type: "usher-journal", version: 1, exportedAt: at, withPersonal, head });
  let entries = 0;
  for (let after = 0; ;) {
    const rows = await readRows(reader, after, withPersonal);
    if (rows.length > 0) yield rows.map((row) => lineOf({ type: "entry", ...row })).join("");
    entries += rows.length;
    if (rows.length < PIECE_ROWS) break;
    after = rows.at(-1)!.seq;
  }
  const checkpoints = await listCheckpoints(reader);
  if (checkpoints.length > 0) yield checkpoints.map((each) => lineOf({ type: "checkpoint", ...each })).join("");
  yield lineOf({ type: "end", entries, checkpoints: checkpoints.length });
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

async function readRows(reader: Reader, after: number, withPersonal: boolean): Promise<{ seq: number }[]> {
  return reader.query<{ seq: number }>(sql`
    select e.seq, e.at, e.actor_id as "actorId", e.through, e.entry, e.subject_id as "subjectId", e.detail,
           e.personal_hash as "personalHash", e.previous_hash as "previousHash", e.hash,
           case when ${withPersonal}::boolean and p.seq is not null
                then jsonb_build_object('salt', p.salt, 'content', p.content) end as personal
      from journal_entries e
      left join journal_personal p on p.seq = e.seq and p.seq > ${after}
     where e.seq > ${after}
     order by e.seq
     limit ${PIECE_ROWS}
  `);
}
