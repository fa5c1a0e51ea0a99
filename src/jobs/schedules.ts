import { PgBoss } from "pg-boss";
import type pg from "pg";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Reader } from "../store/database.ts";
import { listSchedules } from "../store/jobs.ts";

export interface SchedulesOptions {
  reader: Reader;
  connection: pg.PoolConfig;
  log: Log;
  /** Called once for each time a job is due, by one of the processes that share the database. */
  onDue(jobId: string): Promise<void>;
  /** How often it is looked for what is due. Jobs are due at whole minutes: some seconds later is soon enough. */
  pollSeconds?: number;
}

/** The clock of the jobs: pg-boss fires each once at its time, whichever of many processes is up then. */
export interface Schedules {
  /** Makes pg-boss's schedules equal to the jobs that are on. */
  follow(): Promise<void>;
  stop(): Promise<void>;
}

const SCHEMA = "pgboss";
const QUEUE = "due-jobs";
const POLL_SECONDS = 10;

export async function startSchedules({
  reader,
  connection,
  log,
  onDue,
  pollSeconds = POLL_SECONDS,
}: SchedulesOptions): Promise<Schedules> {
  // Two connections: one works while the other keeps time. It holds no connection of the requests' pool.
  const boss = new PgBoss({ ...connectionOf(connection), schema: SCHEMA, max: 2, application_name: "usher-schedules" });
  boss.on("error", (error) => log.error({ error: messageOf(error) }, "the schedule failed"));
  boss.on("warning", (warning) => log.warn({ warning: warning.message }, "the schedule warns"));
  await boss.start();
  // A worker that died is seen by its missing heartbeat, and what was due is begun by another.
  await boss.createQueue(QUEUE, { retryLimit: 3, retryBackoff: true, heartbeatSeconds: 30, expireInSeconds: 300 });
  await boss.work<{ jobId: string }>(QUEUE, { pollingIntervalSeconds: pollSeconds }, async (due) => {
    for (const { data } of due) await onDue(data.jobId);
  });

  return {
    async follow() {
      const wanted = new Map((await listSchedules(reader)).map(({ id, cron }) => [id, cron]));
      for (const { key, cron } of await boss.getSchedules(QUEUE)) {
        if (!wanted.has(key)) await boss.unschedule(QUEUE, key);
        else if (wanted.get(key) === cron) wanted.delete(key);
      }
      for (const [jobId, cron] of wanted) {
        // After a time when nothing ran, what was missed is made up for once.
        await boss.schedule(QUEUE, cron, { jobId }, { key: jobId, tz: "UTC", missed: "once" });
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  };
}

/** The part of pg's settings that pg-boss takes; both hand it to the same driver. */
function connectionOf({ connectionString, host, port, user, password, database, ssl }: pg.PoolConfig) {
  const text = typeof password === "string" || typeof password === "function" ? password : undefined;
  return Object.fromEntries(
    Object.entries({ connectionString, host, port, user, password: text, database, ssl }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
