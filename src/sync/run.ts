import { Fault, messageOf } from "../lib/errors.ts";
import type { Site } from "../model/connections.ts";
import type { RunState } from "../model/runs.ts";
import { judgeForecast } from "../rules/forecast.ts";
import { SourceFailure, type SiteDescription, type SiteSource } from "../sources/source.ts";
import { settleSiteEdition } from "../store/editions/settle.ts";
import { countListings, isListingComplete } from "../store/listings.ts";
import { advanceContentEvidence, noteNotToldYet, saveEvidenceWindow } from "../store/merge/activity.ts";
import { settleClosure } from "../store/merge/nestings.ts";
import { renewStatistics } from "../store/merge/statistics.ts";
import { saveRunReaders } from "../store/run-readers.ts";
import { beginRun, endRun, findRun, getRunSetup, type RunEnd, type RunRow, type RunSetup } from "../store/runs.ts";
import { findSite, saveSiteDescription, saveSiteHealth } from "../store/sites.ts";
import { closeAccepted } from "./accepted.ts";
import { concludeAudit } from "./audit.ts";
import { closeWhatIsGone } from "./close.ts";
import type { RunUnderWay, SyncContext } from "./context.ts";
import { auditWindow, contentWindow, isDirectoryDataStale } from "./coverage.ts";
import { tellDelta } from "./delta.ts";
import { needsReauthorization } from "./failures.ts";
import { holdSite, RunInterrupted, type Holding } from "./holding.ts";
import { createMergedAccounts } from "./merged-accounts.ts";
import { firstListings } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { readListings } from "./reader.ts";
import { endOfFailure, saveSite } from "./run-end.ts";
import { lookAgain } from "./second-look.ts";
import { tellRunEnd } from "./tell-run-end.ts";
import { closeUnusedModel } from "./unused-model.ts";

const CONCURRENCY = 8;
/**
 * Executes a queued run, or resumes one that was interrupted: complete listings are not read again, others go on from
 * their cursor, and the observation instant stays. Gives the state it ended in; `running` when `signal` was aborted or
 * the site was lost, so that it is resumed later. Throws when another process holds the site or the database is gone.
 */
export async function executeRun(context: SyncContext, runId: string, signal: AbortSignal): Promise<RunState> {
  const run = await findRun(context.db, runId);
  if (!run) throw new Error(`There is no run ${runId}.`);
  if (run.state !== "queued" && run.state !== "running") return run.state;

  const holding = await holdSite(context, run.siteId, runId, signal);
  if (!holding) {
    throw new Fault(`Another process holds site ${run.siteId}; run ${runId} waits for it.`, {
      code: "run.site-held",
      publicMessage: "Another process of this installation is reading the site. The run begins when it has ended.",
    });
  }
  try {
    return await executeHeld(context, run, holding);
  } finally {
    await holding.release();
  }
}

async function executeHeld(context: SyncContext, begun: RunRow, holding: Holding): Promise<RunState> {
  const { db, clock, log } = context;
  const observedAt = await holding.write((tx) => beginRun(tx, begun.id, clock.now(), context.holder));
  if (!observedAt) return (await findRun(db, begun.id))?.state ?? "canceled";
  const run = { ...begun, observedAt };
  const before = await findSite(db, run.siteId);
  const progress = createProgress(context, run.id, await countListings(db, run.id));
  try {
    const end = await attempt(context, run, before, holding, progress);
    if (!end) return "running";
    progress.tell({
      level: end.state === "failed" ? "error" : end.state === "succeeded" ? "info" : "warn",
      event: `run.${end.state}`,
      message: end.error?.message ?? `The run ended: ${end.state}.`,
      data: end.error ? { code: end.error.code } : {},
    });
    await progress.close();
    await holding.write(async (tx) => {
      const ended = { ...end, at: clock.now() };
      await endRun(tx, run.id, ended);
      await tellRunEnd(tx, run, ended);
    });
    return end.state;
  } catch (error) {
    if (error instanceof RunInterrupted) return "running";
    throw error;
  } finally {
    // Whatever was thrown, nothing goes on writing for a run that this process no longer executes.
    await progress
      .close()
      .catch((error: unknown) => log.warn({ runId: run.id, error: messageOf(error) }, "lost run events"));
  }
}

/** How the run ended; null when it is to be resumed. */
async function attempt(
  context: SyncContext,
  run: RunRow & { observedAt: Date },
  before: Site | null,
  holding: Holding,
  progress: Progress,
): Promise<RunEnd | null> {
  const { db, clock, log } = context;
  const { observedAt } = run;
  let source: SiteSource | null = null;
  try {
    holding.signal.throwIfAborted();
    progress.tell(
      run.state === "running"
        ? { level: "info", event: "run.resumed", message: "Resumed where it was interrupted.", data: {} }
        : { level: "info", event: "run.started", message: `Started a ${run.scope} run.`, data: { scope: run.scope } },
    );
    const forecast = judgeForecast(run.forecastPoints ?? 0, clock.now());
    if (forecast.isSpread) {
      const data = { points: run.forecastPoints, until: forecast.untilAt?.toISOString() };
      progress.tell({ level: "info", event: "run.spreads", message: forecast.words, data });
    }
    await holding.write(async (tx) => {
      await saveRunReaders(tx, run);
      // A delta run is short, and what it does not look at stays as well or as ill as it was.
      if (run.scope !== "delta") await saveSiteHealth(tx, run.siteId, "syncing", null, "run");
    });
    await closeAccepted(context, run, holding, progress);
    source = await context.openSite(run, progress.observe);
    return await walk(context, run, source, holding, progress, observedAt, before);
  } catch (error) {
    const end = await endOfFailure(error, holding, run, before, clock.now());
    if (!end) {
      // What is thrown while everything stops may be the stop itself or whatever met it.
      if (error instanceof RunInterrupted || holding.signal.aborted) return null;
      throw error;
    }
    // What is complete stays merged, so what is computed from the facts has to follow here too.
    await holding
      .write((tx) => settleClosure(tx, { siteId: run.siteId, runId: run.id, observedAt }))
      .then(async () => context.afterRun({ db, clock }, afterRunContext(run, await getRunSetup(db, run), observedAt)))
      .catch((afterError: unknown) =>
        log.error({ runId: run.id, error: messageOf(afterError) }, "nothing was computed after a run"),
      );
    const level = end.state === "canceled" ? "info" : "error";
    log[level]({ runId: run.id, error: messageOf(error) }, `a run ${end.state}`);
    return end;
  } finally {
    source?.close();
  }
}

async function walk(
  context: SyncContext,
  run: RunRow,
  source: SiteSource,
  holding: Holding,
  progress: Progress,
  observedAt: Date,
  before: Site | null,
): Promise<RunEnd> {
  const { db, clock, log } = context;
  const { signal } = holding;
  const description = await describe(source, progress, signal);
  const seen = {
    edition: description?.edition ?? null,
    editionIdentifier: description?.editionIdentifier ?? null,
    roleMode: description?.roleMode ?? null,
  };
  await holding.write(async (tx) => {
    await saveSiteDescription(tx, run.siteId, seen);
    await settleSiteEdition(tx, run.siteId, observedAt);
  });
  const setup = await getRunSetup(db, run);
  const { contributed, contentSince } = await contentWindow(context, run, setup, observedAt);
  const { administered, auditSince } = await auditWindow(context, run, setup, observedAt);

  const isDirectoryStale = await isDirectoryDataStale(context, run, setup, observedAt);
  const isDirectoryLost = isDirectoryStale && source.abilities.listings["organization-accounts"] !== null;

  const underWay: RunUnderWay = {
    db,
    clock,
    log,
    run,
    setup,
    source,
    merge: { siteId: run.siteId, runId: run.id, observedAt, isDirectoryLost, leavesHeld: run.scope !== "full" },
    isDirectoryStale,
    signal,
    progress,
    concurrencyMax: context.concurrencyMax ?? CONCURRENCY,
    mergedAccounts: createMergedAccounts(),
    contributed,
    contentSince,
    administered,
    auditSince,
    write: holding.write,
    writeFacts: oneAtATime((work) => holding.write(work, { isRepeatable: true })),
    writePages: oneAtATime((work) => holding.write(work, { isRepeatable: true })),
    checkpoint: async (name) => {
      await context.checkpoint?.(name);
    },
  };
  const outcome = await readListings(underWay, firstListings(underWay)).catch(async (error: unknown) => {
    // Use that was seen counts though the run cannot go on. What stopped the run is what is told, whatever becomes of this.
    await concludeContent(underWay).catch(() => undefined);
    throw error;
  });
  if (run.scope === "delta") await tellDelta(underWay);
  await concludeAudit(underWay);
  await renewStatisticsAfter(underWay);
  const failedLooks = await lookAgain(underWay);
  const currentAccountId = description?.currentAccountId ?? null;
  const held = await closeWhatIsGone(underWay, currentAccountId);
  await holding.write((tx) => settleClosure(tx, underWay.merge));
  await holding.write((tx) => noteNotToldYet(tx, underWay.merge));
  const isPartial = outcome.failed + outcome.lost + failedLooks > 0;
  if (!isPartial && !held) await closeUnusedModel(underWay);
  await concludeContent(underWay);
  await context.afterRun({ db, clock }, afterRunContext(run, setup, observedAt));
  // Whose credential it is counts as accepted once everything was looked at with it and no loss waits for a person:
  // what a part did not miss, or could not read, may still turn out to be hidden from it.
  const isAccepted = run.scope === "full" && !isPartial && !held && currentAccountId !== null;
  await saveSite(underWay, holding, outcome, held, isAccepted ? [currentAccountId] : null, before);

  return { state: held ? "held" : isPartial ? "partial" : "succeeded", at: clock.now(), held, error: null };
}

/** Use that was seen counts however far content was read; what its silence covers, only once all of it was. */
async function concludeContent({ db, run, contributed, write }: RunUnderWay): Promise<void> {
  if (run.scope !== "full") return;
  const isWhole = await isListingComplete(db, run.id, "content-activity");
  await write(async (tx) => {
    await advanceContentEvidence(tx, run.siteId, contributed);
    if (isWhole) await saveEvidenceWindow(tx, run.siteId, contributed);
  });
}

/** Rows written from which the planner's idea of the tables is worth renewing. */
const ROWS_TO_ANALYZE = 1000;

async function renewStatisticsAfter({ db, run, write }: RunUnderWay): Promise<void> {
  const counts = (await findRun(db, run.id))?.counts;
  if (counts && counts.added + counts.changed >= ROWS_TO_ANALYZE) await write(renewStatistics);
}

/** Those that are urgent go before those that wait: what is read next hangs on them. */
function oneAtATime(write: Holding["write"]): RunUnderWay["writeFacts"] {
  const waiting = { urgent: [] as (() => void)[], other: [] as (() => void)[] };
  let isBusy = false;
  const next = () => {
    const start = waiting.urgent.shift() ?? waiting.other.shift();
    isBusy = start !== undefined;
    start?.();
  };
  return async (work, options) => {
    if (isBusy) await new Promise<void>((resolve) => waiting[options?.isUrgent ? "urgent" : "other"].push(resolve));
    isBusy = true;
    try {
      return await write(work);
    } finally {
      next();
    }
  };
}

/** What the site says about itself is wished for, not needed: without it the run goes on by what is known. */
async function describe(source: SiteSource, progress: Progress, signal: AbortSignal): Promise<SiteDescription | null> {
  try {
    return await source.describe(signal);
  } catch (error) {
    if (!(error instanceof SourceFailure) || needsReauthorization(error)) throw error;
    progress.tell({
      level: "warn",
      event: "site.not-described",
      message: `The site's edition and role mode could not be read: ${error.publicMessage} ${error.fix}`,
      data: { code: error.code },
    });
    return null;
  }
}

function afterRunContext(run: RunRow, setup: RunSetup, observedAt: Date) {
  const { id: runId, siteId, connectionId, scope } = run;
  return { runId, siteId, connectionId, scope, observedAt, settings: setup.settings };
}
