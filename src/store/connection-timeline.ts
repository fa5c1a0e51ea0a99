import type { RunCounts, RunScope, RunState } from "../model/runs.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

/** Something that happened to a connection: a run that read with it, or what a person or Usher changed of it. */
export interface TimelineItem {
  id: string;
  kind: "run" | "change";
  at: Date;
  siteId: string | null;
  siteName: string | null;
  /** Of a change: whoever did it, through which door, and the code of the journal's entry. */
  actorId: string;
  /** Null: it was no operator, but a schedule or whoever held a link. */
  actorName: string | null;
  through: string | null;
  entry: string | null;
  subjectId: string | null;
  /** The entry's place in the journal. */
  seq: number | null;
  detail: Record<string, unknown>;
  runId: string | null;
  scope: RunScope | null;
  state: RunState | null;
  finishedAt: Date | null;
  counts: RunCounts | null;
  message: string | null;
}

const NO_COUNTS = `'{"read":0,"added":0,"changed":0,"gone":0,"notVisible":0,"errors":0}'::jsonb`;

/**
 * Runs that read anything with the connection, and entries of the journal about it, its credentials, jobs and links, and
 * about its sites and what a person said of their groups since they are the connection's.
 */
export function timelineRows(filter: {
  connectionId: string;
  kind: "run" | "change" | null;
  siteId: string | null;
  from: Date | null;
  until: Date | null;
}): ListSource<TimelineItem, TimelineItem, "at"> {
  const { connectionId } = filter;
  const items = sql`
    (with own as (select site_id, added_at from connection_sites where connection_id = ${connectionId}),
          subjects as (
            select ${connectionId}::text as id, null::text as site_id, '-infinity'::timestamptz as since
             union all
            select id, null, '-infinity' from credentials where connection_id = ${connectionId}
             union all
            select id, site_id, '-infinity' from jobs where connection_id = ${connectionId}
             union all
            select id, null, '-infinity' from consent_links where connection_id = ${connectionId}
             union all
            select site_id, site_id, added_at from own
             union all
            select d.group_id, d.site_id, own.added_at
              from product_access_decisions d
              join own on own.site_id = d.site_id)
     select r.id, 'run' as kind, r.requested_at as at, r.site_id, r.requested_by as actor_id, null as through, null as entry,
            null as subject_id, null::bigint as seq, '{}'::jsonb as detail, r.id as run_id, r.scope, r.state,
            r.finished_at, ${rawSql(NO_COUNTS)} || r.counts as counts, r.error_message as message
       from runs r
      where r.connection_id = ${connectionId}
         or r.id in (select run_id from run_readers where connection_id = ${connectionId})
      union all
     select 'entry_' || lpad(e.seq::text, 12, '0'), 'change', e.at, coalesce(s.site_id, e.detail ->> 'siteId'), e.actor_id,
            e.through, e.entry, e.subject_id, e.seq, e.detail, null, null, null, null, null, null
       from subjects s
       join journal_entries e on e.subject_id = s.id and e.at >= s.since)`;
  const matching = sql`
         (${filter.kind}::text is null or t.kind = ${filter.kind})
     and (${filter.siteId}::text is null or t.site_id = ${filter.siteId})
     and (${filter.from}::timestamptz is null or t.at >= ${filter.from})
     and (${filter.until}::timestamptz is null or t.at < ${filter.until})`;
  return {
    sorts: { at: { by: rawSql("t.at"), type: "timestamptz" } },
    tie: { by: rawSql("t.id"), type: "text" },
    select: (page) => sql`
      select t.id, t.kind, t.at, t.site_id as "siteId", s.name as "siteName", t.actor_id as "actorId",
             o.name as "actorName", t.through, t.entry, t.subject_id as "subjectId", t.seq, t.detail, t.run_id as "runId",
             t.scope, t.state, t.finished_at as "finishedAt", t.counts, t.message, ${page.keys}
        from ${items} t
        left join sites s on s.id = t.site_id
        left join operators o on o.id = t.actor_id
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from ${items} t where ${matching}`,
  };
}
