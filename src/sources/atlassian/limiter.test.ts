import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import type { SourceEvent } from "../source.ts";
import { Limiter, Limiters } from "./limiter.ts";

const START = new Date("2026-03-04T05:06:07.000Z");
const NEVER = new AbortController().signal;
const NOTHING = { retryAfterMs: null, burst: null, quota: null };

function setUp(concurrencyMax = 4) {
  const clock = manualClock(START);
  const events: SourceEvent[] = [];
  const world = { clock, observe: (event: SourceEvent) => events.push(event) };
  return { limiter: new Limiter("a quota", concurrencyMax), clock, events, world };
}

const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol("pending");
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

describe("limiter", () => {
  it("lets no more requests be under way than allowed, and starts the next as one ends", async () => {
    const { limiter, world } = setUp(2);
    const first = await limiter.acquire(world, NEVER);
    await limiter.acquire(world, NEVER);
    const third = limiter.acquire(world, NEVER);
    const wasWaiting = !(await settled(third));

    first.release();

    assert.equal(wasWaiting, true);
    assert.equal(await settled(third), true);
  });

  it("halves what may be under way once for all requests that were refused together, down to one", () => {
    const { limiter, clock } = setUp(8);
    const startedAt = START.getTime();
    clock.moveBy(10);

    limiter.refused(0, "rate-limited", startedAt, clock.now().getTime());
    limiter.refused(0, "rate-limited", startedAt, clock.now().getTime());
    const afterOneBurst = limiter.concurrencyNow;
    for (let n = 0; n < 5; n += 1) {
      clock.moveBy(10);
      limiter.refused(0, "rate-limited", clock.now().getTime(), clock.now().getTime());
    }

    assert.equal(afterOneBurst, 4);
    assert.equal(limiter.concurrencyNow, 1);
  });

  it("grows back by one for each round of answers, up to what is allowed", () => {
    const { limiter, clock } = setUp(4);
    limiter.refused(0, "rate-limited", START.getTime(), clock.now().getTime());

    for (let n = 0; n < 20; n += 1) limiter.succeeded(NOTHING, clock.now().getTime());

    assert.equal(limiter.concurrencyNow, 4);
  });

  it("holds everybody back for the whole wait, and tells of it", async () => {
    const { limiter, clock, events, world } = setUp();
    limiter.refused(90_000, "quota", START.getTime(), START.getTime());

    const { startedAt } = await limiter.acquire(world, NEVER);

    assert.equal(startedAt, START.getTime() + 90_000);
    assert.deepEqual(events, [
      { kind: "wait", reason: "quota", quota: "a quota", untilAt: clock.now(), waitMs: 90_000 },
    ]);
  });

  it("tells of a wait once, however many requests wait for its end", async () => {
    const { limiter, events, world } = setUp();
    limiter.refused(90_000, "quota", START.getTime(), START.getTime());

    await Promise.all([limiter.acquire(world, NEVER), limiter.acquire(world, NEVER)]);

    assert.equal(events.length, 1);
  });

  it("waits for the reset of a burst that is used up", async () => {
    const { limiter, clock, world } = setUp();
    const resetAt = START.getTime() + 700;
    const burst = { limit: 100, remaining: 0, resetAt, isNearLimit: true };
    limiter.succeeded({ ...NOTHING, burst }, clock.now().getTime());

    const { startedAt } = await limiter.acquire(world, NEVER);

    assert.equal(startedAt, resetAt);
  });

  it("spreads what is left of a burst over the time until it fills again", async () => {
    const { limiter, clock, world } = setUp();
    const burst = { limit: 100, remaining: 10, resetAt: START.getTime() + 1_000, isNearLimit: false };
    limiter.succeeded({ ...NOTHING, burst }, clock.now().getTime());

    const first = await limiter.acquire(world, NEVER);
    const second = await limiter.acquire(world, NEVER);

    assert.equal(second.startedAt - first.startedAt, 100);
  });

  it("waits for the next hour's points when a page more could be refused", async () => {
    const { limiter, clock, world } = setUp();
    const quota = { name: "global-app-quota", remaining: 400, resetsInMs: 600_000 };
    limiter.succeeded({ ...NOTHING, quota }, clock.now().getTime());

    const { startedAt } = await limiter.acquire(world, NEVER);

    assert.equal(startedAt, START.getTime() + 600_000);
  });

  it("lets go of whoever stops waiting", async () => {
    const { limiter, world } = setUp(1);
    const stopper = new AbortController();
    const first = await limiter.acquire(world, NEVER);
    const second = limiter.acquire(world, stopper.signal);
    const third = limiter.acquire(world, NEVER);

    stopper.abort(new Error("stopped"));
    await assert.rejects(second, /stopped/);
    first.release();

    assert.equal(await settled(third), true);
  });

  it("is the same one for everybody who draws on a quota", () => {
    const limiters = new Limiters();

    assert.equal(limiters.get("site a", 4), limiters.get("site a", 4));
    assert.notEqual(limiters.get("site a", 4), limiters.get("site b", 4));
  });

  it("follows whoever last said what the site may bear", () => {
    const limiters = new Limiters();
    limiters.get("site a", 2);

    assert.equal(limiters.get("site a", 8).concurrencyNow, 8);
    assert.equal(limiters.get("site a", 3).concurrencyNow, 3);
  });
});
