import type { RunCounts } from "../model/runs.ts";
import type { Reader } from "./database.ts";
import type { JobResultState, JobTrigger } from "./jobs.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

export type OutcomeState = JobResultState | "queued";

/** One time that a job did its work, or that a site was read, by a job or because a person asked. */
export interface JobOutcome {
  /** The run's id where it is a run, else the result's. */
  id: string;
  kind: string;
  name: string;
  /** Null: a run that no job began. */
  jobId: string | null;
  /** The job's result; null: a run that no job began. */
  resultId: string | null;
  runId: string | null;
  connectionId: string | null;
  connectionName: string | null;
  siteId: string | null;
  siteName: string | null;
  state: OutcomeState;
  trigger: JobTrigger;
  requestedBy: string | null;
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  worker: string | null;
  /** Until when the source last asked a running run to wait, whether that is over or not. */
  waitsUntil: Date | null;
  message: string | null;
  /** Only of a run. */
  counts: RunCounts | null;
  requests: number | null;
  /** The job's schedule while it is on. */
  cron: string | null;
}

const NO_COUNTS = `'{"read":0,"added":0,"changed":0,"gone":0,"notVisible":0,"errors":0}'::jsonb`;

/** What a run is called that no job began: as the job of its scope would be. */
const RUN_NAMES = `case r.scope when 'delta' then 'Refresh changes of ' when 'license' then 'Read seats of ' else 'Refresh ' end`;
const RUN_KINDS = `case r.scope when 'delta' then 'refresh-changes' when 'license' then 'read-seats' else 'refresh-site' end`;

/** Both halves say the same columns; `requested_at` and `id` of each lead an index, so that a page needs not all rows. */
const OUTCOMES = rawSql(`
  (select r.id, coalesce(j.kind, ${RUN_KINDS}) as kind, coalesce(j.name, ${RUN_NAMES} || s.name) as name, j.id as job_id,
          result.id as result_id, r.id as run_id, r.connection_id, r.site_id, r.state,
          coalesce(result.trigger, r.trigger) as trigger, r.requested_by, r.requested_at, r.started_at, r.finished_at,
          r.holder, r.error_message as message, ${NO_COUNTS} || r.counts as counts, r.requests,
          case when j.enabled then j.cron end as cron
     from runs r
     join sites s on s.id = r.site_id
     left join lateral (select one.id, one.job_id, one.trigger
                          from job_results one
                         where one.run_id = r.id
                         order by one.started_at
                         limit 1) as result on true
     left join jobs j on j.id = result.job_id
    union all
   select result.id, j.kind, j.name, j.id, result.id, null, j.connection_id, j.site_id, result.state, result.trigger, null,
          result.started_at, result.started_at, result.finished_at, result.holder, result.message, null, null,
          case when j.enabled then j.cron end
     from job_results result
     join jobs j on j.id = result.job_id
    where result.run_id is null)`);

const COLUMNS = rawSql(`
  o.id, o.kind, o.name, o.job_id as "jobId", o.result_id as "resultId", o.run_id as "runId",
  o.connection_id as "connectionId", c.name as "connectionName", o.site_id as "siteId", s.name as "siteName", o.state,
  o.trigger, o.requested_by as "requestedBy", o.requested_at as "requestedAt", o.started_at as "startedAt",
  o.finished_at as "finishedAt", o.holder as worker, o.message, o.counts, o.requests, o.cron,
  case when o.state = 'running'
       then (select max((e.data ->> 'until')::timestamptz)
               from run_events e
              where e.run_id = o.run_id and e.event in ('rate-limited', 'run.spread')) end as "waitsUntil"`);

export interface OutcomeFilter {
  jobId: string | null;
  kinds: readonly string[] | null;
  connectionId: string | null;
  siteId: string | null;
  states: readonly OutcomeState[] | null;
  triggers: readonly JobTrigger[] | null;
  from: Date | null;
  until: Date | null;
}

/** Results of every job and every run, each once; a null filter lets everything through. */
export function outcomeRows(filter: OutcomeFilter): ListSource<JobOutcome, JobOutcome, "requestedAt"> {
  const matching = sql`
         (${filter.jobId}::text is null or o.job_id = ${filter.jobId})
     and (${filter.kinds}::text[] is null or o.kind = any (${filter.kinds}))
     and (${filter.connectionId}::text is null or o.connection_id = ${filter.connectionId})
     and (${filter.siteId}::text is null or o.site_id = ${filter.siteId})
     and (${filter.states}::text[] is null or o.state = any (${filter.states}))
     and (${filter.triggers}::text[] is null or o.trigger = any (${filter.triggers}))
     and (${filter.from}::timestamptz is null or o.requested_at >= ${filter.from})
     and (${filter.until}::timestamptz is null or o.requested_at < ${filter.until})`;
  return {
    sorts: { requestedAt: { by: rawSql("o.requested_at"), type: "timestamptz" } },
    tie: { by: rawSql("o.id"), type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from ${OUTCOMES} o
        left join connections c on c.id = o.connection_id
        left join sites s on s.id = o.site_id
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from ${OUTCOMES} o where ${matching}`,
  };
}

/** By the id of a run or of a result; a result that is a run is found by either. */
export async function findOutcome(reader: Reader, id: string): Promise<JobOutcome | null> {
  const [row] = await reader.query<JobOutcome>(sql`
    select ${COLUMNS}
      from ${OUTCOMES} o
      left join connections c on c.id = o.connection_id
      left join sites s on s.id = o.site_id
     where o.id = ${id} or o.result_id = ${id}
  `);
  return row ?? null;
}

/** A line of a log, whether of a run or of another job. */
export interface OutcomeLine {
  seq: number;
  at: Date;
  level: string;
  event: string | null;
  message: string;
  data: Record<string, unknown>;
}

/** Oldest first, those after `after`; 0 begins at the first. */
export function listOutcomeLines(
  reader: Reader,
  { id, runId }: Pick<JobOutcome, "id" | "runId">,
  after: number,
  limit: number,
): Promise<OutcomeLine[]> {
  if (runId !== null) {
    return reader.query<OutcomeLine>(sql`
      select seq, at, level, event, message, data
        from run_events
       where run_id = ${runId} and seq > ${after}
       order by seq
       limit ${limit}
    `);
  }
  return reader.query<OutcomeLine>(sql`
    select seq, at, 'info' as level, null as event, message, '{}'::jsonb as data
      from job_result_events
     where result_id = ${id} and seq > ${after}
     order by seq
     limit ${limit}
  `);
}
