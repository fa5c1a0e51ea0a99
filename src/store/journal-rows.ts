import type { Reader } from "./database.ts";
import type { JournalEntry } from "./journal.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

/** An entry with the name of who did it; null of `system` and of whoever came by a link. */
export interface NamedEntry extends JournalEntry {
  actorName: string | null;
}

export interface JournalFilter {
  entries: readonly string[] | null;
  /** What entries begin with, such as `plan.`; those of `entries` and of these match. */
  families: readonly string[] | null;
  actorId: string | null;
  /** An id, or a part of a name. */
  actor: string | null;
  subjectId: string | null;
  from: Date | null;
  until: Date | null;
  /** A part of the name of who did it, how an entry begins, or what it was about. */
  q: string | null;
}

const COLUMNS = sql`
  e.seq, e.at, e.actor_id as "actorId", o.name as "actorName", e.through, e.entry, e.subject_id as "subjectId", e.detail,
  p.content::jsonb as personal, e.personal_hash as "personalHash", e.previous_hash as "previousHash", e.hash`;

const TABLES = sql`
  journal_entries e
  left join journal_personal p on p.seq = e.seq
  left join operators o on o.id = e.actor_id`;

/** Entries for a list; each null filter lets everything through. */
export function journalRows(filter: JournalFilter): ListSource<NamedEntry, NamedEntry, "seq"> {
  const { entries, families, actorId, actor, subjectId, from, until, q } = filter;
  const conditions = sql`
        (${entries}::text[] is null
         or e.entry = any(${entries})
         or exists (select from unnest(${families}::text[]) as family (prefix) where starts_with(e.entry, prefix)))
    and (${actorId}::text is null or e.actor_id = ${actorId})
    and (${actor}::text is null
         or e.actor_id = ${actor}
         or e.actor_id in (select id from operators where position(lower(${actor}) in lower(name)) > 0))
    and (${subjectId}::text is null or e.subject_id = ${subjectId})
    and (${from}::timestamptz is null or e.at >= ${from})
    and (${until}::timestamptz is null or e.at < ${until})
    and (${q}::text is null
         or e.subject_id = ${q}
         or starts_with(e.entry, lower(${q}))
         or e.actor_id in (select id from operators where position(lower(${q}) in lower(name)) > 0))
  `;
  return {
    sorts: { seq: { by: sql`e.seq`, type: "bigint" } },
    tie: { by: sql`e.seq`, type: "bigint" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from ${TABLES}
       where ${conditions} and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from journal_entries e where ${conditions}`,
  };
}

export async function findJournalEntry(reader: Reader, seq: number): Promise<NamedEntry | null> {
  const [row] = await reader.query<NamedEntry>(sql`select ${COLUMNS} from ${TABLES} where e.seq = ${seq}`);
  return row ?? null;
}
