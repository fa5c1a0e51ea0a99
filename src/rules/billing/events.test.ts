import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { License } from "../../model/licenses.ts";
import { nextRenewal } from "./calendar.ts";
import { dueEvents, renewed } from "./events.ts";

const at = new Date("2026-01-01T00:00:00Z");
const MONTHLY: License = {
  id: "license_000000000000",
  name: "Acme",
  siteIds: ["site_000000000000"],
  edition: "standard",
  metric: "monthly-seats",
  quantity: null,
  pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 655 }] },
  currency: "USD",
  termStart: "2026-01-15",
  termEnd: null,
  billingDay: null,
  renewalOn: null,
  noticeOn: null,
  autoRenew: false,
  renewalQuantity: null,
  costCenter: null,
  ownerId: null,
  note: null,
  revision: 1,
  quantitySince: at,
  settledTo: "2026-01-14",
  createdBy: "test",
  createdAt: at,
  updatedAt: at,
  endedOn: null,
  endedReason: null,
};
const ANNUAL: License = {
  ...MONTHLY,
  metric: "annual-seats",
  quantity: 500,
  renewalQuantity: 460,
  termStart: "2026-02-28",
  termEnd: "2027-02-28",
  noticeOn: "2027-01-31",
  autoRenew: true,
};

describe("billing events that passed", () => {
  it("come once each, the begin of the term not among them", () => {
    assert.deepEqual(dueEvents(MONTHLY, "2026-03-15"), [
      { on: "2026-02-15", since: "2026-01-15" },
      { on: "2026-03-15", since: "2026-02-15" },
    ]);
    assert.deepEqual(dueEvents({ ...MONTHLY, settledTo: "2026-02-15" }, "2026-03-15"), [
      { on: "2026-03-15", since: "2026-02-15" },
    ]);
    assert.deepEqual(dueEvents({ ...MONTHLY, endedOn: "2026-03-15" }, "2026-04-20"), [
      { on: "2026-02-15", since: "2026-01-15" },
    ]);
  });

  it("of a year are its renewal, if it renews itself", () => {
    assert.deepEqual(dueEvents(ANNUAL, "2027-02-27"), []);
    assert.deepEqual(dueEvents(ANNUAL, "2027-02-28"), [{ on: "2027-02-28", since: "2026-02-28" }]);
    assert.deepEqual(dueEvents({ ...ANNUAL, autoRenew: false }, "2027-02-28"), []);
  });
});

describe("a term that renews itself", () => {
  it("is as long as the last, for what was agreed", () => {
    const { termStart, termEnd, noticeOn, quantity, renewalQuantity } = renewed(ANNUAL, "2027-02-28");

    assert.deepEqual(
      [termStart, termEnd, noticeOn, quantity, renewalQuantity],
      ["2027-02-28", "2028-02-28", "2028-01-31", 460, null],
    );
  });

  it("renews a year later again where it renews before its end", () => {
    const early: License = { ...ANNUAL, termStart: "2026-01-31", termEnd: "2027-01-31", renewalOn: "2026-12-01" };

    const once = renewed({ ...early, noticeOn: "2026-11-01" }, "2026-12-01");
    const twice = renewed(once, once.renewalOn ?? "");

    const days = ({ termStart, termEnd, renewalOn, noticeOn }: License) => [termStart, termEnd, renewalOn, noticeOn];
    assert.deepEqual(days(once), ["2026-12-01", "2028-01-31", "2027-12-01", "2027-11-01"]);
    assert.deepEqual(days(twice), ["2027-12-01", "2029-01-31", "2028-12-01", "2028-11-01"]);
    assert.equal(nextRenewal(early, "2026-12-01"), once.renewalOn);
  });
});
