import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { QuotaReport, QuotaState } from "../../model/quotas.ts";
import type { SourceEvent } from "../source.ts";
import { Limiters } from "./limiter.ts";

const START = new Date("2026-03-04T05:06:07.000Z");
const NEXT_HOUR = new Date("2026-03-04T06:00:00.000Z");
const NEVER = new AbortController().signal;
const QUOTA = "OAuth client acme";

/** What all processes were told, as a database would keep it. */
function sharedStore() {
  const known = { points: 0, blockedUntil: null as Date | null, slots: new Map<string, number>() };
  let exchanges = 0;
  const storeOf = (holder: string) => ({
    async exchange(reports: readonly QuotaReport[]): Promise<QuotaState[]> {
      exchanges += 1;
      return reports.map((each) => {
        known.points = Math.max(known.points + each.points, each.pointsMin);
        if (each.blockedUntil) known.blockedUntil = each.blockedUntil;
        known.slots.set(holder, each.slots);
        const others = [...known.slots].filter(([name]) => name !== holder).map(([, slots]) => slots);
        return {
          quota: each.quota,
          hourAt: each.hourAt,
          points: known.points,
          blockedUntil: known.blockedUntil,
          blockedBy: known.blockedUntil && ("quota" as const),
          othersSlots: others.reduce((sum, slots) => sum + slots, 0),
        };
      });
    },
  });
  return { storeOf, exchanges: () => exchanges };
}

function setUp() {
  const clock = manualClock(START);
  const shared = sharedStore();
  const processOf = (holder: string) => new Limiters({ store: shared.storeOf(holder), log: silentLog });
  const events: SourceEvent[] = [];
  const observe = (event: SourceEvent) => void events.push(event);
  return { clock, shared, processOf, events, run: { clock, observe, hourShareMax: 0.8 }, check: { clock, observe } };
}

describe("quotas that several processes share", () => {
  it("hold a run back at 80 % of the hour's points, whoever spent them, but not a check", async () => {
    const { clock, processOf, run, check, events } = setUp();
    const one = processOf("one").get(QUOTA, 8);
    const other = processOf("other").get(QUOTA, 8);
    (await one.acquire(run, NEVER)).release();
    one.spent(52_000, clock.now().getTime());
    (await one.acquire(check, NEVER)).release();

    const place = await other.acquire(check, NEVER);
    const checkedAt = clock.now();
    place.release();
    const { startedAt } = await other.acquire(run, NEVER);

    assert.deepEqual(checkedAt, START);
    assert.deepEqual(new Date(startedAt), NEXT_HOUR);
    assert.deepEqual(
      events.map((each) => each.kind === "wait" && [each.reason, each.untilAt]),
      [["hour-share", NEXT_HOUR]],
    );
  });

  it("count what a header says is left, whoever outside of the installation spent it", async () => {
    const { clock, processOf, run } = setUp();
    const one = processOf("one").get(QUOTA, 8);
    (await one.acquire(run, NEVER)).release();

    one.toldPoints(12_000, 65_000, clock.now().getTime());
    const { startedAt } = await one.acquire(run, NEVER);

    assert.deepEqual(new Date(startedAt), NEXT_HOUR);
  });

  it("wait out a refusal that another process met", async () => {
    const { clock, processOf, check } = setUp();
    const one = processOf("one").get(QUOTA, 8);
    (await one.acquire(check, NEVER)).release();
    one.refused(60_000, "quota", clock.now().getTime(), clock.now().getTime());
    const limiters = processOf("other");
    clock.moveBy(5_000);
    const heard = one.acquire(check, NEVER);
    const { startedAt } = await limiters.get(QUOTA, 8).acquire(check, NEVER);

    assert.deepEqual(new Date(startedAt), new Date(START.getTime() + 60_000));
    (await heard).release();
  });

  it("leave another process a few places beside a run", async () => {
    const { processOf, run, check, clock } = setUp();
    const running = processOf("running").get("site acme", 8);
    for (let n = 0; n < 8; n += 1) await running.acquire(run, NEVER);
    clock.moveBy(5_000);
    const ninth = running.acquire(run, AbortSignal.abort(new Error("enough"))).catch(() => null);
    await ninth;
    const waiting = new AbortController();
    const more = running.acquire(run, waiting.signal).catch(() => null);
    await new Promise(setImmediate);

    const checking = processOf("checking").get("site acme", 4);
    await checking.acquire(check, NEVER);

    assert.equal(checking.concurrencyNow, 2);
    waiting.abort(new Error("enough"));
    await more;
  });

  it("are asked for now and then, not for each request", async () => {
    const { processOf, shared, clock, check } = setUp();
    const limiter = processOf("one").get(QUOTA, 8);

    for (let n = 0; n < 100; n += 1) {
      (await limiter.acquire(check, NEVER)).release();
      limiter.spent(10, clock.now().getTime());
      clock.moveBy(100);
    }

    assert.ok(shared.exchanges() <= 3, `${shared.exchanges()} exchanges`);
  });

  it("are gone by what the process sees itself where the others cannot be reached", async () => {
    const { clock, run } = setUp();
    const store = { exchange: () => Promise.reject(new Error("away")) };
    const limiter = new Limiters({ store, log: silentLog }).get(QUOTA, 8);
    (await limiter.acquire(run, NEVER)).release();
    limiter.spent(52_000, clock.now().getTime());

    const { startedAt } = await limiter.acquire(run, NEVER);

    assert.deepEqual(new Date(startedAt), NEXT_HOUR);
  });
});
