import type { Clock } from "../../lib/clock.ts";
import type { SourceEvent } from "../source.ts";
import type { RateSignals } from "./rate-headers.ts";

/** Of a burst with fewer requests left than this share, the rest is spread evenly until it fills again. */
const SPREAD_BELOW_SHARE = 0.2;

/** Points of the largest page: 250 permissions at 2 and the request itself (FACTS §8). */
const POINTS_OF_A_PAGE_MAX = 501;

/** A wait for the spread of a burst is told only from here: shorter ones would fill a run's log. */
const TOLD_FROM_MS = 1_000;

/** Whoever makes requests under the limiter: the same object for all of them. */
export interface LimitedBy {
  clock: Clock;
  observe(event: SourceEvent): void;
}

interface Waiter {
  start(): void;
}

/**
 * One quota: how many requests may be under way (additive increase, multiplicative decrease) and from when on the next
 * may start. Shared by everything that draws on the quota, so one refusal holds all of them back.
 */
export class Limiter {
  readonly quota: string;
  private concurrencyMax: number;
  private concurrency: number;
  private underWay = 0;
  private readonly waiting: Waiter[] = [];
  private pausedUntil = 0;
  private pauseReason: "rate-limited" | "quota" = "rate-limited";
  private nextStartAt = 0;
  private gapMs = 0;
  private lastDecreaseAt = Number.NEGATIVE_INFINITY;
  private readonly toldUntil = new WeakMap<LimitedBy, number>();

  constructor(quota: string, concurrencyMax: number) {
    this.quota = quota;
    this.concurrencyMax = Math.max(1, Math.floor(concurrencyMax));
    this.concurrency = this.concurrencyMax;
  }

  /** Requests that may be under way now. */
  get concurrencyNow(): number {
    return Math.floor(this.concurrency);
  }

  /** Whoever opened the site last says how much it may bear; a lowered concurrency grows back by itself. */
  resize(concurrencyMax: number): void {
    const grows = concurrencyMax > this.concurrencyMax && this.concurrency === this.concurrencyMax;
    this.concurrencyMax = Math.max(1, Math.floor(concurrencyMax));
    this.concurrency = grows ? this.concurrencyMax : Math.min(this.concurrency, this.concurrencyMax);
    this.wake();
  }

  /** Resolves when a request may start; `release` must be called once it ended. */
  async acquire(waiter: LimitedBy, signal: AbortSignal): Promise<{ startedAt: number; release(): void }> {
    signal.throwIfAborted();
    if (this.underWay >= this.concurrencyNow || this.waiting.length > 0) await this.queue(signal);
    else this.underWay += 1;
    try {
      await this.pace(waiter, signal);
    } catch (thrown) {
      this.release();
      throw thrown;
    }
    let isReleased = false;
    return {
      startedAt: waiter.clock.now().getTime(),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.release();
      },
    };
  }

  /** Learns from an answer that was not a refusal. */
  succeeded(signals: Pick<RateSignals, "burst" | "quota">, now: number): void {
    this.concurrency = Math.min(this.concurrencyMax, this.concurrency + 1 / Math.max(1, this.concurrency));
    this.wake();
    const { burst, quota } = signals;
    this.gapMs = 0;
    if (burst?.resetAt && burst.resetAt > now) {
      const leftMs = burst.resetAt - now;
      const isNear = burst.isNearLimit || (burst.limit !== null && burst.remaining < burst.limit * SPREAD_BELOW_SHARE);
      if (burst.remaining === 0) this.pause(leftMs, "rate-limited", now);
      else if (isNear) this.gapMs = leftMs / burst.remaining;
    }
    if (quota && quota.remaining < POINTS_OF_A_PAGE_MAX) this.pause(quota.resetsInMs, "quota", now);
  }

  /** Holds everything back after a refusal, and halves the concurrency once for all requests that were under way. */
  refused(waitMs: number, reason: "rate-limited" | "quota", startedAt: number, now: number): void {
    if (startedAt >= this.lastDecreaseAt) {
      this.concurrency = Math.max(1, this.concurrency / 2);
      this.lastDecreaseAt = now;
    }
    this.pause(waitMs, reason, now);
  }

  private pause(waitMs: number, reason: "rate-limited" | "quota", now: number): void {
    if (now + waitMs <= this.pausedUntil) return;
    this.pausedUntil = now + waitMs;
    this.pauseReason = reason;
  }

  private async pace(waiter: LimitedBy, signal: AbortSignal): Promise<void> {
    const { clock } = waiter;
    // A pause may be prolonged while it is waited for, by an answer that was under way: look again after each wait.
    for (;;) {
      const now = clock.now().getTime();
      const startAt = Math.max(this.pausedUntil, this.gapMs > 0 ? this.nextStartAt : 0);
      const waitMs = Math.ceil(startAt - now);
      if (waitMs <= 0) {
        this.nextStartAt = now + this.gapMs;
        return;
      }
      this.tell(waiter, startAt, now);
      await clock.sleep(waitMs, signal);
    }
  }

  /** Several requests wait for the same instant; it is told once, so that the waits add up to the time that passed. */
  private tell(waiter: LimitedBy, startAt: number, now: number): void {
    const waitMs = startAt - Math.max(now, this.toldUntil.get(waiter) ?? 0);
    if (waitMs < TOLD_FROM_MS) return;
    this.toldUntil.set(waiter, startAt);
    const reason = this.pausedUntil >= startAt ? this.pauseReason : "rate-limited";
    waiter.observe({ kind: "wait", reason, quota: this.quota, untilAt: new Date(startAt), waitMs });
  }

  private queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener("abort", stop);
          resolve();
        },
      };
      const stop = () => {
        const index = this.waiting.indexOf(waiter);
        if (index >= 0) this.waiting.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
      this.waiting.push(waiter);
    });
  }

  private release(): void {
    this.underWay -= 1;
    this.wake();
  }

  private wake(): void {
    while (this.underWay < this.concurrencyNow) {
      const next = this.waiting.shift();
      if (!next) return;
      this.underWay += 1;
      next.start();
    }
  }
}

/** The limiters of one process: everything that draws on one quota gets the same one. */
export class Limiters {
  private readonly limitersByQuota = new Map<string, Limiter>();

  get(quota: string, concurrencyMax: number): Limiter {
    const known = this.limitersByQuota.get(quota);
    if (known) {
      known.resize(concurrencyMax);
      return known;
    }
    const limiter = new Limiter(quota, concurrencyMax);
    this.limitersByQuota.set(quota, limiter);
    return limiter;
  }
}
