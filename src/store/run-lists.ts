import { ANSWER_KINDS, type AnswerKind, type RunCounts, type RunEvent, type RunState } from "../model/runs.ts";
import type { Reader } from "./database.ts";
import type { Listing, ListingError } from "./listings.ts";
import type { ListSource } from "./paging.ts";
import type { RunRow } from "./runs.ts";
import { sql } from "./sql.ts";

/** A run with the name of its site, as lists and pages show it. */
export interface NamedRun extends RunRow {
  siteName: string;
  /** The process that had it last; null while none had. */
  worker: string | null;
  /** Requests by how they were answered; those of runs of former versions are not told apart. */
  answers: Record<AnswerKind, number>;
}

const RUN_COLUMNS = sql`
  r.id, r.site_id as "siteId", s.name as "siteName", r.connection_id as "connectionId", r.scope, r.trigger, r.state,
  r.requested_by as "requestedBy", r.requested_at as "requestedAt", r.started_at as "startedAt",
  r.observed_at as "observedAt", r.finished_at as "finishedAt",
  '{"read":0,"added":0,"changed":0,"gone":0,"notVisible":0,"errors":0}'::jsonb || r.counts as counts,
  r.requests, r.points, r.forecast_requests as "forecastRequests", r.forecast_points as "forecastPoints",
  r.waited_ms as "waitedMs", r.resumed, case when r.state = 'held' then r.held end as held,
  r.held_decision as "heldDecision",
  r.error_code as "errorCode", r.error_message as "errorMessage", r.holder as worker,
  ${JSON.stringify(Object.fromEntries(ANSWER_KINDS.map((kind) => [kind, 0])))}::jsonb || r.answers as answers
`;

export async function findNamedRun(reader: Reader, id: string): Promise<NamedRun | null> {
  const [row] = await reader.query<NamedRun>(sql`
    select ${RUN_COLUMNS}
      from runs r
      join sites s on s.id = r.site_id
     where r.id = ${id}
  `);
  return row ?? null;
}

/** A run of the same site and scope that ended before another was asked for: what it is compared with. */
export interface EarlierRun {
  id: string;
  state: RunState;
  startedAt: Date | null;
  finishedAt: Date;
  counts: RunCounts;
  requests: number;
}

/** With `connectionId` only among the runs of that connection; null: whichever read the site. */
export async function findEarlierRun(
  reader: Reader,
  { siteId, scope, requestedAt }: Pick<NamedRun, "siteId" | "scope" | "requestedAt">,
  connectionId: string | null,
): Promise<EarlierRun | null> {
  const [row] = await reader.query<EarlierRun>(sql`
    select id, state, started_at as "startedAt", finished_at as "finishedAt",
           '{"read":0,"added":0,"changed":0,"gone":0,"notVisible":0,"errors":0}'::jsonb || counts as counts, requests
      from runs
     where site_id = ${siteId} and scope = ${scope} and requested_at < ${requestedAt}
       and state in ('succeeded', 'partial', 'held')
       and (${connectionId}::text is null or connection_id = ${connectionId})
     order by requested_at desc
     limit 1
  `);
  return row ?? null;
}

/** Until when the source asked the run to wait, whether that is over or not; and how many lines of its log warn. */
export async function readRunWarnings(
  reader: Reader,
  runId: string,
): Promise<{ waitsUntil: Date | null; warnings: number; errors: number }> {
  const [row] = await reader.query<{ waitsUntil: Date | null; warnings: number; errors: number }>(sql`
    select max((data ->> 'until')::timestamptz) filter (where event in ('rate-limited', 'run.spread')) as "waitsUntil",
           count(*) filter (where level = 'warn') as warnings,
           count(*) filter (where level = 'error') as errors
      from run_events
     where run_id = ${runId}
  `);
  return row ?? { waitsUntil: null, warnings: 0, errors: 0 };
}

export function runRows(filter: {
  siteId: string | null;
  connectionId: string | null;
  states: readonly RunState[] | null;
  scope: string | null;
}): ListSource<NamedRun, NamedRun, "requestedAt"> {
  const rows = sql`
      from runs r
      join sites s on s.id = r.site_id
     where (${filter.siteId}::text is null or r.site_id = ${filter.siteId})
       and (${filter.connectionId}::text is null or r.connection_id = ${filter.connectionId})
       and (${filter.states}::text[] is null or r.state = any(${filter.states}))
       and (${filter.scope}::text is null or r.scope = ${filter.scope})
  `;
  return {
    sorts: { requestedAt: { by: sql`r.requested_at`, type: "timestamptz" } },
    tie: { by: sql`r.id`, type: "text" },
    select: (page) => sql`select ${RUN_COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}

export function runEventRows(filter: {
  runId: string;
  levels: readonly string[] | null;
  event: string | null;
}): ListSource<RunEvent, RunEvent, "seq"> {
  const rows = sql`
      from run_events
     where run_id = ${filter.runId}
       and (${filter.levels}::text[] is null or level = any(${filter.levels}))
       and (${filter.event}::text is null or event = ${filter.event})
  `;
  return {
    sorts: { seq: { by: sql`seq`, type: "bigint" } },
    tie: { by: sql`seq`, type: "bigint" },
    select: (page) => sql`
      select seq, at, level, event, message, data, ${page.keys} ${rows} and ${page.after} ${page.order}
    `,
    count: sql`select count(*) as total ${rows}`,
  };
}

export type ListingRow = Omit<Listing, "cursor"> & { updatedAt: Date; error: ListingError | null };

export function listingRows(filter: {
  runId: string;
  kinds: readonly string[] | null;
  states: readonly string[] | null;
}): ListSource<ListingRow, ListingRow, "key" | "updatedAt"> {
  const rows = sql`
      from listings
     where run_id = ${filter.runId}
       and (${filter.kinds}::text[] is null or kind = any(${filter.kinds}))
       and (${filter.states}::text[] is null or state = any(${filter.states}))
  `;
  return {
    sorts: {
      key: { by: sql`key collate "C"`, type: "text" },
      updatedAt: { by: sql`updated_at`, type: "timestamptz" },
    },
    tie: { by: sql`key collate "C"`, type: "text" },
    select: (page) => sql`
      select key, kind, scope, state, pages, rows, restarts, started_at as "startedAt", updated_at as "updatedAt", error,
             ${page.keys}
        ${rows} and ${page.after} ${page.order}
    `,
    count: sql`select count(*) as total ${rows}`,
  };
}

/** Runs that wait to be begun, longest first. */
export async function listQueuedRuns(reader: Reader, limit: number): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select id from runs where state = 'queued' order by requested_at, id limit ${limit}
  `);
  return rows.map((row) => row.id);
}
