import { Fault, messageOf } from "../lib/errors.ts";
import type { RunState } from "../model/runs.ts";
import { SourceFailure, type SiteDescription, type SiteSource } from "../sources/source.ts";
import { StoreFailure } from "../store/database.ts";
import { countListings, isListingComplete } from "../store/listings.ts";
import { findEvidenceWindow, saveEvidenceWindow, type EvidenceWindow } from "../store/merge/activity.ts";
import { renewStatistics } from "../store/merge/statistics.ts";
import {
  beginRun,
  endRun,
  findRun,
  getRunSetup,
  listInterruptedRuns,
  saveSiteDescription,
  saveSiteHealth,
  saveSiteSynced,
  type HeldDifference,
  type RunEnd,
  type RunRow,
  type RunSetup,
} from "../store/runs.ts";
import { closeWhatIsGone } from "./close.ts";
import type { RunUnderWay, SyncContext } from "./context.ts";
import { needsReauthorization } from "./failures.ts";
import { holdSite, RunInterrupted, type Holding } from "./holding.ts";
import { firstListings } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { readListings, type ReadingOutcome } from "./reader.ts";
import { lookAgain } from "./second-look.ts";

const CONCURRENCY = 8;
/** What was written in the last minutes may not be in the search index yet (FACTS §3). */
const SEARCH_LATE_MS = 10 * 60_000;
/** A later run reads content again from this long before what it already covers. */
const OVERLAP_MS = 24 * 3_600_000;

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

/** Takes over the runs of processes that are no more, several sites at once. One that fails does not stop the others. */
export async function recoverRuns(
  context: SyncContext,
  signal: AbortSignal,
): Promise<{ runId: string; state: RunState }[]> {
  const runIds = await listInterruptedRuns(context.db);
  const ended = await Promise.all(
    runIds.map(async (runId) => {
      try {
        return [{ runId, state: await executeRun(context, runId, signal) }];
      } catch (error) {
        context.log.error({ runId, error: messageOf(error) }, "could not resume a run");
        return [];
      }
    }),
  );
  return ended.flat();
}

async function executeHeld(context: SyncContext, begun: RunRow, holding: Holding): Promise<RunState> {
  const { db, clock, log } = context;
  const observedAt = await holding.write((tx) => beginRun(tx, begun.id, clock.now()));
  const run = { ...begun, observedAt };
  const progress = createProgress(context, run.id, await countListings(db, run.id));
  let source: SiteSource | null = null;
  let end: RunEnd;
  try {
    holding.signal.throwIfAborted();
    progress.tell(
      begun.state === "running"
        ? { level: "info", event: "run.resumed", message: "Resumed where it was interrupted.", data: {} }
        : { level: "info", event: "run.started", message: `Started a ${run.scope} run.`, data: { scope: run.scope } },
    );
    await holding.write((tx) => saveSiteHealth(tx, run.siteId, "syncing", null));
    source = await context.openSite(run, progress.observe);
    end = await walk(context, run, source, holding, progress, observedAt);
  } catch (error) {
    const failed = await endOfFailure(error, holding, run, clock.now());
    if (!failed) {
      await progress
        .close()
        .catch((flushError) => log.warn({ runId: run.id, error: messageOf(flushError) }, "lost run events"));
      if (error instanceof RunInterrupted || holding.signal.reason === error) return "running";
      throw error;
    }
    end = failed;
    // What is complete stays merged, so what is computed from the facts has to follow here too.
    await context
      .afterRun({ db, clock }, afterRunContext(run, await getRunSetup(db, run), observedAt))
      .catch((afterError: unknown) =>
        log.error({ runId: run.id, error: messageOf(afterError) }, "nothing was computed after a run"),
      );
    const level = end.state === "canceled" ? "info" : "error";
    log[level]({ runId: run.id, error: messageOf(error) }, `a run ${end.state}`);
  } finally {
    source?.close();
  }
  progress.tell({
    level: end.state === "failed" ? "error" : end.state === "succeeded" ? "info" : "warn",
    event: `run.${end.state}`,
    message: end.error?.message ?? `The run ended: ${end.state}.`,
    data: end.error ? { code: end.error.code } : {},
  });
  await progress.close();
  await holding.write((tx) => endRun(tx, run.id, { ...end, at: clock.now() }));
  return end.state;
}

async function walk(
  context: SyncContext,
  run: RunRow,
  source: SiteSource,
  holding: Holding,
  progress: Progress,
  observedAt: Date,
): Promise<RunEnd> {
  const { db, clock, log } = context;
  const { signal } = holding;
  const description = await describe(source, progress, signal);
  const seen = {
    edition: description?.edition ?? null,
    editionIdentifier: description?.editionIdentifier ?? null,
    roleMode: description?.roleMode ?? null,
  };
  await holding.write((tx) => saveSiteDescription(tx, run.siteId, seen));
  const setup = await getRunSetup(db, run);
  const { contributed, contentSince } = await contentWindow(context, run, setup, observedAt);

  const underWay: RunUnderWay = {
    db,
    clock,
    log,
    run,
    setup,
    source,
    merge: { siteId: run.siteId, runId: run.id, observedAt },
    signal,
    progress,
    concurrencyMax: context.concurrencyMax ?? CONCURRENCY,
    contributed,
    contentSince,
    write: holding.write,
    writeFacts: oneAtATime(holding.write),
    checkpoint: async (name) => {
      await context.checkpoint?.(name);
    },
  };
  const outcome = await readListings(underWay, firstListings(underWay));
  await renewStatisticsAfter(underWay);
  const failedLooks = await lookAgain(underWay);
  const currentAccountId = description?.currentAccountId ?? null;
  const held = await closeWhatIsGone(underWay, currentAccountId);
  if (await isListingComplete(db, run.id, "content-activity")) {
    await holding.write((tx) => saveEvidenceWindow(tx, run.siteId, contributed));
  }
  await context.afterRun({ db, clock }, afterRunContext(run, setup, observedAt));
  await saveSite(underWay, holding, outcome, held, currentAccountId);

  const isPartial = outcome.failed + outcome.lost + failedLooks > 0;
  return { state: held ? "held" : isPartial ? "partial" : "succeeded", at: clock.now(), held, error: null };
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

/** Content is read from where the last complete run ended, or from the wanted start if that moved back. */
async function contentWindow(
  { db }: SyncContext,
  { siteId }: RunRow,
  { settings }: RunSetup,
  observedAt: Date,
): Promise<{ contributed: EvidenceWindow; contentSince: Date }> {
  const wanted = settings.analyzeActivitySince;
  const covered = await findEvidenceWindow(db, siteId, "contributed");
  const reachesBack = covered?.knownSince && covered.knownSince <= wanted;
  return {
    contributed: {
      kind: "contributed",
      source: "content-search",
      knownSince: reachesBack ? covered.knownSince : wanted,
      knownUntil: new Date(observedAt.getTime() - SEARCH_LATE_MS),
    },
    contentSince: reachesBack
      ? new Date(Math.max(wanted.getTime(), covered.knownUntil.getTime() - OVERLAP_MS))
      : wanted,
  };
}

function afterRunContext(run: RunRow, setup: RunSetup, observedAt: Date) {
  const { id: runId, siteId, connectionId, scope } = run;
  return { runId, siteId, connectionId, scope, observedAt, settings: setup.settings };
}

async function saveSite(
  { run, merge }: RunUnderWay,
  holding: Holding,
  outcome: ReadingOutcome,
  held: HeldDifference | null,
  currentAccountId: string | null,
): Promise<void> {
  await holding.write(async (tx) => {
    // While a loss is held the account it came with is not accepted: the next run is held as well.
    const accountIds = held || currentAccountId === null ? null : [currentAccountId];
    if (outcome.failed === 0) await saveSiteSynced(tx, run.siteId, { observedAt: merge.observedAt, accountIds });
    const failure = outcome.firstFailure;
    if (failure) {
      const detail = { capability: failure.capability, reason: failure.publicMessage, fix: failure.fix };
      return saveSiteHealth(tx, run.siteId, "degraded", detail);
    }
    if (held) return saveSiteHealth(tx, run.siteId, "degraded", HELD);
    return saveSiteHealth(tx, run.siteId, "connected", null);
  });
}

const HELD = {
  capability: null,
  reason:
    "The last run found more gone than the safeguard allows, or reads with another account than before. Nothing of it was removed.",
  fix: "Look at the held difference of the last run, then accept it or correct the credential and run again.",
};

/** How a run ends that could not go on; null when it is to be resumed. What is complete stays in every case. */
async function endOfFailure(error: unknown, holding: Holding, run: RunRow, at: Date): Promise<RunEnd | null> {
  const interruption = holding.signal.aborted ? holding.signal.reason : error;
  if (interruption instanceof RunInterrupted) {
    if (interruption.reason !== "canceled") return null;
    await holding.write((tx) => saveSiteHealth(tx, run.siteId, "connected", null));
    return { state: "canceled", at, held: null, error: null };
  }
  // Without the database nothing can be said; the run is resumed when it is back.
  if (error instanceof StoreFailure && error.sqlState === null) return null;
  if (error instanceof SourceFailure) {
    const detail = { capability: error.capability, reason: error.publicMessage, fix: error.fix };
    const health = needsReauthorization(error) ? "needs-reauthorization" : "degraded";
    await holding.write((tx) => saveSiteHealth(tx, run.siteId, health, detail));
    return {
      state: "failed",
      at,
      held: null,
      error: { code: error.code, message: `${error.publicMessage} ${error.fix}` },
    };
  }
  const fault = error instanceof Fault ? error : null;
  const message = fault?.publicMessage ?? "The run failed for a reason of Usher's own; the log of the process has it.";
  await holding.write((tx) =>
    saveSiteHealth(tx, run.siteId, "degraded", { capability: null, reason: message, fix: "Run it again." }),
  );
  return { state: "failed", at, held: null, error: { code: fault?.code ?? "run.fault", message } };
}
