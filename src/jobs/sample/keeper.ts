import type { Context } from "../../commands/context.ts";
import { Fault, messageOf } from "../../lib/errors.ts";
import type { SampleCompany } from "../../model/sample-company.ts";
import { releaseLease, renewLease, takeLease } from "../../store/leases.ts";
import { removeSample, stopSampleWork } from "../../store/sample/remove-sample.ts";
import {
  deleteSampleCompany,
  findSampleCompany,
  isSampleAtWork,
  SAMPLE_CHANNEL,
  saveSampleProblem,
  saveSampleReady,
  saveSampleStep,
} from "../../store/sample/sample-company.ts";
import type { ConnectParts } from "../../sync/connect/parts.ts";
import { makeSample, NoLongerWanted } from "./make-sample.ts";
import type { SampleSimulator, StartSampleSimulator } from "./simulator.ts";

export interface SampleKeeperOptions extends ConnectParts {
  /** Names this process among those that share the database. */
  holder: string;
  startSimulator: StartSampleSimulator;
  /** Told where the simulator answers, and null when it no longer does. */
  onSimulator(url: string | null): void;
}

/** A NOTIFY wakes at once; this is for one that is lost, and for a lease that lapses. */
const LOOK_MS = 5_000;
const LEASE = "sample-company";
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
/** Runs that were asked to stop do so at their next page, jobs end soon; those of a process that died are taken over. */
const STOP_LOOKS_MAX = 120;
const STOP_LOOK_MS = 500;

/**
 * Keeps the sample company: its simulator runs in every process that executes runs for as long as there is a sample, and
 * one of them at a time makes or removes it. What a process that ended left half done, another or the next goes on with.
 */
export async function startSampleKeeper(options: SampleKeeperOptions): Promise<{ close(): Promise<void> }> {
  const { db, clock, log, holder } = options;
  const stopping = new AbortController();
  let wake = new AbortController();
  let running: SampleSimulator | null = null;
  const unlisten = await db.listen(SAMPLE_CHANNEL, () => wake.abort());
  const keeping = keepUntilStopped();

  async function keepUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Made before looking: what is signaled meanwhile is looked for right afterwards.
      wake = new AbortController();
      try {
        await look();
      } catch (error) {
        if (!stopping.signal.aborted) await tellProblem(error);
      }
      await clock.sleep(LOOK_MS, AbortSignal.any([wake.signal, stopping.signal])).catch(() => {
        // Woken or stopping: the loop looks which.
      });
    }
  }

  async function tellProblem(error: unknown): Promise<void> {
    log.warn({ error: messageOf(error) }, "the sample company is not as it is to be; it is tried again");
    const says = error instanceof Fault ? error.publicMessage : "Something failed inside Usher; its log tells more.";
    try {
      await db.transaction((tx) => saveSampleProblem(tx, says));
    } catch {
      // The database is away: the next look tells.
    }
  }

  async function look(): Promise<void> {
    const sample = await findSampleCompany(db);
    if (!sample) return stopSimulator();
    const simulator = running ?? (await start(sample));
    if (sample.state === "present") return;
    await alone(async (signal) => {
      // What another process did meanwhile is not done again.
      const current = await findSampleCompany(db);
      if (current?.state === "making") await make(current, simulator, signal);
      const next = await findSampleCompany(db);
      if (next?.state === "removing") await remove(signal);
    });
  }

  async function start({ scale, seed, beganAt }: SampleCompany): Promise<SampleSimulator> {
    const started = await options.startSimulator({ scale, seed, beganAt });
    running = started;
    options.onSimulator(started.listensAt);
    void started.ended.then(() => {
      if (running !== started) return;
      running = null;
      options.onSimulator(null);
      wake.abort();
    });
    return started;
  }

  function stopSimulator(): void {
    const was = running;
    running = null;
    options.onSimulator(null);
    was?.stop();
  }

  /** Under a lease that is renewed; nothing where another process holds it. */
  async function alone(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (!(await db.transaction((tx) => takeLease(tx, LEASE, holder, LEASE_SECONDS)))) return;
    const ended = new AbortController();
    const lost = new AbortController();
    const renewing = (async () => {
      while (!ended.signal.aborted) {
        await clock.sleep(RENEW_MS, ended.signal).catch(() => undefined);
        if (ended.signal.aborted) return;
        const isOurs = await db.transaction((tx) => renewLease(tx, LEASE, holder, LEASE_SECONDS)).catch(() => false);
        if (!isOurs) return lost.abort();
      }
    })();
    try {
      await work(AbortSignal.any([lost.signal, stopping.signal]));
    } finally {
      ended.abort();
      await renewing;
      await db.transaction((tx) => releaseLease(tx, LEASE, holder)).catch(() => undefined);
    }
  }

  async function make(sample: SampleCompany, simulator: SampleSimulator, signal: AbortSignal): Promise<void> {
    const { secrets } = options;
    const ctx: Context = { db, clock, secrets, actor: { operatorId: sample.requestedBy, through: "job" } };
    try {
      await makeSample({ parts: options, ctx, simulator, signal });
    } catch (error) {
      if (error instanceof NoLongerWanted) return;
      throw error;
    }
    await db.transaction(async (tx) => {
      if (!(await saveSampleReady(tx, clock.now()))) return;
      tx.record({ ...record(sample), entry: "sample-company.made" });
    });
  }

  async function remove(signal: AbortSignal): Promise<void> {
    const sample = await findSampleCompany(db);
    if (!sample) return;
    await db.transaction((tx) => stopSampleWork(tx, clock.now()));
    for (let looks = 0; looks < STOP_LOOKS_MAX; looks += 1) {
      if (!(await isSampleAtWork(db))) break;
      await clock.sleep(STOP_LOOK_MS, signal);
    }
    const removed = await removeSample(db, {
      signal,
      tell: async (table) => {
        await db.transaction((tx) => saveSampleStep(tx, "removing", `Removing ${table.replaceAll("_", " ")}`));
      },
    });
    await db.transaction(async (tx) => {
      await deleteSampleCompany(tx);
      tx.record({ ...record(sample), entry: "sample-company.removed", detail: { rows: removed } });
    });
    stopSimulator();
  }

  return {
    async close() {
      stopping.abort();
      await unlisten();
      await keeping;
      stopSimulator();
    },
  };
}

function record({ requestedBy }: SampleCompany) {
  return { actorId: requestedBy, through: "job", subjectId: null } as const;
}
