import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Database, TransactionOptions, Tx } from "../store/database.ts";
import { holdLease, releaseLease, renewLease, takeLease } from "../store/leases.ts";
import { isCancelRequested } from "../store/runs.ts";

/** A site's run belongs to one process; when it has not been heard of for this long, another may take it over. */
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
/** A person who cancels waits at most this long. */
const CANCEL_POLL_MS = 1500;

/** Why a run that was under way stops before its end. */
export type InterruptionReason = "canceled" | "lease-lost" | "database-lost" | "shutdown";

export class RunInterrupted extends Error {
  readonly reason: InterruptionReason;

  constructor(reason: InterruptionReason) {
    super(`The run was interrupted: ${reason}.`);
    this.name = new.target.name;
    this.reason = reason;
  }
}

/** The right to run one site, for as long as this process keeps it. */
export interface Holding {
  /** Aborted, with a `RunInterrupted`, when the run is canceled or the site lost. */
  signal: AbortSignal;
  /** A transaction that commits only while the site is still held, so that a process that slept too long writes nothing. */
  write<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  release(): Promise<void>;
}

export interface HoldingContext {
  db: Database;
  clock: Clock;
  log: Log;
  holder: string;
}

/** Null: another process holds the site. */
export async function holdSite(
  { db, clock, log, holder }: HoldingContext,
  siteId: string,
  runId: string,
  signal: AbortSignal,
): Promise<Holding | null> {
  const lease = `site/${siteId}`;
  const stop = new AbortController();
  const ended = new AbortController();
  const interrupt = (reason: InterruptionReason) => stop.abort(new RunInterrupted(reason));
  // The last merges may be gone with a server that died: the run goes on from what the database then says, not from here.
  let isDatabaseLost = false;
  const unwatch = await db.watch(() => {
    isDatabaseLost = true;
    interrupt("database-lost");
  });
  const isTaken = await db
    .transaction((tx) => takeLease(tx, lease, holder, LEASE_SECONDS))
    .catch(async (error) => {
      await unwatch();
      throw error;
    });
  if (!isTaken) {
    await unwatch();
    return null;
  }
  const onShutdown = () => interrupt("shutdown");
  if (signal.aborted) onShutdown();
  else signal.addEventListener("abort", onShutdown, { once: true });

  async function every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(ms, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) await work();
    }
  }

  let renewedAt = clock.now().getTime();
  const watching = [
    every(RENEW_MS, async () => {
      try {
        if (!(await db.transaction((tx) => renewLease(tx, lease, holder, LEASE_SECONDS))))
          return interrupt("lease-lost");
        renewedAt = clock.now().getTime();
      } catch (error) {
        log.warn({ runId, error: messageOf(error) }, "could not renew the lease of a site");
        if (clock.now().getTime() - renewedAt > LEASE_SECONDS * 1000) interrupt("lease-lost");
      }
    }),
    every(CANCEL_POLL_MS, async () => {
      try {
        if (await isCancelRequested(db, runId)) interrupt("canceled");
      } catch (error) {
        log.warn({ runId, error: messageOf(error) }, "could not ask whether a run is to be canceled");
      }
    }),
  ];

  return {
    signal: stop.signal,
    write: (work, options) =>
      db.transaction(async (tx) => {
        // The server breaks every connection before it takes a new one, so this is known by now.
        if (isDatabaseLost) throw new RunInterrupted("database-lost");
        if (!(await holdLease(tx, lease, holder))) {
          interrupt("lease-lost");
          throw new RunInterrupted("lease-lost");
        }
        return work(tx);
      }, options),
    async release() {
      signal.removeEventListener("abort", onShutdown);
      ended.abort();
      await Promise.all([...watching, unwatch()]);
      await db
        .transaction((tx) => releaseLease(tx, lease, holder))
        .catch((error) =>
          log.warn({ runId, error: messageOf(error) }, "a lease was not released and lapses by itself"),
        );
    },
  };
}
