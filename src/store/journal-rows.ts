import type { JournalEntry } from "./journal.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

export interface JournalFilter {
  entries: readonly string[] | null;
  actorId: string | null;
  subjectId: string | null;
  from: Date | null;
  until: Date | null;
}

/** Entries for a list; each null filter lets everything through. */
export function journalRows(filter: JournalFilter): ListSource<JournalEntry, JournalEntry, "seq"> {
  const conditions = sql`
        (${filter.entries}::text[] is null or e.entry = any(${filter.entries}))
    and (${filter.actorId}::text is null or e.actor_id = ${filter.actorId})
    and (${filter.subjectId}::text is null or e.subject_id = ${filter.subjectId})
    and (${filter.from}::timestamptz is null or e.at >= ${filter.from})
    and (${filter.until}::timestamptz is null or e.at < ${filter.until})
  `;
  return {
    sorts: { seq: { by: sql`e.seq`, type: "bigint" } },
    tie: { by: sql`e.seq`, type: "bigint" },
    select: (page) => sql`
      select e.seq, e.at, e.actor_id as "actorId", e.through, e.entry, e.subject_id as "subjectId", e.detail,
             p.content::jsonb as personal, e.personal_hash as "personalHash", e.previous_hash as "previousHash",
             e.hash, ${page.keys}
        from journal_entries e
        left join journal_personal p on p.seq = e.seq
       where ${conditions} and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from journal_entries e where ${conditions}`,
  };
}
