import type { Clock } from "../lib/clock.ts";
import type { Reader } from "../store/database.ts";
import { listRunEvents } from "../store/run-events.ts";
import { findNamedRun } from "../store/run-lists.ts";
import type { ServerEvent } from "./route.ts";
import { readSteps } from "./run-steps.ts";
import type { RunSignals } from "./run-signals.ts";

/** At most four messages a second, so that a page is not busy drawing. */
const GAP_MS = 250;
/** A NOTIFY can be lost while its listener reconnects; the rows are looked at this often in any case. */
const LOOK_MS = 2000;
/** Log entries of one message; a client that comes late gets the rest in the next ones. */
const EVENTS_MAX = 200;

interface FollowOptions {
  reader: Reader;
  clock: Clock;
  signals: RunSignals;
  runId: string;
  /** Number of the last log entry that the client has. */
  after: number;
  signal: AbortSignal;
}

/** The run as it is now and then at each change, until it has ended and all of its log was told, or `signal` is aborted. */
export async function* followRun({
  reader,
  clock,
  signals,
  runId,
  after,
  signal,
}: FollowOptions): AsyncGenerator<ServerEvent> {
  let seen = after;
  let told = "";
  let isNews = true;
  let wake = () => {};
  const unsubscribe = signals.subscribe(runId, () => {
    isNews = true;
    wake();
  });
  try {
    while (!signal.aborted) {
      isNews = false;
      // The run before its log: when it has ended, every entry of it is there to be read.
      const run = await findNamedRun(reader, runId);
      if (!run) return;
      const [progress, events] = await Promise.all([
        readSteps(reader, runId),
        listRunEvents(reader, runId, seen, EVENTS_MAX),
      ]);
      seen = events.at(-1)?.seq ?? seen;
      const state = JSON.stringify([run, progress]);
      if (events.length > 0 || state !== told)
        yield { id: String(seen), event: "update", data: { run, progress, events } };
      told = state;
      if (run.state !== "queued" && run.state !== "running" && events.length < EVENTS_MAX) return;

      await pause(GAP_MS);
      if (!isNews && events.length < EVENTS_MAX) await pause(LOOK_MS - GAP_MS, (resume) => (wake = resume));
    }
  } finally {
    unsubscribe();
  }

  /** Waits, at most until something wakes it or the client has gone. */
  async function pause(ms: number, wakeBy: (resume: () => void) => void = () => {}): Promise<void> {
    const over = new AbortController();
    wakeBy(() => over.abort());
    await clock.sleep(ms, AbortSignal.any([signal, over.signal])).catch(() => {
      // Woken or gone: the loop looks which.
    });
  }
}
