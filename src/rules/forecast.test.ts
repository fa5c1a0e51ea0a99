import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { forecastMinutes, judgeForecast } from "./forecast.ts";

const AT = new Date("2026-11-21T12:34:56Z");

describe("the forecast of a run against the hourly quota", () => {
  it("needs no quota with API tokens", () => {
    assert.deepEqual(judgeForecast(0, AT).isSpread, false);
    assert.match(judgeForecast(0, AT).words, /API tokens are exempt/);
  });

  it("fits up to 80 % of an hour's points", () => {
    assert.equal(judgeForecast(52_000, AT).isSpread, false);
    assert.equal(judgeForecast(52_001, AT).isSpread, true);
  });

  it("spreads what is more over the hours that begin on the full UTC hour, and says until when", () => {
    const verdict = judgeForecast(585_000, AT);

    // 585,000 / 52,000 is 11.25: the hour it starts in and 11 more.
    assert.deepEqual(verdict.untilAt, new Date("2026-11-21T23:00:00Z"));
    assert.match(verdict.words, /12 hours.*2026-11-21 23:00 UTC/);
  });
});

describe("how long a run takes", () => {
  it("is told in whole minutes, one at least", () => {
    assert.equal(forecastMinutes({ requests: 3, points: 0 }, AT), 1);
    assert.equal(forecastMinutes({ requests: 4_801, points: 0 }, AT), 11);
  });

  it("is as long as it waits for its points where that is longer", () => {
    assert.equal(forecastMinutes({ requests: 3_000, points: 104_000 }, new Date("2026-11-21T12:30:00Z")), 30);
  });
});
