import { z } from "zod";
import { nextTime, parseCron } from "../lib/cron.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, flag, manyOf } from "./lists.ts";

const JOB_STATES = ["running", "succeeded", "partial", "failed", "canceled", "held", "skipped"] as const;

export const JobResult = z
  .object({
    id: z.string(),
    jobId: z.string(),
    state: z.enum(JOB_STATES),
    trigger: z.enum(["schedule", "person", "publish", "run", "work"]).meta({
      description: "`run`: a run of a site ended. `work`: something waited for it.",
    }),
    runId: z.string().nullable().meta({ description: "The run it began; null where it began none." }),
    startedAt: instant,
    finishedAt: instant.nullable(),
    message: z.string().nullable(),
    worker: z.string().nullable().meta({ description: "The process that works or worked on it; a run names its own." }),
  })
  .meta({ id: "JobResult" });

export const Job = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string().meta({ description: "`refresh-site`, `housekeeping`." }),
    connectionId: z.string().nullable(),
    siteId: z.string().nullable(),
    cron: z.string().meta({ description: "Minute, hour, day of month, month, day of week, in UTC." }),
    schedule: z.string().meta({ description: "The same in words, such as `every day at 03:17 UTC`." }),
    enabled: z.boolean(),
    createdAt: instant,
    nextAt: instant.nullable().meta({ description: "Null while it is disabled." }),
    lastResult: JobResult.nullable(),
  })
  .meta({ id: "Job" });

/** Five fields that come round at some time. */
const cron = z
  .string()
  .max(100)
  .refine(
    (typed) => {
      const parsed = parseCron(typed);
      return parsed !== null && nextTime(parsed, new Date(0)) !== null;
    },
    { error: "five cron fields of numbers, such as `17 3 * * *` for every day at 03:17 UTC" },
  );

const params = z.strictObject({ jobId: idOf("job") });
const NO_SUCH_JOB = { "no-such-job": { status: 404, says: "There is no such job." } } as const;

export const listJobs = defineList({
  id: "jobs.list",
  path: "/jobs",
  summary: "What runs by schedule, with its last result",
  scope: "jobs:read",
  item: Job,
  sorts: ["name", "createdAt"],
  filters: {
    connectionId: idOf("connection").optional(),
    siteId: idOf("site").optional(),
    enabled: flag.optional(),
    kind: manyOf(z.string().regex(/^[a-z][a-z-]{0,60}$/, "a kind such as refresh-site")).optional(),
    lastState: manyOf(z.enum(JOB_STATES)).optional().meta({ description: "How it ended last, or `running`." }),
    q: text(100).optional().meta({ description: "A part of the name, whatever its case." }),
  },
});

export const getJob = defineRoute({
  id: "jobs.get",
  method: "GET",
  path: "/jobs/{jobId}",
  summary: "One job",
  scope: "jobs:read",
  params,
  answer: Job,
  refusals: NO_SUCH_JOB,
});

export const changeJob = defineRoute({
  id: "jobs.change",
  method: "PATCH",
  path: "/jobs/{jobId}",
  summary: "Switch a job on or off, or move it to another time",
  scope: "jobs:write",
  params,
  body: z.strictObject({ enabled: z.boolean().optional(), cron: cron.optional() }),
  answer: Job,
  refusals: NO_SUCH_JOB,
});

export const runJob = defineRoute({
  id: "jobs.run",
  method: "POST",
  path: "/jobs/{jobId}/run",
  summary: "Run a job now",
  description: "Its schedule stays. A job that is off runs too.",
  scope: "jobs:write",
  params,
  answer: JobResult,
  status: 202,
  refusals: {
    ...NO_SUCH_JOB,
    "connection-not-published": {
      status: 409,
      says: "Its connection is not published, so nothing of it can be read. Publish it first.",
    },
    "run-under-way": {
      status: 409,
      says: "A run of this site is already queued or under way. Wait until it has ended, or cancel it first.",
    },
    "job-under-way": { status: 409, says: "This job is already under way. Wait until it has ended." },
  },
});

export const listJobResults = defineList({
  id: "jobs.results",
  path: "/jobs/{jobId}/results",
  summary: "How a job ended each time, for 14 days",
  scope: "jobs:read",
  params,
  item: JobResult,
  sorts: ["startedAt"],
  defaultSort: "-startedAt",
  filters: { state: manyOf(z.enum(JOB_STATES)).optional() },
  refusals: NO_SUCH_JOB,
});

export const JobResultEvent = z
  .object({ seq: z.int(), at: instant, message: z.string() })
  .meta({ id: "JobResultEvent" });

export const listJobResultEvents = defineList({
  id: "jobs.logs",
  path: "/jobs/{jobId}/results/{resultId}/log",
  summary: "What a job told while it worked",
  description: "Of a job that is a run, the run has the log.",
  scope: "jobs:read",
  params: z.strictObject({ jobId: idOf("job"), resultId: idOf("result") }),
  item: JobResultEvent,
  sorts: ["seq"],
  refusals: { "no-such-result": { status: 404, says: "This job has no such result; they are kept for 14 days." } },
});

export const jobRoutes = [listJobs, getJob, changeJob, runJob, listJobResults, listJobResultEvents];
