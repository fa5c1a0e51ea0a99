import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatDuration, formatMoney, formatPercent, formatPlainMoney, formatRelative } from "./format.ts";

const NOW = new Date("2026-11-21T14:00:00Z");
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("relative times", () => {
  it("are told in minutes, hours and days for seven days", () => {
    const told = [30_000, 4 * MINUTE, 5 * 60 * MINUTE, 7 * DAY].map((ms) => formatRelative(ago(ms), NOW));

    assert.deepEqual(told, ["just now", "4 min ago", "5 h ago", "7 d ago"]);
  });

  it("become a date beyond seven days, in UTC", () => {
    assert.equal(formatRelative(new Date("2026-07-19T23:30:00Z"), NOW), "19 Jul 2026");
  });

  it("reach into the future", () => {
    assert.equal(formatRelative(new Date("2026-11-21T17:10:00Z"), NOW), "in 3 h");
  });
});

describe("durations", () => {
  it("leave out what is zero", () => {
    const told = [400, 48_000, 120_000, 125_000, 3_600_000, 12_000_000].map(formatDuration);

    assert.deepEqual(told, ["0 s", "48 s", "2 min", "2 min 5 s", "1 h", "3 h 20 min"]);
  });
});

describe("money", () => {
  it("has the decimals of its currency", () => {
    assert.equal(formatMoney(619_200, "USD"), "$6,192.00");
    assert.equal(formatMoney(6192, "JPY"), "¥6,192");
    assert.equal(formatPlainMoney(619_200, "USD"), "6192.00 USD");
    assert.equal(formatPlainMoney(6192, "JPY"), "6192 JPY");
  });
});

describe("a share", () => {
  it("is 100% only when everything is done", () => {
    assert.equal(formatPercent(999, 1000), "99%");
    assert.equal(formatPercent(1000, 1000), "100%");
    assert.equal(formatPercent(0, 0), "0%");
  });
});
