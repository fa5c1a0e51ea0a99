import type { Reader, Tx } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

/** Deletes what is past its time; one job for the installation, of no connection. */
export const HOUSEKEEPING = "housekeeping";

export type JobResultState = "running" | "succeeded" | "partial" | "failed" | "canceled" | "held" | "skipped";
export type JobTrigger = "schedule" | "person" | "publish" | "run" | "work";

export interface JobResult {
  id: string;
  jobId: string;
  state: JobResultState;
  trigger: JobTrigger;
  runId: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  message: string | null;
  /** The process that works or worked on it; null where none has begun, or where it is a run, which tells its own. */
  worker: string | null;
}

export interface Job {
  id: string;
  name: string;
  kind: string;
  connectionId: string | null;
  siteId: string | null;
  cron: string;
  enabled: boolean;
  createdAt: Date;
  lastResult: JobResult | null;
}

/** A job as the database gives it. */
export interface JobRow extends Omit<Job, "lastResult"> {
  lastResult: (Omit<JobResult, "startedAt" | "finishedAt"> & { startedAt: string; finishedAt: string | null }) | null;
}

const COLUMNS = sql`
  j.id, j.name, j.kind, j.connection_id as "connectionId", j.site_id as "siteId", j.cron, j.enabled,
  j.created_at as "createdAt",
  (select jsonb_build_object('id', r.id, 'jobId', r.job_id, 'state', r.state, 'trigger', r.trigger, 'runId', r.run_id,
                             'startedAt', r.started_at, 'finishedAt', r.finished_at, 'message', r.message,
                             'worker', r.holder)
     from job_results r
    where r.job_id = j.id
    order by r.started_at desc, r.id desc
    limit 1) as "lastResult"
`;

const RESULT_COLUMNS = sql`
  id, job_id as "jobId", state, trigger, run_id as "runId", started_at as "startedAt", finished_at as "finishedAt", message,
  holder as worker
`;

/** Instants inside jsonb come as text. */
export function toJob({ lastResult, ...job }: JobRow): Job {
  if (!lastResult) return { ...job, lastResult };
  const { startedAt, finishedAt } = lastResult;
  const finished = finishedAt === null ? null : new Date(finishedAt);
  return { ...job, lastResult: { ...lastResult, startedAt: new Date(startedAt), finishedAt: finished } };
}

export async function findJob(reader: Reader, id: string): Promise<Job | null> {
  const [row] = await reader.query<JobRow>(sql`select ${COLUMNS} from jobs j where j.id = ${id}`);
  return row ? toJob(row) : null;
}

export async function lockJob(tx: Tx, id: string): Promise<Job | null> {
  const [row] = await tx.query<JobRow>(sql`select ${COLUMNS} from jobs j where j.id = ${id} for update of j`);
  return row ? toJob(row) : null;
}

/** A person's word on a job: of one that is switched off by it no other reason switches it on. */
export async function saveJob(tx: Tx, job: Pick<Job, "id" | "cron" | "enabled">): Promise<void> {
  await tx.execute(sql`
    update jobs
       set cron = ${job.cron}, enabled = ${job.enabled},
           is_switched_off = case when enabled = ${job.enabled} then is_switched_off else not ${job.enabled}::boolean end
     where id = ${job.id}
  `);
}

/** One row of each kind for the installation, however often and by however many processes this is called. */
export async function ensureJob(tx: Tx, job: Pick<Job, "kind" | "name" | "cron">, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into jobs (name, kind, cron, created_at)
    values (${job.name}, ${job.kind}, ${job.cron}, ${at})
        on conflict (kind, coalesce(connection_id, ''), coalesce(site_id, '')) do nothing
  `);
}

/** Jobs of the installation of these kinds that are on, in the order of `kinds`. */
export async function listJobsOfKinds(reader: Reader, kinds: readonly string[]): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    select id
      from jobs
     where kind = any (${kinds as string[]}) and connection_id is null and site_id is null and enabled
     order by array_position(${kinds as string[]}, kind)
  `);
  return rows.map((row) => row.id);
}

export interface Schedule {
  id: string;
  cron: string;
}

/** Every job that is on, for whoever keeps the clock. */
export async function listSchedules(reader: Reader): Promise<Schedule[]> {
  return reader.query<Schedule>(sql`select id, cron from jobs where enabled order by id`);
}

export interface JobResultDraft {
  jobId: string;
  state: JobResultState;
  trigger: JobTrigger;
  runId: string | null;
  at: Date;
  message: string | null;
}

/** A result that is not `running` has ended as it begins. */
export async function insertJobResult(tx: Tx, draft: JobResultDraft): Promise<JobResult> {
  const finishedAt = draft.state === "running" ? null : draft.at;
  const [row] = await tx.query<JobResult>(sql`
    insert into job_results (job_id, state, trigger, run_id, started_at, finished_at, message)
    values (${draft.jobId}, ${draft.state}, ${draft.trigger}, ${draft.runId}, ${draft.at}, ${finishedAt}, ${draft.message})
    returning ${RESULT_COLUMNS}
  `);
  return row!;
}

/**
 * Results of these kinds that wait to be worked on, or were left by a process that is no more; all as of one instant, so
 * that of jobs which are begun one after another none is seen without those before it.
 */
export async function listRunningResults(
  reader: Reader,
  kinds: readonly string[],
): Promise<(JobResult & { kind: string })[]> {
  return reader.query<JobResult & { kind: string }>(sql`
    select ${RESULT_COLUMNS}, (select j.kind from jobs j where j.id = job_id) as kind
      from job_results
     where state = 'running' and job_id in (select id from jobs where kind = any (${kinds as string[]}))
     order by started_at
  `);
}

/** A line of what a job tells while it works, in the order in which they were told. */
export async function insertJobResultEvent(
  tx: Tx,
  event: { resultId: string; at: Date; message: string },
): Promise<void> {
  await tx.execute(sql`
    insert into job_result_events (result_id, seq, at, message)
    select ${event.resultId}, coalesce(max(seq), 0) + 1, ${event.at}, ${event.message}
      from job_result_events
     where result_id = ${event.resultId}
  `);
}

export interface JobResultEvent {
  seq: number;
  at: Date;
  message: string;
}

export async function findJobResult(reader: Reader, id: string): Promise<JobResult | null> {
  const rows = await reader.query<JobResult>(sql`select ${RESULT_COLUMNS} from job_results where id = ${id}`);
  return rows[0] ?? null;
}

export function jobResultEventRows(resultId: string): ListSource<JobResultEvent, JobResultEvent, "seq"> {
  const rows = sql`from job_result_events where result_id = ${resultId}`;
  return {
    sorts: { seq: { by: sql`seq`, type: "bigint" } },
    tie: { by: sql`seq`, type: "bigint" },
    select: (page) => sql`select seq, at, message, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}

/** Names the process that works on a result from now on. */
export async function saveJobResultHolder(tx: Tx, id: string, holder: string): Promise<void> {
  await tx.execute(sql`update job_results set holder = ${holder} where id = ${id} and state = 'running'`);
}

export async function endJobResult(
  tx: Tx,
  id: string,
  end: { state: JobResultState; at: Date; message: string | null },
): Promise<void> {
  await tx.execute(sql`
    update job_results
       set state = ${end.state}, finished_at = ${end.at}, message = ${end.message}
     where id = ${id} and state = 'running'
  `);
}

/** Results whose run has ended take its state and end; right whenever and however often it is done. */
export async function endResultsOfRuns(tx: Tx): Promise<number> {
  return tx.execute(sql`
    update job_results result
       set state = run.state, finished_at = run.finished_at, message = run.error_message
      from runs run
     where run.id = result.run_id
       and result.state = 'running'
       and run.state not in ('queued', 'running')
  `);
}

/** Jobs for a list, each for `toJob`; a null filter lets everything through. */
export function jobRows(filter: {
  connectionId: string | null;
  siteId: string | null;
  enabled: boolean | null;
  kinds: readonly string[] | null;
  /** Of the newest result. */
  lastStates: readonly JobResultState[] | null;
  /** A part of the name, whatever its case. */
  text: string | null;
}): ListSource<JobRow, JobRow, "name" | "createdAt"> {
  const rows = sql`
      from jobs j
     where (${filter.connectionId}::text is null or j.connection_id = ${filter.connectionId})
       and (${filter.siteId}::text is null or j.site_id = ${filter.siteId})
       and (${filter.enabled}::boolean is null or j.enabled = ${filter.enabled})
       and (${filter.kinds}::text[] is null or j.kind = any (${filter.kinds}))
       and (${filter.lastStates}::text[] is null or (select newest.state
                                                       from job_results newest
                                                      where newest.job_id = j.id
                                                      order by newest.started_at desc, newest.id desc
                                                      limit 1) = any (${filter.lastStates}))
       and (${filter.text}::text is null or strpos(lower(j.name), lower(${filter.text}::text)) > 0)
  `;
  return {
    sorts: {
      name: { by: sql`j.name collate "C"`, type: "text" },
      createdAt: { by: sql`j.created_at`, type: "timestamptz" },
    },
    tie: { by: sql`j.id`, type: "text" },
    select: (page) => sql`select ${COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}

export function jobResultRows(filter: {
  jobId: string;
  states: readonly JobResultState[] | null;
}): ListSource<JobResult, JobResult, "startedAt"> {
  const rows = sql`
      from job_results
     where job_id = ${filter.jobId}
       and (${filter.states}::text[] is null or state = any(${filter.states}))
  `;
  return {
    sorts: { startedAt: { by: sql`started_at`, type: "timestamptz" } },
    tie: { by: sql`id`, type: "text" },
    select: (page) => sql`select ${RESULT_COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
