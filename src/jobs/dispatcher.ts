import { setTimeout } from "node:timers/promises";
import { Fault, messageOf } from "../lib/errors.ts";
import { startJobsAfterRun } from "../commands/jobs/start-jobs-after-run.ts";
import { startJob } from "../commands/jobs/start-job.ts";
import {
  endJobResult,
  endResultsOfRuns,
  insertJobResultEvent,
  listJobsOfKinds,
  listRunningResults,
  saveJobResultHolder,
  type JobResult,
} from "../store/jobs.ts";
import { releaseLease, renewLease, takeLease } from "../store/leases.ts";
import { listQueuedRuns } from "../store/run-lists.ts";
import { listInterruptedRuns } from "../store/runs.ts";
import { JOB_KINDS, type JobKind, type JobParts } from "./kinds.ts";

export interface DispatcherOptions extends JobParts {
  /** What executes jobs that are no runs; all that there are unless told otherwise. */
  kinds?: readonly JobKind[];
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
const SYSTEM = { operatorId: "system", through: "job" } as const;
/** What `executeRun` throws when another process of the installation reads the site; that one also ends the run. */
const HELD_ELSEWHERE = "run.site-held";
const ELSEWHERE_REST_MS = 10_000;
/** A job that lost its process is taken up again after this; one under way prolongs it three times as often. */
const JOB_LEASE_SECONDS = 300;

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
  const kinds = options.kinds ?? JOB_KINDS;
  const followers = kinds.filter((each) => each.followsRuns).map((each) => each.kind);
  const stopping = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const restsUntil = new Map<string, number>();
  /** Followers that were under way when a run ended: begun once more when they are done. */
  const missed = new Set<string>();

  function begin(id: string, work: () => Promise<void>): void {
    if (stopping.signal.aborted || underWay.has(id)) return;
    const done = work()
      .then(() => false)
      .catch((error: unknown) => rest(id, error))
      .finally(() => underWay.delete(id))
      .then((isElsewhere) => (isElsewhere ? lookOn() : undefined));
    underWay.set(id, done);
  }

  /** There is room again for what this one stood before. */
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
    if (stopping.signal.aborted || followers.length === 0) return;
    await startFollowers(followers);
    // What was just begun is not waited for until somebody looks again.
    await look();
  }

  async function startFollowers(of: readonly string[]): Promise<void> {
    for (const kind of of) missed.delete(kind);
    const context = { db, clock, secrets: options.secrets, actor: SYSTEM };
    for (const kind of await startJobsAfterRun(context, of)) missed.add(kind);
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
    if (missed.size > 0) await startFollowers([...missed]);
    await beginJobs();
  }

  /** Those that follow runs wait for one another, in any process: each works on what the former left. */
  async function beginJobs(): Promise<void> {
    for (const kind of kinds) if (await kind.hasWork?.(options)) await startWaitedFor(kind.kind);
    const running = Map.groupBy(
      await listRunningResults(
        db,
        kinds.map((each) => each.kind),
      ),
      (each) => each.kind,
    );
    const inFront = followers.find((each) => running.has(each));
    for (const kind of kinds) {
      if (kind.followsRuns && kind.kind !== inFront) continue;
      for (const result of running.get(kind.kind) ?? []) begin(result.id, () => executeJob(kind, result));
    }
  }

  /** One that is off stays so; of one under way it is looked again when it has ended. */
  async function startWaitedFor(kind: string): Promise<void> {
    const context = { db, clock, secrets: options.secrets, actor: SYSTEM };
    for (const jobId of await listJobsOfKinds(db, [kind])) await startJob(context, jobId, "work");
  }

  async function executeJob(kind: JobKind, result: JobResult): Promise<void> {
    // One of a kind at a time, whoever began it and however often.
    const lease = `job/${kind.kind}`;
    const isOurs = await db.transaction(async (tx) => {
      if (!(await takeLease(tx, lease, holder, JOB_LEASE_SECONDS))) return false;
      await saveJobResultHolder(tx, result.id, holder);
      return true;
    });
    if (!isOurs) return;
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal]);
    const renewing = renewUntilAborted(lease, lost);
    try {
      const tell = (message: string) =>
        db.transaction((tx) => insertJobResultEvent(tx, { resultId: result.id, at: clock.now(), message }));
      const end = await kind.execute({ ...options, tell }, result, signal);
      await db.transaction(async (tx) => {
        // Whoever took it over after a lapse writes the result; ours would be the second.
        if (!(await renewLease(tx, lease, holder, JOB_LEASE_SECONDS))) return;
        await endJobResult(tx, result.id, { ...end, at: clock.now() });
      });
    } catch (error) {
      // Stopped half-way: the result stays `running`, and whoever looks next begins it again.
      if (signal.aborted) return;
      const message = messageOf(error).slice(0, 500);
      log.error({ error: message, job: kind.kind }, "a job failed");
      await db.transaction((tx) => endJobResult(tx, result.id, { state: "failed", at: clock.now(), message }));
    } finally {
      lost.abort(new Error("The job has ended."));
      await renewing;
      await db.transaction((tx) => releaseLease(tx, lease, holder));
    }
    if (kind.followsRuns) await lookOn();
  }

  /** Keeps the lease while the job is under way; aborts `lost` when another process has it. */
  async function renewUntilAborted(lease: string, lost: AbortController): Promise<void> {
    for (;;) {
      // Leases lapse by the database's clock, which nobody moves.
      await setTimeout((JOB_LEASE_SECONDS * 1000) / 3, undefined, { signal: lost.signal, ref: false }).catch(() => {
        // The job ended.
      });
      if (lost.signal.aborted) return;
      const isOurs = await db.transaction((tx) => renewLease(tx, lease, holder, JOB_LEASE_SECONDS)).catch(() => true);
      if (!isOurs) lost.abort(new Error("Another process has taken the job."));
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
