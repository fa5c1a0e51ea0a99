import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Plan } from "../../model/plans.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import { type ApplyFacts, mayApply } from "./may-apply.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const { limits, blackouts } = DEFAULT_RECLAMATION_SETTINGS;

const plan: Plan = {
  id: "plan_1",
  kind: "reclaim",
  state: "ready",
  reason: "Idle.",
  ruleId: null,
  undoesPlanId: null,
  isUnattended: false,
  askedByHolder: false,
  siteIds: ["site_1"],
  acceptsProducts: [],
  counts: { seats: 12, leftOut: 0, elsewhere: 0, memberships: 12, lastAdmins: 0 },
  money: [],
  limits: { ...limits, blackouts },
  hash: "abc",
  approvalsNeeded: 0,
  canarySize: 5,
  paused: null,
  createdBy: "petra",
  createdAt: NOW,
  expiresAt: new Date("2026-11-22T12:00:00Z"),
  appliedBy: null,
  appliedAt: null,
  finishedAt: null,
  revision: 1,
};
const facts: ApplyFacts = {
  at: NOW,
  hash: "abc",
  confirmCount: 12,
  sites: [{ name: "acme", mode: "act", isServed: true, dataAsOf: new Date("2026-11-21T02:00:00Z") }],
  approvals: 0,
  approvalsNotCounted: 0,
  unapprovedToday: 0,
  unattendedToday: 0,
};
const [acme] = facts.sites;

describe("mayApply", () => {
  const refusalOf = (changes: Partial<Plan>, more: Partial<ApplyFacts> = {}) => {
    const allowed = mayApply({ ...plan, ...changes }, { ...facts, ...more });
    return allowed.ok ? null : allowed.error.code;
  };

  it("lets a plan be applied that was looked at, counted, and is fresh", () => {
    assert.equal(refusalOf({}), null);
  });

  it("needs the plan as it was looked at, and its number typed", () => {
    assert.equal(refusalOf({}, { hash: "abd" }), "stale-hash");
    assert.equal(refusalOf({}, { confirmCount: null }), "wrong-count");
    assert.equal(refusalOf({}, { confirmCount: 11 }), "wrong-count");
  });

  it("needs no number for ten seats or fewer, nor to give seats back", () => {
    const few = { ...plan.counts, seats: 10 };

    assert.equal(refusalOf({ counts: few }, { confirmCount: null }), null);
    assert.equal(refusalOf({ kind: "restore" }, { confirmCount: null }), null);
  });

  it("refuses sites that are only observed, or that nobody serves", () => {
    assert.equal(refusalOf({}, { sites: [{ ...acme!, mode: "observe" }] }), "observe-only");
    assert.equal(refusalOf({}, { sites: [{ ...acme!, isServed: false }] }), "reclaim-not-served");
    assert.equal(refusalOf({ kind: "restore" }, { sites: [{ ...acme!, mode: "observe" }] }), "observe-only");
  });

  it("takes nothing on data that is too old, and gives back all the same", () => {
    const old = { sites: [{ ...acme!, dataAsOf: new Date("2026-11-19T12:00:00Z") }] };

    assert.equal(refusalOf({}, old), "data-too-old");
    assert.equal(refusalOf({}, { sites: [{ ...acme!, dataAsOf: null }] }), "data-too-old");
    assert.equal(refusalOf({ kind: "restore" }, old), null);
  });

  it("takes nothing on a day of a blackout, its first and its last included", () => {
    const closed = (from: string, until: string) => ({
      limits: { ...plan.limits, blackouts: [{ from, until, reason: "Quarter close." }] },
    });

    assert.equal(refusalOf(closed("2026-11-21", "2026-11-30")), "blackout");
    assert.equal(refusalOf(closed("2026-11-01", "2026-11-21")), "blackout");
    assert.equal(refusalOf(closed("2026-11-22", "2026-11-30")), null);
  });

  it("waits for a second person where one is needed", () => {
    assert.equal(refusalOf({ approvalsNeeded: 1 }), "approval-needed");
    assert.equal(refusalOf({ approvalsNeeded: 1 }, { approvals: 1 }), null);
  });

  it("waits for a second person where several plans of one person add up to what needs one", () => {
    assert.equal(refusalOf({}, { unapprovedToday: 88 }), null);
    assert.equal(refusalOf({}, { unapprovedToday: 89 }), "approval-needed");
    assert.equal(refusalOf({}, { unapprovedToday: 89, approvals: 1 }), null);
    assert.equal(refusalOf({ kind: "restore" }, { unapprovedToday: 89 }), null);
  });

  it("holds an unattended plan to what may be taken in a day", () => {
    assert.equal(refusalOf({ isUnattended: true }, { confirmCount: null, unattendedToday: 39 }), "over-day-limit");
    assert.equal(refusalOf({ isUnattended: true }, { confirmCount: null, unattendedToday: 38 }), null);
  });

  it("refuses what expired, was applied, or has nothing to do", () => {
    assert.equal(refusalOf({ expiresAt: NOW }), "plan-expired");
    assert.equal(refusalOf({ state: "applied" }), "plan-not-ready");
    assert.equal(refusalOf({ counts: { ...plan.counts, seats: 0 } }), "nothing-to-do");
  });
});
