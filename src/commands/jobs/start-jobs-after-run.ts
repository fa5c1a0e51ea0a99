import { listJobsOfKinds } from "../../store/jobs.ts";
import type { Context } from "../context.ts";
import { startJob } from "./start-job.ts";

/** Begins the jobs of these kinds that are on and not under way; what a run found is then acted on at once. */
export async function startJobsAfterRun(context: Context, kinds: readonly string[]): Promise<void> {
  for (const jobId of await listJobsOfKinds(context.db, kinds)) await startJob(context, jobId, "run");
}
