import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { dayOrInstantText, defineList, manyOf } from "./lists.ts";

const STATES = ["queued", "running", "succeeded", "partial", "failed", "canceled", "held", "skipped"] as const;
const TRIGGERS = ["schedule", "person", "publish", "run", "work"] as const;

const kind = z.string().regex(/^[a-z][a-z-]{0,60}$/, "a kind such as refresh-site or compute-position");

export const JobOutcome = z
  .object({
    id: z.string().meta({ description: "The run's id where it is a run, else the result's." }),
    kind: z.string().meta({
      description: "The job's kind, such as `compute-position`; of a run that no job began what the job would be of.",
    }),
    name: z.string(),
    jobId: z.string().nullable().meta({ description: "Null: a run that no job began." }),
    resultId: z.string().nullable(),
    runId: z.string().nullable().meta({ description: "Null: it is no run; `/runs/{runId}` tells more of one." }),
    connectionId: z.string().nullable(),
    connectionName: z.string().nullable(),
    siteId: z.string().nullable(),
    siteName: z.string().nullable(),
    state: z.enum(STATES),
    trigger: z.enum(TRIGGERS).meta({
      description: "`run`: a run of a site ended. `work`: something waited for it.",
    }),
    requestedBy: z.string().nullable().meta({ description: "Whoever asked for a run; null of other jobs." }),
    requestedAt: instant,
    startedAt: instant.nullable().meta({ description: "Null while it is queued." }),
    finishedAt: instant.nullable(),
    tookMs: z.int().nullable().meta({ description: "Null until it has ended, and where it never began." }),
    worker: z.string().nullable().meta({ description: "The process that worked on it last, as `/status` names it." }),
    waitsUntil: instant.nullable().meta({
      description: "While a run waits because the source asked it to, or for the next hour's points; else null.",
    }),
    message: z.string().nullable().meta({ description: "How it ended, in words." }),
    counts: z
      .object({
        read: z.int(),
        added: z.int(),
        changed: z.int(),
        gone: z.int(),
        notVisible: z.int(),
        errors: z.int(),
      })
      .nullable()
      .meta({ description: "Only of runs; null of other jobs, whose message says what they did." }),
    requests: z.int().nullable(),
    nextAt: instant.nullable().meta({ description: "When its job is due next; null where none is, or it is off." }),
  })
  .meta({ id: "JobOutcome" });

const params = z.strictObject({
  resultId: z.string().regex(/^(run|result)_[0-9a-z]{12}$/, "the id of a run or of a job's result"),
});
const NO_SUCH_RESULT = {
  "no-such-result": {
    status: 404,
    says: "There is no such result; those of jobs that are no runs are kept for 14 days, and the newest of each.",
  },
} as const;

export const listJobOutcomes = defineList({
  id: "job-results.list",
  path: "/job-results",
  summary: "What every job did, and every run, newest first",
  description: "Runs are kept; results of other jobs for 14 days, and the newest of each.",
  scope: "runs:read",
  item: JobOutcome,
  sorts: ["requestedAt"],
  defaultSort: "-requestedAt",
  filters: {
    jobId: idOf("job").optional(),
    kind: manyOf(kind).optional().meta({ description: "Such as `refresh-site`, `find-candidates`." }),
    connectionId: idOf("connection").optional(),
    siteId: idOf("site").optional(),
    state: manyOf(z.enum(STATES)).optional(),
    trigger: manyOf(z.enum(TRIGGERS)).optional(),
    from: dayOrInstantText.optional().meta({ description: "Asked for on or after this day or instant." }),
    until: dayOrInstantText.optional().meta({ description: "Asked for before this day or instant." }),
  },
});

export const getJobOutcome = defineRoute({
  id: "job-results.get",
  method: "GET",
  path: "/job-results/{resultId}",
  summary: "One time that a job did its work",
  scope: "runs:read",
  params,
  answer: JobOutcome,
  refusals: NO_SUCH_RESULT,
});

export const downloadJobLog = defineRoute({
  id: "job-results.log",
  method: "GET",
  path: "/job-results/{resultId}/log",
  summary: "The log of a run or of a job's result as a file",
  description:
    "Line by line: when it began, what it told, how it ended. The lines of runs are kept for 90 days, those of other jobs for 14.",
  scope: "runs:read",
  params,
  query: z.strictObject({
    as: z.enum(["text", "jsonl"]).default("text").meta({ description: "`jsonl`: one JSON object a line." }),
  }),
  answer: z.string(),
  produces: "file",
  refusals: NO_SUCH_RESULT,
});

export const jobResultRoutes = [listJobOutcomes, getJobOutcome, downloadJobLog];
