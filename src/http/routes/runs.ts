import * as api from "../../api/runs.ts";
import { acceptHeldRun } from "../../commands/runs/accept-held-run.ts";
import { cancelRun } from "../../commands/runs/cancel-run.ts";
import { discardHeldRun } from "../../commands/runs/discard-held-run.ts";
import { requestRun } from "../../commands/runs/request-run.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Reader } from "../../store/database.ts";
import { differenceList, differenceTotalsList } from "../../store/held-difference.ts";
import { findNewestHeld, findRunUnderWay, type HeldRunRefusal } from "../../store/held-runs.ts";
import { findOutcome } from "../../store/job-outcomes.ts";
import {
  findEarlierRun,
  findNamedRun,
  listingRows,
  type NamedRun,
  readRunWarnings,
  runEventRows,
  runRows,
} from "../../store/run-lists.ts";
import { followRun } from "../follow-run.ts";
import { handleList } from "../lists.ts";
import { handle, handleEvents } from "../route.ts";
import { readSteps } from "../run-steps.ts";

export const runHandlers = [
  handleList(api.listRuns, async ({ query }) =>
    ok(
      runRows({
        siteId: query.siteId ?? null,
        connectionId: query.connectionId ?? null,
        states: query.state ?? null,
        scope: query.scope ?? null,
      }),
    ),
  ),

  handle(api.getRun, async ({ reader, params, ctx, ownedBy }) => {
    const run = await findNamedRun(reader, params.runId);
    if (!run) return refuse("no-such-run");
    // An owner is told of no run of another connection that reads the site too.
    const comparedWith = ownedBy === null ? null : run.connectionId;
    return ok(await detailOfRun(reader, run, { now: ctx.clock.now(), comparedWith }));
  }),

  handle(api.requestRun, ({ ctx, body }) => requestRun(ctx, { ...body, connectionId: body.connectionId ?? null })),

  handle(api.cancelRun, ({ ctx, params }) => cancelRun(ctx, params.runId)),

  handleList(api.listHeldDifference, async ({ reader, params, query }) => {
    const held = await findReadable(reader, params.runId);
    if (!held.ok) return held;
    const { kind = null, missingFrom = null, verdict = null } = query;
    return ok(differenceList(held.value, { kinds: kind, missingFrom, verdicts: verdict }));
  }),

  handleList(api.summarizeHeldDifference, async ({ reader, params, query }) => {
    const held = await findReadable(reader, params.runId);
    if (!held.ok) return held;
    return ok(differenceTotalsList(held.value, { kinds: query.kind ?? null, missingFrom: query.missingFrom ?? null }));
  }),

  handle(api.acceptHeldRun, async ({ ctx, reader, params, body }) => {
    const accepted = await acceptHeldRun(ctx, params.runId, body?.reason ?? null);
    if (!accepted.ok) return accepted;
    const next = await findNamedRun(reader, accepted.value);
    if (!next) throw new Error(`The run ${accepted.value} was just queued and is not there.`);
    return ok(next);
  }),

  handle(api.discardHeldRun, ({ ctx, params, body }) => discardHeldRun(ctx, params.runId, body.reason)),

  handleEvents(api.followRun, async ({ reader, params, ctx, services, lastEventId, signal }) => {
    if (!(await findNamedRun(reader, params.runId))) return refuse("no-such-run");
    const after = /^\d{1,9}$/.test(lastEventId ?? "") ? Number(lastEventId) : 0;
    const { clock } = ctx;
    return ok(followRun({ reader, clock, signals: services.runSignals, runId: params.runId, after, signal }));
  }),

  handleList(api.listRunLog, async ({ reader, params, query }) =>
    (await findNamedRun(reader, params.runId))
      ? ok(runEventRows({ runId: params.runId, levels: query.level ?? null, event: query.event ?? null }))
      : refuse("no-such-run"),
  ),

  handleList(api.listRunListings, async ({ reader, params, query }) =>
    (await findNamedRun(reader, params.runId))
      ? ok(listingRows({ runId: params.runId, kinds: query.kind ?? null, states: query.state ?? null }))
      : refuse("no-such-run"),
  ),
];

async function detailOfRun(
  reader: Reader,
  run: NamedRun,
  { now, comparedWith }: { now: Date; comparedWith: string | null },
) {
  const [progress, { waitsUntil, warnings, errors }, earlier, outcome] = await Promise.all([
    readSteps(reader, run.id),
    readRunWarnings(reader, run.id),
    findEarlierRun(reader, run, comparedWith),
    findOutcome(reader, run.id),
  ]);
  const isWaiting = run.state === "running" && waitsUntil !== null && waitsUntil > now;
  const jobResultId = outcome?.resultId ?? null;
  return { ...run, progress, waitsUntil: isWaiting ? waitsUntil : null, warnings, errors, earlier, jobResultId };
}

/** The held run whose difference is whole: one that a run under way is replacing would be told in part. */
async function findReadable(
  reader: Reader,
  runId: string,
): Promise<Result<{ siteId: string; runId: string; observedAt: Date }, HeldRunRefusal | "being-replaced">> {
  const held = await findNewestHeld(reader, runId);
  if (!held.ok) return held;
  const { siteId, observedAt } = held.value;
  const underWay = await findRunUnderWay(reader, siteId);
  return underWay?.state === "running" ? refuse("being-replaced") : ok({ siteId, runId, observedAt });
}
