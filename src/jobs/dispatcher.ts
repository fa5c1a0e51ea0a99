import type { Clock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../store/database.ts";
import { endJobResult, endResultsOfRuns, HOUSEKEEPING, listRunningResults } from "../store/jobs.ts";
import { releaseLease, renewLease, takeLease } from "../store/leases.ts";
import { listQueuedRuns } from "../store/run-lists.ts";
import { listInterruptedRuns } from "../store/runs.ts";
import { keepHouse } from "./housekeeping.ts";

export interface DispatcherOptions {
  db: Database;
  clock: Clock;
  log: Log;
  /** Names this process among those that share the database. */
  holder: string;
  /**
   * Executes one run to its end, or as far as it can be taken before `signal` is aborted. Takes the site's lease, and
   * throws a Fault "run.site-held" where another process has it; ends a run that cannot succeed instead of throwing.
   */
  executeRun(runId: string, signal: AbortSignal): Promise<unknown>;
  /** Most sites read at once by this process. */
  runsMax?: number;
}

/** Four sites fill the limiters of one installation; more would only share the same quotas and memory. */
const RUNS_MAX = 4;
/** A run whose execution threw is left alone for this long, so that a fault does not spin. */
const REST_MS = 30_000;
/** What `executeRun` throws when another process of the installation reads the site; that one also ends the run. */
const HELD_ELSEWHERE = "run.site-held";
const ELSEWHERE_REST_MS = 10_000;
/** Housekeeping that lost its process is taken up again after this. */
const HOUSEKEEPING_LEASE_SECONDS = 300;

/**
 * Finds what waits in the database and executes it. Rows are the queue: a run is queued by the transaction that asked
 * for it, and one that was under way in a process that is no more is found by its site's lapsed lease.
 */
export interface Dispatcher {
  /** Looks once, and begins what there is room for. */
  look(): Promise<void>;
  /** Resolves when nothing that was begun is under way any more. */
  settled(): Promise<void>;
  /** Tells what is under way to stop, and begins nothing more. */
  stop(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { db, clock, log, holder } = options;
  const runsMax = options.runsMax ?? RUNS_MAX;
  const stopping = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const restsUntil = new Map<string, number>();

  function begin(id: string, work: () => Promise<void>): void {
    if (stopping.signal.aborted || underWay.has(id)) return;
    const done = work()
      .then(() => false)
      .catch((error: unknown) => rest(id, error))
      .finally(() => underWay.delete(id))
      .then((isElsewhere) => (isElsewhere ? lookOn() : undefined));
    underWay.set(id, done);
  }

  /** There is room again for a run that this one stood before. */
  async function lookOn(): Promise<void> {
    await look().catch((error: unknown) => log.error({ error: messageOf(error) }, "could not look for work"));
  }

  /** Whether it rests because another process has it. */
  function rest(id: string, error: unknown): boolean {
    const isElsewhere = error instanceof Fault && error.code === HELD_ELSEWHERE;
    restsUntil.set(id, clock.now().getTime() + (isElsewhere ? ELSEWHERE_REST_MS : REST_MS));
    if (isElsewhere) log.debug({ id }, "another process is reading the site");
    else
      log.error(
        { id, error: messageOf(error), stack: error instanceof Error ? error.stack : undefined },
        "work failed",
      );
    return isElsewhere;
  }

  async function execute(runId: string): Promise<void> {
    await options.executeRun(runId, stopping.signal);
    restsUntil.delete(runId);
    await db.transaction(endResultsOfRuns);
  }

  async function look(): Promise<void> {
    if (stopping.signal.aborted) return;
    const now = clock.now().getTime();
    // Also of runs that ended elsewhere, which nothing asks for again.
    for (const [id, until] of restsUntil) if (until <= now) restsUntil.delete(id);
    const [queued, interrupted] = await Promise.all([listQueuedRuns(db, runsMax * 4), listInterruptedRuns(db)]);
    const runs = [...interrupted, ...queued].filter((id) => !restsUntil.has(id));
    for (const runId of runs) {
      const busy = [...underWay.keys()].filter((id) => id.startsWith("run_")).length;
      if (busy >= runsMax) break;
      begin(runId, () => execute(runId));
    }
    // For runs that ended in another process, or at once because they were canceled while queued.
    await db.transaction(endResultsOfRuns);
    for (const result of await listRunningResults(db, HOUSEKEEPING)) begin(result.id, () => tidy(result.id));
  }

  async function tidy(resultId: string): Promise<void> {
    const lease = `job/${resultId}`;
    if (!(await db.transaction((tx) => takeLease(tx, lease, holder, HOUSEKEEPING_LEASE_SECONDS)))) return;
    try {
      const message = await keepHouse(db, clock.now());
      await db.transaction(async (tx) => {
        // Whoever took it over after a lapse writes the result; ours would be the second.
        if (!(await renewLease(tx, lease, holder, HOUSEKEEPING_LEASE_SECONDS))) return;
        await endJobResult(tx, resultId, { state: "succeeded", at: clock.now(), message });
      });
    } catch (error) {
      const message = messageOf(error).slice(0, 500);
      log.error({ error: message }, "housekeeping failed");
      await db.transaction((tx) => endJobResult(tx, resultId, { state: "failed", at: clock.now(), message }));
    } finally {
      await db.transaction((tx) => releaseLease(tx, lease, holder));
    }
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  return {
    look,
    settled,
    async stop() {
      stopping.abort(new Error("This process is stopping."));
      await settled();
    },
  };
}
