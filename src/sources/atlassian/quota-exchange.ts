import type { Clock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/errors.ts";
import type { Log } from "../../lib/log.ts";
import type { QuotaReport, QuotaState } from "../../model/quotas.ts";
import type { QuotaStore } from "../source.ts";

/** While requests are made, the other processes are told and heard this often. */
const EXCHANGE_MS = 5_000;

/** Sooner when so many points were spent: a few large pages, so that several processes overshoot by little together. */
const UNTOLD_POINTS_MAX = 2_000;

/** What a limiter tells and hears. */
export interface SharedLimiter {
  readonly quota: string;
  readonly untoldPoints: number;
  report(now: number): QuotaReport;
  unreported(report: QuotaReport): void;
  heard(state: QuotaState, now: number): void;
}

/**
 * Tells other processes what this one spent and learned of quotas, and hears the same of them. It has no timer: it does
 * so on the way of requests, and only now and then is a request held up by it.
 */
export class QuotaExchange {
  private readonly store: QuotaStore;
  private readonly log: Log;
  private readonly used = new Map<string, SharedLimiter>();
  private readonly heardOnce = new Set<string>();
  private exchangedAt = Number.NEGATIVE_INFINITY;
  /** The last try reached nobody: the next waits as long as any. */
  private hasFailed = false;
  private underWay: Promise<void> | null = null;

  constructor(store: QuotaStore, log: Log) {
    this.store = store;
    this.log = log;
  }

  /** Before a request: at the first of a quota, and after many points, it waits for what the others know. */
  async before(limiter: SharedLimiter, clock: Clock): Promise<void> {
    this.used.set(limiter.quota, limiter);
    if (this.isUrgent(limiter)) {
      // One that is under way may have begun without this limiter.
      if (this.underWay) await this.underWay;
      if (this.isUrgent(limiter)) await this.begin(clock);
      return;
    }
    if (clock.now().getTime() - this.exchangedAt >= EXCHANGE_MS) void this.begin(clock);
  }

  /** Tells what is left to tell. */
  settle(clock: Clock): void {
    if (this.used.size > 0) void this.begin(clock);
  }

  private isUrgent(limiter: SharedLimiter): boolean {
    if (!this.heardOnce.has(limiter.quota)) return true;
    return limiter.untoldPoints >= UNTOLD_POINTS_MAX && !this.hasFailed;
  }

  private begin(clock: Clock): Promise<void> {
    this.underWay ??= this.exchange(clock).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async exchange(clock: Clock): Promise<void> {
    this.exchangedAt = clock.now().getTime();
    const limiters = [...this.used.values()];
    this.used.clear();
    const reports = limiters.map((each) => each.report(this.exchangedAt));
    // Whether or not it is heard: a store that is away must not hold up every request.
    for (const each of limiters) this.heardOnce.add(each.quota);
    try {
      const statesByQuota = new Map((await this.store.exchange(reports)).map((each) => [each.quota, each]));
      this.hasFailed = false;
      const now = clock.now().getTime();
      for (const each of limiters) {
        const state = statesByQuota.get(each.quota);
        if (state) each.heard(state, now);
      }
    } catch (error) {
      this.hasFailed = true;
      for (const [index, each] of limiters.entries()) {
        const report = reports[index];
        if (report) each.unreported(report);
      }
      this.log.warn({ error: messageOf(error) }, "could not share what is known of the quotas");
    }
  }
}
