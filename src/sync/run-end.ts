import { Fault } from "../lib/errors.ts";
import type { Site } from "../model/connections.ts";
import { HELD_HEALTH } from "../rules/safeguard.ts";
import { SourceFailure } from "../sources/source.ts";
import { StoreFailure } from "../store/database.ts";
import {
  findHeldRun,
  saveSiteSynced,
  wasFullRunGood,
  type HeldDifference,
  type RunEnd,
  type RunRow,
} from "../store/runs.ts";
import { findLostDetail } from "../store/site-capabilities.ts";
import { saveSiteHealth } from "../store/sites.ts";
import type { RunUnderWay } from "./context.ts";
import { needsReauthorization } from "./failures.ts";
import { RunInterrupted, type Holding } from "./holding.ts";
import type { ReadingOutcome } from "./reader.ts";

/** What the site says of itself once a run has ended. */
export async function saveSite(
  { run, merge }: RunUnderWay,
  holding: Holding,
  outcome: ReadingOutcome,
  held: HeldDifference | null,
  accountIds: string[] | null,
  before: Site | null,
): Promise<void> {
  await holding.write(async (tx) => {
    // What a delta run did not look at is as old as it was.
    const isSynced = outcome.failed === 0 && run.scope !== "delta";
    if (isSynced) await saveSiteSynced(tx, run.siteId, { observedAt: merge.observedAt, accountIds });
    if (outcome.firstLoss) return saveSiteHealth(tx, run.siteId, "degraded", outcome.firstLoss, "run");
    // A run of a part leaves waiting what an earlier full run held.
    const isHeld = held !== null || (run.scope !== "full" && (await findHeldRun(tx, run.siteId)) !== null);
    if (isHeld) return saveSiteHealth(tx, run.siteId, "degraded", HELD_HEALTH, "run");
    // Nor does it show that what the last full run found wrong is well now.
    if (run.scope === "delta" && before?.health === "degraded" && !(await wasFullRunGood(tx, run.siteId))) return;
    const lost = await findLostDetail(tx, run.siteId);
    return saveSiteHealth(tx, run.siteId, lost ? "degraded" : "connected", lost, "run");
  });
}

/** How a run ends that could not go on; null when it is to be resumed. What is complete stays in every case. */
export async function endOfFailure(
  error: unknown,
  holding: Holding,
  run: RunRow,
  before: Site | null,
  at: Date,
): Promise<RunEnd | null> {
  const interruption = holding.signal.aborted ? holding.signal.reason : error;
  if (interruption instanceof RunInterrupted) {
    if (interruption.reason !== "canceled") return null;
    const [health, detail] = healthAfterCancel(before);
    await holding.write((tx) => saveSiteHealth(tx, run.siteId, health, detail, "run"));
    return { state: "canceled", at, held: null, error: null };
  }
  // Without the database nothing can be said; the run is resumed when it is back.
  if (error instanceof StoreFailure && error.isAway) return null;
  if (error instanceof SourceFailure) {
    const detail = { capability: error.capability, reason: error.publicMessage, fix: error.fix };
    const health = needsReauthorization(error) ? "needs-reauthorization" : "degraded";
    await holding.write((tx) => saveSiteHealth(tx, run.siteId, health, detail, "run"));
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
    saveSiteHealth(tx, run.siteId, "degraded", { capability: null, reason: message, fix: "Run it again." }, "run"),
  );
  return { state: "failed", at, held: null, error: { code: fault?.code ?? "run.fault", message } };
}

/** A run that was canceled has judged nothing, so what held before it holds again. */
function healthAfterCancel(before: Site | null): [Site["health"], Site["healthDetail"]] {
  if (before && before.health !== "syncing") return [before.health, before.healthDetail];
  return [before?.lastSyncedAt ? "connected" : "not-connected", null];
}
