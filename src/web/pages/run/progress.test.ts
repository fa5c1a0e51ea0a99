import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { guessLeft, nextAnnouncement, shareDone } from "./progress.ts";

describe("how much of a run is done", () => {
  it("goes by the requests that were forecast, and never says whole", () => {
    const half = shareDone({ requests: 500, forecastRequests: 1000 }, []);
    const over = shareDone({ requests: 1100, forecastRequests: 1000 }, []);

    assert.equal(half, 0.5);
    assert.equal(over, 0.99);
  });

  it("goes by listings where nothing was forecast", () => {
    const steps = [
      { listings: 1, ended: 1 },
      { listings: 3, ended: 0 },
    ];

    assert.equal(shareDone({ requests: 7, forecastRequests: null }, steps), 0.25);
    assert.equal(shareDone({ requests: 0, forecastRequests: null }, []), 0);
  });

  it("guesses what is left by the pace so far, once there is one", () => {
    const startedAt = new Date("2026-11-21T14:02:00Z");
    const now = new Date("2026-11-21T14:03:00Z");

    assert.equal(guessLeft(0.25, startedAt, now), 180_000);
    assert.equal(guessLeft(0.01, startedAt, now), null);
  });

  it("is read aloud each ten percent, at most every five seconds", () => {
    const first = nextAnnouncement(0.31, { tens: 0, atMs: 0 }, 5000);

    assert.deepEqual(first, { tens: 30, atMs: 5000 });
    assert.equal(nextAnnouncement(0.39, { tens: 30, atMs: 5000 }, 60_000), null);
    assert.equal(nextAnnouncement(0.45, { tens: 30, atMs: 5000 }, 9000), null);
    assert.deepEqual(nextAnnouncement(0.45, { tens: 30, atMs: 5000 }, 10_000), { tens: 40, atMs: 10_000 });
  });
});
