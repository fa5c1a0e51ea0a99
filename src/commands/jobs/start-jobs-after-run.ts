import { listJobsOfKinds } from "../../store/jobs.ts";
import type { Context } from "../context.ts";
import { startJob } from "./start-job.ts";

/**
 * Begins the jobs of these kinds that are on; what a run found is then acted on at once. Gives the kinds that are under
 * way already: they may have looked before the run ended, and have to be begun once more when they are done.
 */
export async function startJobsAfterRun(context: Context, kinds: readonly string[]): Promise<string[]> {
  const missed: string[] = [];
  for (const kind of kinds) {
    for (const jobId of await listJobsOfKinds(context.db, [kind])) {
      const started = await startJob(context, jobId, "run");
      if (!started.ok && started.error === "job-under-way") missed.push(kind);
    }
  }
  return missed;
}
