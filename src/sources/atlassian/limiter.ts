import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { QuotaReport, QuotaState } from "../../model/quotas.ts";
import type { QuotaStore, SourceEvent } from "../source.ts";
import { HourPoints } from "./hour-points.ts";
import { QuotaExchange } from "./quota-exchange.ts";
import type { RateSignals } from "./rate-headers.ts";

/** Of a burst with fewer requests left than this share, the rest is spread evenly until it fills again. */
const SPREAD_BELOW_SHARE = 0.2;

/** Points of the largest page: 250 permissions at 2 and the request itself (FACTS §8). */
const POINTS_OF_A_PAGE_MAX = 501;

/** A wait for the spread of a burst is told only from here: shorter ones would fill a run's log. */
const TOLD_FROM_MS = 1_000;

/** However much room other processes take, this one keeps a few requests: a check must not wait for a whole run. */
const FEW_SLOTS = 2;

/** What was heard of the other processes counts for so long; theirs lapses about then, too. */
const HEARD_MS = 15_000;

/** Whoever makes requests under the limiter: the same object for all of them. */
export interface LimitedBy {
  clock: Clock;
  /** Share of an hour's points after which it waits for the next hour. */
  hourShareMax?: number | undefined;
  observe(event: SourceEvent): void;
}

type PauseReason = "rate-limited" | "quota";

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
  private pauseReason: PauseReason = "rate-limited";
  private nextStartAt = 0;
  private gapMs = 0;
  private lastDecreaseAt = Number.NEGATIVE_INFINITY;
  private readonly toldUntil = new WeakMap<LimitedBy, number>();
  private readonly points = new HourPoints();
  private readonly exchange: QuotaExchange | null;
  private underWayMost = 0;
  private othersSlots = 0;
  private heardAt = Number.NEGATIVE_INFINITY;

  constructor(quota: string, concurrencyMax: number, exchange: QuotaExchange | null = null) {
    this.quota = quota;
    this.concurrencyMax = Math.max(1, Math.floor(concurrencyMax));
    this.concurrency = this.concurrencyMax;
    this.exchange = exchange;
  }

  /** Requests that may be under way now, beside those of other processes. */
  get concurrencyNow(): number {
    const besideOthers = Math.max(FEW_SLOTS, this.concurrencyMax - this.othersSlots);
    return Math.max(1, Math.min(Math.floor(this.concurrency), besideOthers));
  }

  /** Points that the other processes were not told of yet. */
  get untoldPoints(): number {
    return this.points.untoldNow;
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
    const { clock } = waiter;
    if (this.exchange) await this.exchange.before(this, clock);
    this.forgetOthers(clock.now().getTime());
    if (this.underWay >= this.concurrencyNow || this.waiting.length > 0) await this.queue(signal);
    else this.begin();
    try {
      await this.pace(waiter, signal);
    } catch (thrown) {
      this.release();
      throw thrown;
    }
    let isReleased = false;
    return {
      startedAt: clock.now().getTime(),
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
  refused(waitMs: number, reason: PauseReason, startedAt: number, now: number): void {
    if (startedAt >= this.lastDecreaseAt) {
      this.concurrency = Math.max(1, this.concurrency / 2);
      this.lastDecreaseAt = now;
    }
    this.pause(waitMs, reason, now);
  }

  /** Points that an answer cost. */
  spent(points: number, now: number): void {
    this.points.spend(points, now);
  }

  /** What an answer says of the hour's points: how many are left, and how many there are an hour. */
  toldPoints(remaining: number | null, perHour: number | null, now: number): void {
    this.points.told(remaining, perHour, now);
  }

  /** What the other processes are told of this one. */
  report(now: number): QuotaReport {
    const slots = Math.max(this.underWayMost, this.underWay);
    this.underWayMost = this.underWay;
    // A pause that is nearly over would be over before anybody hears of it.
    const isBlocked = this.pausedUntil - now >= TOLD_FROM_MS;
    return {
      quota: this.quota,
      ...this.points.take(now),
      blockedUntil: isBlocked ? new Date(this.pausedUntil) : null,
      blockedBy: isBlocked ? this.pauseReason : null,
      slots,
    };
  }

  /** The report did not reach anybody. */
  unreported(report: QuotaReport): void {
    this.points.giveBack(report);
  }

  /** What all processes together know. */
  heard(state: QuotaState, now: number): void {
    this.points.heard(state, now);
    this.othersSlots = state.othersSlots;
    this.heardAt = now;
    const blockedMs = (state.blockedUntil?.getTime() ?? now) - now;
    if (blockedMs > 0 && state.blockedBy) this.pause(blockedMs, state.blockedBy, now);
    this.wake();
  }

  private forgetOthers(now: number): void {
    if (now - this.heardAt > HEARD_MS) this.othersSlots = 0;
  }

  private begin(): void {
    this.underWay += 1;
    this.underWayMost = Math.max(this.underWayMost, this.underWay);
  }

  private pause(waitMs: number, reason: PauseReason, now: number): void {
    if (now + waitMs <= this.pausedUntil) return;
    this.pausedUntil = now + waitMs;
    this.pauseReason = reason;
  }

  private async pace(waiter: LimitedBy, signal: AbortSignal): Promise<void> {
    const { clock } = waiter;
    // A pause may be prolonged while it is waited for, by an answer that was under way: look again after each wait.
    for (;;) {
      const now = clock.now().getTime();
      const opensAt = waiter.hourShareMax === undefined ? 0 : this.points.opensAt(waiter.hourShareMax, now);
      const startAt = Math.max(this.pausedUntil, opensAt, this.gapMs > 0 ? this.nextStartAt : 0);
      const waitMs = Math.ceil(startAt - now);
      if (waitMs <= 0) {
        this.nextStartAt = now + this.gapMs;
        return;
      }
      const share = opensAt === startAt && this.pausedUntil < startAt ? "hour-share" : null;
      this.tell(waiter, startAt, now, share);
      await clock.sleep(waitMs, signal);
    }
  }

  /** Several requests wait for the same instant; it is told once, so that the waits add up to the time that passed. */
  private tell(waiter: LimitedBy, startAt: number, now: number, share: "hour-share" | null): void {
    const waitMs = startAt - Math.max(now, this.toldUntil.get(waiter) ?? 0);
    if (waitMs < TOLD_FROM_MS) return;
    this.toldUntil.set(waiter, startAt);
    const reason = share ?? (this.pausedUntil >= startAt ? this.pauseReason : "rate-limited");
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
      this.begin();
      next.start();
    }
  }
}

/** The limiters of one process: everything that draws on one quota gets the same one. */
export class Limiters {
  private readonly limitersByQuota = new Map<string, Limiter>();
  private readonly exchange: QuotaExchange | null;

  /** With a store, what is learned of the quotas is shared with the other processes of the installation. */
  constructor(shared?: { store: QuotaStore; log: Log }) {
    this.exchange = shared ? new QuotaExchange(shared.store, shared.log) : null;
  }

  get(quota: string, concurrencyMax: number): Limiter {
    const known = this.limitersByQuota.get(quota);
    if (known) {
      known.resize(concurrencyMax);
      return known;
    }
    const limiter = new Limiter(quota, concurrencyMax, this.exchange);
    this.limitersByQuota.set(quota, limiter);
    return limiter;
  }

  /** Tells the other processes what they were not told yet; called when a site is closed. */
  settle(clock: Clock): void {
    this.exchange?.settle(clock);
  }
}
