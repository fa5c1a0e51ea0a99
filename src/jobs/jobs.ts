import type pg from "pg";
import { startJob } from "../commands/jobs/start-job.ts";
import type { Context } from "../commands/context.ts";
import { messageOf } from "../lib/errors.ts";
import { ensureJob } from "../store/jobs.ts";
import { WORK_CHANNEL } from "../store/work-signal.ts";
import { createDispatcher, type DispatcherOptions } from "./dispatcher.ts";
import { JOB_KINDS } from "./kinds.ts";
import { startSchedules } from "./schedules.ts";

export interface JobsOptions extends DispatcherOptions {
  /** pg-boss keeps connections of its own. */
  connection: pg.PoolConfig;
}

export interface Jobs {
  /** Stops the clock, then lets runs under way save where they are; they go on at the next start. */
  close(): Promise<void>;
}

/** A NOTIFY wakes at once; this is for the ones that are lost, and for leases that lapse. */
const LOOK_MS = 5000;

/** Starts executing runs and jobs in this process. Any number of processes may do so on one database. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { db, clock, log, secrets } = options;
  await db.transaction(async (tx) => {
    for (const job of options.kinds ?? JOB_KINDS) await ensureJob(tx, job, clock.now());
  });
  const dispatcher = createDispatcher(options);
  const context: Context = { db, clock, secrets, actor: { operatorId: "system", through: "job" } };
  const schedules = await startSchedules({
    reader: db,
    connection: options.connection,
    log,
    onDue: async (jobId) => {
      const started = await startJob(context, jobId, "schedule");
      if (!started.ok) log.warn({ jobId, refusal: started.error }, "a job was due that could not begin");
    },
  });

  const stopping = new AbortController();
  let wake = new AbortController();
  const unlisten = await db.listen(WORK_CHANNEL, () => wake.abort());
  const looking = lookUntilStopped();

  async function lookUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Made before looking: what is signaled meanwhile is looked for right afterwards.
      wake = new AbortController();
      const woken = AbortSignal.any([wake.signal, stopping.signal]);
      try {
        await schedules.follow();
        await dispatcher.look();
      } catch (error) {
        log.error({ error: messageOf(error) }, "could not look for work");
      }
      await clock.sleep(LOOK_MS, woken).catch(() => {
        // Woken or stopping: the loop looks which.
      });
    }
  }

  return {
    async close() {
      stopping.abort();
      await unlisten();
      await looking;
      await schedules.stop();
      await dispatcher.stop();
    },
  };
}
