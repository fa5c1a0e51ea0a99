import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addDays, addMonths, daysBetween, isDay } from "./day.ts";

describe("a day", () => {
  it("is one that there is, within what can be bought", () => {
    assert.ok(isDay("2028-02-29"));
    for (const text of ["2026-02-29", "2026-13-01", "0000-01-01", "9999-01-01", "2026-1-1", ""])
      assert.ok(!isDay(text));
  });

  it("of another month is the same, or the last of one that is shorter", () => {
    assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
    assert.equal(addMonths("2026-02-28", 1, 31), "2026-03-31");
    assert.equal(addMonths("2026-01-15", -2), "2025-11-15");
  });

  it("is so many days from another", () => {
    assert.equal(addDays("2026-02-28", 1), "2026-03-01");
    assert.equal(daysBetween("2026-03-29", "2026-03-28"), -1);
  });
});
