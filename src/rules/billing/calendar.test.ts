import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BilledLicense, bestDayToReclaim, covers, monthlyCycle, nextBillingEvent } from "./calendar.ts";

const MONTHLY: BilledLicense = {
  metric: "monthly-seats",
  termStart: "2026-01-31",
  termEnd: null,
  billingDay: null,
  renewalOn: null,
  noticeOn: null,
  autoRenew: false,
  endedOn: null,
};
const ANNUAL: BilledLicense = { ...MONTHLY, metric: "annual-seats", termEnd: "2027-01-31", autoRenew: true };

describe("billing days", () => {
  it("begin a cycle on the last day of a month that is too short", () => {
    assert.deepEqual(monthlyCycle(MONTHLY, "2026-02-27"), { from: "2026-01-31", to: "2026-02-28" });
    assert.deepEqual(monthlyCycle(MONTHLY, "2026-02-28"), { from: "2026-02-28", to: "2026-03-31" });
    assert.deepEqual(monthlyCycle({ ...MONTHLY, billingDay: 15 }, "2026-12-20"), {
      from: "2026-12-15",
      to: "2027-01-15",
    });
  });

  it("of a month come each month, of a year at the renewal", () => {
    assert.equal(nextBillingEvent(MONTHLY, "2026-03-31"), "2026-04-30");
    assert.equal(nextBillingEvent(ANNUAL, "2026-03-31"), "2027-01-31");
    assert.equal(nextBillingEvent(ANNUAL, "2027-02-01"), "2028-01-31");
    assert.equal(nextBillingEvent({ ...ANNUAL, renewalOn: "2026-12-01" }, "2026-03-31"), "2026-12-01");
  });

  it("do not come again after a license has ended", () => {
    assert.equal(nextBillingEvent({ ...MONTHLY, endedOn: "2026-04-10" }, "2026-04-01"), null);
    assert.equal(nextBillingEvent({ ...ANNUAL, autoRenew: false }, "2027-02-01"), null);
    assert.equal(covers({ ...ANNUAL, autoRenew: false }, "2027-01-31"), false);
    assert.equal(covers(ANNUAL, "2027-01-31"), true);
  });

  it("are safely met two days before, or before a notice has to be given", () => {
    assert.equal(bestDayToReclaim(MONTHLY, "2026-04-01"), "2026-04-28");
    assert.equal(bestDayToReclaim(MONTHLY, "2026-04-29"), null);
    assert.equal(bestDayToReclaim({ ...ANNUAL, noticeOn: "2026-12-01" }, "2026-04-01"), "2026-11-30");
  });
});
