import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { AnswerKind, ListingKind, RunEvent } from "../model/runs.ts";
import type { SourceEvent } from "../sources/source.ts";
import type { Database } from "../store/database.ts";
import type { ListingTotals } from "../store/listings.ts";
import { appendRunEvents } from "../store/run-events.ts";
import { addRunCost } from "../store/runs.ts";

/** With at most four rows a time, a run writes at most 4 events a second. */
const FLUSH_MS = 1000;
const EVENTS_A_FLUSH = 4;

export type NewEvent = Pick<RunEvent, "level" | "event" | "message" | "data">;

/** What a run tells while it goes on: its log, how far each kind of listing is, and what it cost. */
export interface Progress {
  /** Says something; several of one code within a second become one, with their number. */
  tell(event: NewEvent): void;
  planned(kind: ListingKind, listings: number): void;
  ended(kind: ListingKind, listings: number): void;
  read(kind: ListingKind, rows: number): void;
  observe(event: SourceEvent): void;
  /** Writes what is left; the run's last words. */
  close(): Promise<void>;
}

interface KindProgress {
  done: number;
  total: number;
  rows: number;
}

export function createProgress(
  { db, clock, log }: { db: Database; clock: Clock; log: Log },
  runId: string,
  before: readonly ListingTotals[],
): Progress {
  const kinds = new Map<ListingKind, KindProgress>(
    before.map((each) => [each.kind, { done: each.ended, total: each.listings, rows: each.rows }]),
  );
  const pending = new Map<string, Omit<RunEvent, "seq"> & { times: number }>();
  const stop = new AbortController();
  let cost = noCost();
  let changed = false;
  let waitedUntil = 0;
  let requestsTold = 0;
  let toldAt = clock.now().getTime();

  function of(kind: ListingKind): KindProgress {
    const found = kinds.get(kind) ?? { done: 0, total: 0, rows: 0 };
    kinds.set(kind, found);
    changed = true;
    return found;
  }

  function tell({ level, event, message, data }: NewEvent): void {
    const times = (pending.get(event)?.times ?? 0) + 1;
    pending.set(event, { at: clock.now(), level, event, message, data: times > 1 ? { ...data, times } : data, times });
  }

  function progressEvent(requestsSince: number): Omit<RunEvent, "seq"> {
    const now = clock.now();
    const seconds = Math.max(0.001, (now.getTime() - toldAt) / 1000);
    const all = [...kinds.values()];
    const done = all.reduce((sum, each) => sum + each.done, 0);
    const total = all.reduce((sum, each) => sum + each.total, 0);
    const requestsPerSecond = Math.round((requestsSince / seconds) * 10) / 10;
    return {
      at: now,
      level: "info",
      event: "progress",
      message: `${done} of ${total} listings read, ${requestsPerSecond} requests a second`,
      data: { kinds: Object.fromEntries(kinds), requestsPerSecond },
    };
  }

  async function flush(all: boolean): Promise<void> {
    const spent = cost;
    const keys = [...pending.keys()].slice(0, all ? pending.size : EVENTS_A_FLUSH - 1);
    const events: Omit<RunEvent, "seq">[] = keys.map((key) => {
      const { times: _, ...event } = pending.get(key) ?? unreachable(key);
      pending.delete(key);
      return event;
    });
    requestsTold += spent.requests;
    if (changed) {
      events.unshift(progressEvent(requestsTold));
      toldAt = clock.now().getTime();
      requestsTold = 0;
    }
    changed = false;
    cost = noCost();
    if (events.length === 0 && spent.requests === 0) return;
    await db.transaction(async (tx) => {
      if (events.length > 0) await appendRunEvents(tx, runId, events);
      await addRunCost(tx, runId, spent);
    });
  }

  const flushing = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(FLUSH_MS, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      // The log of a run is not worth the run: a line that cannot be written is told to the operator's log instead.
      await flush(false).catch((error) => log.warn({ runId, error: messageOf(error) }, "could not write run events"));
    }
  })();

  return {
    tell,
    planned: (kind, listings) => void (of(kind).total += listings),
    ended: (kind, listings) => void (of(kind).done += listings),
    read: (kind, rows) => void (of(kind).rows += rows),
    observe(event) {
      if (event.kind === "request") {
        cost.requests += 1;
        cost.points += event.points;
        const answer = answerKind(event.status);
        cost.answers[answer] = (cost.answers[answer] ?? 0) + 1;
        if (event.status === 401) {
          tell({
            level: "info",
            event: "token.refused",
            message: `A token was refused at ${event.endpoint}; another one is asked for.`,
            data: { endpoint: event.endpoint },
          });
        }
        return;
      }
      // Requests wait side by side: what counts is the time during which the site let us wait.
      const until = event.untilAt.getTime();
      const from = Math.max(waitedUntil, until - event.waitMs);
      if (until > from) cost.waitedMs += until - from;
      waitedUntil = Math.max(waitedUntil, until);
      if (event.reason === "retry") {
        tell({
          level: "info",
          event: "request.retried",
          message: "A request failed, or its answer could not be read; it is sent again.",
          data: { quota: event.quota, until: event.untilAt.toISOString() },
        });
        return;
      }
      if (event.reason === "hour-share") {
        tell({
          level: "info",
          event: "run.spread",
          message: `This hour's share of the ${event.quota} is spent; the run goes on at ${event.untilAt.toISOString()}.`,
          data: { quota: event.quota, until: event.untilAt.toISOString() },
        });
        return;
      }
      tell({
        level: "warn",
        event: "rate-limited",
        message: `Waiting for the ${event.quota} quota until ${event.untilAt.toISOString()}.`,
        data: { reason: event.reason, quota: event.quota, until: event.untilAt.toISOString() },
      });
    },
    async close() {
      if (stop.signal.aborted) return;
      stop.abort();
      await flushing;
      await flush(true);
    },
  };
}

interface Cost {
  requests: number;
  points: number;
  waitedMs: number;
  answers: Partial<Record<AnswerKind, number>>;
}

function noCost(): Cost {
  return { requests: 0, points: 0, waitedMs: 0, answers: {} };
}

/** By the status of the answer; null: there was none. */
function answerKind(status: number | null): AnswerKind {
  if (status === null) return "silent";
  if (status === 429) return "slowed";
  if (status === 401 || status === 403) return "refused";
  if (status === 404 || status === 410) return "not-found";
  return status < 400 ? "answered" : "failed";
}

function unreachable(key: string): never {
  throw new Error(`No pending event ${key}.`);
}
