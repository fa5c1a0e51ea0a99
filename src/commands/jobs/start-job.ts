import { ok, refuse, type Result } from "../../lib/result.ts";
import { REFRESH_CHANGES } from "../../store/changes-jobs.ts";
import { REFRESH_SITE } from "../../store/connection-jobs.ts";
import type { RunScope, RunTrigger } from "../../model/runs.ts";
import type { Tx } from "../../store/database.ts";
import { insertJobResult, lockJob, type Job, type JobResult, type JobTrigger } from "../../store/jobs.ts";
import { requestRun } from "../../store/runs.ts";
import { findSiteReader } from "../../store/site-readers.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";

export type StartJobRefusal = "no-such-job" | "connection-not-published" | "run-under-way" | "job-under-way";

/**
 * Begins a job now: its result is there, `running`, when this commits, and whoever executes runs and jobs is woken. Who
 * asked by a click is told why it cannot begin; of a schedule the reason is kept as a result that was skipped.
 */
export function startJob(
  { db, clock, actor }: Context,
  jobId: string,
  trigger: Extract<JobTrigger, "schedule" | "person" | "run" | "work">,
): Promise<Result<JobResult, StartJobRefusal>> {
  return db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId);
    if (!job) return refuse("no-such-job");
    const now = clock.now();
    const scope = SCOPES[job.kind];
    const begun =
      scope && trigger !== "run" && trigger !== "work"
        ? await queueRun(tx, job, scope, trigger, actor.operatorId, now)
        : beginPlain(job);
    if (!begun.ok) {
      // After a run, whoever asked begins it again when it is done.
      if (trigger !== "schedule") return begun;
      return ok(
        await insertJobResult(tx, {
          jobId,
          state: "skipped",
          trigger,
          runId: null,
          at: now,
          message: SKIPPED[begun.error],
        }),
      );
    }

    const result = await insertJobResult(tx, {
      jobId,
      state: "running",
      trigger,
      runId: begun.value,
      at: now,
      message: null,
    });
    await signalWork(tx);
    if (trigger === "person") {
      tx.record({
        actorId: actor.operatorId,
        through: actor.through,
        entry: "job.started",
        subjectId: jobId,
        detail: { resultId: result.id, runId: begun.value },
      });
    }
    return ok(result);
  });
}

/** Kinds of job that are runs, and of which scope. */
const SCOPES: Partial<Record<string, RunScope>> = { [REFRESH_SITE]: "full", [REFRESH_CHANGES]: "delta" };

type CannotBegin = Exclude<StartJobRefusal, "no-such-job">;

const SKIPPED: Record<CannotBegin, string> = {
  "connection-not-published": "Its connection is not published.",
  "run-under-way": "A run of this site was already queued or under way.",
  "job-under-way": "It was still under way from the time before.",
};

async function queueRun(
  tx: Tx,
  job: Job,
  scope: RunScope,
  trigger: RunTrigger,
  requestedBy: string,
  requestedAt: Date,
): Promise<Result<string, CannotBegin>> {
  const { siteId } = job;
  if (siteId === null) throw new Error(`The job ${job.id} refreshes a site and has none.`);
  const connectionId = (await findSiteReader(tx, siteId, job.connectionId))?.connectionId ?? null;
  if (connectionId === null) return refuse("connection-not-published");
  const queued = await requestRun(tx, { siteId, connectionId, scope, trigger, requestedBy, requestedAt });
  return queued.ok ? queued : refuse("run-under-way");
}

function beginPlain(job: Job): Result<null, CannotBegin> {
  return job.lastResult?.state === "running" ? refuse("job-under-way") : ok(null);
}
