import type { Reader } from "./database.ts";
import { type ActingFacts, readActingFacts } from "./doctor-acting.ts";
import { listProcesses, type KnownProcess } from "./processes.ts";
import { findRestoredCopy, type RestoredCopy } from "./restored-copy.ts";
import { compareSchema, type SchemaState } from "./schema-version.ts";
import { sql } from "./sql.ts";

/** What the database tells of itself and of what lies in it, for somebody who asks whether all is well. */
export interface InstallationFacts {
  server: ServerFacts;
  schema: SchemaState;
  processes: KnownProcess[];
  work: WorkFacts;
  jobs: { name: string; cron: string; since: Date }[];
  credentials: { label: string; connection: string; isLost: boolean; expiresAt: Date | null }[];
  sites: SiteFacts[];
  mail: MailFacts;
  acting: ActingFacts;
  lastBackupAt: Date | null;
  restored: RestoredCopy | null;
}

export interface ServerFacts {
  /** As PostgreSQL counts: 150004 is 15.4. */
  versionNumber: number;
  sizeBytes: number;
  now: Date;
  /** Transactions since the oldest row that was not frozen; PostgreSQL stops taking writes at some 2.1 billion. */
  transactionAge: number;
  /** Tables with more dead rows than living ones, and more than can be overlooked. */
  bloated: string[];
}

export interface WorkFacts {
  /** Runs that wait since before a quarter of an hour ago. */
  waitingRuns: number;
  /** Runs that no process has held for minutes. */
  forsakenRuns: number;
}

export interface MailFacts {
  /** Mails that are due for longer than an hour, or were tried and could not be sent yet. */
  waiting: number;
  /** Of those: questions about seats, to holders and deciders. */
  checkIns: number;
  /** What the newest of them that was tried ran into. */
  lastError: string | null;
}

export interface SiteFacts {
  name: string;
  health: string;
  lastSyncedAt: Date | null;
  /** Of the published connections that read it, the shortest. */
  staleAfterHours: number;
}

export async function readInstallationFacts(reader: Reader): Promise<InstallationFacts> {
  return {
    server: await readServer(reader),
    schema: await compareSchema(reader),
    processes: await listProcesses(reader),
    work: await readWork(reader),
    jobs: await listJobsOn(reader),
    credentials: await listCredentialsInUse(reader),
    sites: await listSitesRead(reader),
    mail: await readMail(reader),
    acting: await readActingFacts(reader),
    lastBackupAt: await findLastBackup(reader),
    restored: await findRestoredCopy(reader),
  };
}

/** Dead rows below this are no trouble, whatever their share. */
const DEAD_ROWS_MIN = 100_000;

async function readServer(reader: Reader): Promise<ServerFacts> {
  const [row] = await reader.query<ServerFacts>(sql`
    select current_setting('server_version_num')::integer as "versionNumber",
           pg_database_size(current_database()) as "sizeBytes", clock_timestamp() as now,
           (select age(datfrozenxid) from pg_database where datname = current_database()) as "transactionAge",
           array(select relname::text
                   from pg_stat_user_tables
                  where n_dead_tup > greatest(${DEAD_ROWS_MIN}, n_live_tup)
                  order by n_dead_tup desc) as bloated
  `);
  if (!row) throw new Error("The database told nothing of itself.");
  return row;
}

async function readWork(reader: Reader): Promise<WorkFacts> {
  const [row] = await reader.query<WorkFacts>(sql`
    select count(*) filter (where r.state = 'queued' and r.requested_at < clock_timestamp() - interval '15 minutes')
             as "waitingRuns",
           count(*) filter (where r.state = 'running' and coalesce(l.until, r.started_at) < clock_timestamp() - interval '2 minutes')
             as "forsakenRuns"
      from runs r
      left join leases l on l.name = 'site/' || r.site_id
     where r.state in ('queued', 'running')
  `);
  return row ?? { waitingRuns: 0, forsakenRuns: 0 };
}

async function readMail(reader: Reader): Promise<MailFacts> {
  const [row] = await reader.query<MailFacts>(sql`
    select count(*) as waiting,
           count(*) filter (where kind in ('check-in', 'check-in-reminder', 'decision-needed')) as "checkIns",
           (array_agg(error order by created_at desc) filter (where error is not null))[1] as "lastError"
      from messages
     where channel = 'mail' and state = 'waiting'
       and (error is not null or next_at < clock_timestamp() - interval '1 hour')
  `);
  return row ?? { waiting: 0, checkIns: 0, lastError: null };
}

/** Jobs that are on, each with when it last began, or when it was made. */
function listJobsOn(reader: Reader): Promise<InstallationFacts["jobs"]> {
  return reader.query(sql`
    select j.name, j.cron,
           coalesce((select max(r.started_at) from job_results r where r.job_id = j.id), j.created_at) as since
      from jobs j
     where j.enabled
     order by j.name
  `);
}

function listCredentialsInUse(reader: Reader): Promise<InstallationFacts["credentials"]> {
  return reader.query(sql`
    select k.label, c.name as connection, k.state = 'needs-reauthorization' as "isLost", k.expires_at as "expiresAt"
      from credentials k
      join connections c on c.id = k.connection_id
     where k.state <> 'replaced' and c.state <> 'archived'
     order by c.name, k.label
  `);
}

function listSitesRead(reader: Reader): Promise<SiteFacts[]> {
  return reader.query<SiteFacts>(sql`
    select s.name, s.health, s.last_synced_at as "lastSyncedAt",
           min((c.settings ->> 'staleAfterHours')::integer) as "staleAfterHours"
      from sites s
      join connection_sites x on x.site_id = s.id
      join connections c on c.id = x.connection_id
     where c.state = 'published'
     group by s.id
     order by s.name
  `);
}

/** The newest one that was read to its end; a file that somebody lost counts too, as nobody here could know. */
async function findLastBackup(reader: Reader): Promise<Date | null> {
  const [row] = await reader.query<{ at: Date }>(sql`
    select at from journal_entries where entry = 'backup.written' order by seq desc limit 1
  `);
  return row?.at ?? null;
}
