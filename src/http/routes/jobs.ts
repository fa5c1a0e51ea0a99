import * as api from "../../api/jobs.ts";
import { changeJob } from "../../commands/jobs/change-job.ts";
import { startJob } from "../../commands/jobs/start-job.ts";
import { nextTime, parseCron } from "../../lib/cron.ts";
import { sayCron } from "../../lib/cron-words.ts";
import { ok, refuse } from "../../lib/result.ts";
import {
  findJob,
  findJobResult,
  jobResultEventRows,
  jobResultRows,
  jobRows,
  toJob,
  type Job,
  type JobRow,
} from "../../store/jobs.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const jobHandlers = [
  handleList(api.listJobs, async ({ query, ctx }) => {
    const rows = jobRows({
      connectionId: query.connectionId ?? null,
      siteId: query.siteId ?? null,
      enabled: query.enabled ?? null,
      kinds: query.kind ?? null,
      lastStates: query.lastState ?? null,
      text: query.q ?? null,
    });
    return ok({
      ...rows,
      toItems: (found: JobRow[]) => found.map((row) => withNext(toJob(row), ctx.clock.now())),
    });
  }),

  handle(api.getJob, async ({ reader, params, ctx }) => {
    const job = await findJob(reader, params.jobId);
    return job ? ok(withNext(job, ctx.clock.now())) : refuse("no-such-job");
  }),

  handle(api.changeJob, async ({ ctx, params, body }) => {
    const changed = await changeJob(ctx, params.jobId, body);
    return changed.ok ? ok(withNext(changed.value, ctx.clock.now())) : changed;
  }),

  handle(api.runJob, ({ ctx, params }) => startJob(ctx, params.jobId, "person")),

  handleList(api.listJobResults, async ({ reader, params, query }) =>
    (await findJob(reader, params.jobId))
      ? ok(jobResultRows({ jobId: params.jobId, states: query.state ?? null }))
      : refuse("no-such-job"),
  ),

  handleList(api.listJobResultEvents, async ({ reader, params }) => {
    const result = await findJobResult(reader, params.resultId);
    return result?.jobId === params.jobId ? ok(jobResultEventRows(result.id)) : refuse("no-such-result");
  }),
];

function withNext(job: Job, now: Date): Job & { schedule: string; nextAt: Date | null } {
  const cron = job.enabled ? parseCron(job.cron) : null;
  return { ...job, schedule: sayCron(job.cron), nextAt: cron && nextTime(cron, now) };
}
