import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readRateSignals } from "./rate-headers.ts";

const NOW = Date.parse("2026-03-04T05:06:07.000Z");
const signals = (headers: Record<string, string>) => readRateSignals(new Headers(headers), NOW);

describe("rate-limit headers", () => {
  it("reads Retry-After in seconds", () => {
    assert.equal(signals({ "retry-after": "120" }).retryAfterMs, 120_000);
  });

  it("reads Retry-After as a date", () => {
    assert.equal(signals({ "retry-after": "Wed, 04 Mar 2026 05:07:07 GMT" }).retryAfterMs, 60_000);
  });

  it("takes a Retry-After of more than a day for a block", () => {
    assert.equal(signals({ "retry-after": "9223372036854775807" }).retryAfterMs, Number.POSITIVE_INFINITY);
  });

  it("reads a burst whose reset is an ISO instant", () => {
    const { burst } = signals({
      "x-ratelimit-limit": "100",
      "x-ratelimit-remaining": "7",
      "x-ratelimit-reset": "2026-03-04T05:06:08Z",
      "x-ratelimit-nearlimit": "true",
    });

    assert.deepEqual(burst, { limit: 100, remaining: 7, resetAt: NOW + 1_000, isNearLimit: true });
  });

  it("reads a burst whose reset is epoch seconds", () => {
    const { burst } = signals({ "x-ratelimit-remaining": "7", "x-ratelimit-reset": String(NOW / 1_000 + 5) });

    assert.equal(burst?.resetAt, NOW + 5_000);
  });

  it("reads the quota with the least left of several", () => {
    const { quota } = signals({ ratelimit: '"global-app-quota";r=11000;t=600, "tenant-app-quota";r=40;t=300' });

    assert.deepEqual(quota, { name: "tenant-app-quota", remaining: 40, resetsInMs: 300_000 });
  });

  it("does not act on what is only informational", () => {
    assert.equal(signals({ "beta-ratelimit": '"global-app-quota";r=0;t=600' }).quota, null);
  });
});
