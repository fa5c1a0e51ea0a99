import { ok, refuse, type Result } from "../../lib/result.ts";
import { lockJob, saveJob, type Job } from "../../store/jobs.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";

/** `cron` was checked where it entered. What is left out stays as it is. */
export function changeJob(
  { db, actor }: Context,
  jobId: string,
  change: { enabled?: boolean; cron?: string },
): Promise<Result<Job, "no-such-job">> {
  return db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId);
    if (!job) return refuse("no-such-job");
    const changed = { ...job, enabled: change.enabled ?? job.enabled, cron: change.cron ?? job.cron };
    if (changed.enabled === job.enabled && changed.cron === job.cron) return ok(job);

    await saveJob(tx, changed);
    await signalWork(tx);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "job.changed",
      subjectId: jobId,
      detail: { enabled: changed.enabled, cron: changed.cron },
    });
    return ok(changed);
  });
}
