import * as api from "../../api/job-results.ts";
import { nextTime, parseCron } from "../../lib/cron.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findOutcome, type JobOutcome, outcomeRows } from "../../store/job-outcomes.ts";
import { jobLog } from "../job-result-log.ts";
import { handleList } from "../lists.ts";
import { handle, handleFile } from "../route.ts";

export const jobResultHandlers = [
  handleList(api.listJobOutcomes, async ({ query, ctx }) => {
    const rows = outcomeRows({
      jobId: query.jobId ?? null,
      kinds: query.kind ?? null,
      connectionId: query.connectionId ?? null,
      siteId: query.siteId ?? null,
      states: query.state ?? null,
      triggers: query.trigger ?? null,
      from: query.from === undefined ? null : new Date(query.from),
      until: query.until === undefined ? null : new Date(query.until),
    });
    return ok({ ...rows, toItems: (found: JobOutcome[]) => found.map((row) => withTimes(row, ctx.clock.now())) });
  }),

  handle(api.getJobOutcome, async ({ reader, params, ctx }) => {
    const outcome = await findOutcome(reader, params.resultId);
    return outcome ? ok(withTimes(outcome, ctx.clock.now())) : refuse("no-such-result");
  }),

  handleFile(api.downloadJobLog, async ({ reader, params, query }) => {
    const outcome = await findOutcome(reader, params.resultId);
    if (!outcome) return refuse("no-such-result");
    const name = `usher-${outcome.kind}-${outcome.id}.${query.as === "text" ? "log" : "jsonl"}`;
    const type = query.as === "text" ? "text/plain; charset=utf-8" : "application/x-ndjson";
    return ok({ name, type, bytes: jobLog(reader, outcome, query.as) });
  }),
];

function withTimes({ cron, ...outcome }: JobOutcome, now: Date) {
  const parsed = cron === null ? null : parseCron(cron);
  const { startedAt, finishedAt } = outcome;
  const tookMs = startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null;
  const waitsUntil = outcome.waitsUntil && outcome.waitsUntil > now ? outcome.waitsUntil : null;
  return { ...outcome, waitsUntil, tookMs, nextAt: parsed && nextTime(parsed, now) };
}
