import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** What a process does: serve the API and execute runs, serve alone, or execute runs alone. */
export type ProcessKind = "server" | "server-only" | "worker";

export interface ProcessIdentity {
  /** Names the process among those that share the database: host, process id and a few random characters. */
  holder: string;
  kind: ProcessKind;
  version: string;
  startedAt: Date;
}

export interface KnownProcess extends ProcessIdentity {
  seenAt: Date;
  /** Heard of lately. One that is not has ended without a word, or does not reach the database. */
  isAlive: boolean;
  /** Sites whose run it executes now. */
  runs: number;
}

/** Three times as long as a process stays silent between two signs of life. */
const ALIVE_SECONDS = 30;
/** One that was killed is told of for this long. */
const REMEMBERED_HOURS = 24;

export async function saveProcessSeen(tx: Tx, { holder, kind, version, startedAt }: ProcessIdentity): Promise<void> {
  await tx.execute(sql`
    insert into processes (holder, kind, version, started_at, seen_at)
    values (${holder}, ${kind}, ${version}, ${startedAt}, clock_timestamp())
        on conflict (holder) do update set seen_at = excluded.seen_at
  `);
}

export async function removeProcess(tx: Tx, holder: string): Promise<void> {
  await tx.execute(sql`delete from processes where holder = ${holder}`);
}

/** Those that were heard of within a day, oldest first. */
export function listProcesses(reader: Reader): Promise<KnownProcess[]> {
  return reader.query<KnownProcess>(sql`
    select p.holder, p.kind, p.version, p.started_at as "startedAt", p.seen_at as "seenAt",
           p.seen_at >= clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS}) as "isAlive",
           (select count(*)
              from leases l
             where l.holder = p.holder and l.name like 'site/%' and l.until >= clock_timestamp()) as runs
      from processes p
     where p.seen_at >= clock_timestamp() - make_interval(hours => ${REMEMBERED_HOURS})
     order by p.started_at, p.holder
  `);
}

/** Housekeeping: forgets processes that are no longer told of. */
export async function deleteForgottenProcesses(tx: Tx): Promise<number> {
  return tx.execute(sql`
    delete from processes
     where seen_at < clock_timestamp() - make_interval(hours => ${REMEMBERED_HOURS})
  `);
}
