import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EvidenceOfKind } from "./evidence.ts";
import { sayWhy, statusOfSeat } from "./seats.ts";

const asOf = new Date("2026-11-21T12:00:00Z");
const policy = { idleAfterDays: 60, lateHoursMax: 60 };
const daysAgo = (days: number) => new Date(asOf.getTime() - days * 86_400_000);

function viewed(lastAt: Date | null, fields: Partial<EvidenceOfKind> = {}): EvidenceOfKind {
  return { kind: "viewed", source: "organization", lastAt, knownSince: null, knownUntil: daysAgo(1), ...fields };
}

function contributed(lastAt: Date | null): EvidenceOfKind {
  return { kind: "contributed", source: "content-search", lastAt, knownSince: daysAgo(90), knownUntil: asOf };
}

describe("status of a seat", () => {
  it("is active on evidence of any kind within the time", () => {
    const use = statusOfSeat([contributed(daysAgo(3))], asOf, policy);

    assert.equal(use.status, "active");
    assert.equal(sayWhy(use.because), "Writes last seen 2026-11-18 (content search)");
  });

  it("is active up to the very instant of the threshold, and idle one millisecond before it", () => {
    const threshold = daysAgo(60);

    assert.equal(statusOfSeat([viewed(threshold)], asOf, policy).status, "active");
    assert.equal(statusOfSeat([viewed(new Date(threshold.getTime() - 1))], asOf, policy).status, "idle");
  });

  it("is idle when reading was observed throughout and the latest use, of whatever kind, is older", () => {
    const use = statusOfSeat([viewed(daysAgo(90)), contributed(daysAgo(70))], asOf, policy);

    assert.equal(use.status, "idle");
    assert.equal(
      sayWhy(use.because),
      "Writes last seen 2026-09-12 (content search), reading observed throughout (organization directory)",
    );
  });

  it("is never-used when reading was observed and no use was ever seen", () => {
    const use = statusOfSeat([viewed(null), contributed(null)], asOf, policy);

    assert.equal(use.status, "never-used");
    assert.equal(sayWhy(use.because), "No use seen, reading observed throughout (organization directory)");
  });

  it("is no-evidence when only writing was observed, however long it was silent", () => {
    const use = statusOfSeat([contributed(daysAgo(80))], asOf, policy);

    assert.equal(use.status, "no-evidence");
    assert.equal(sayWhy(use.because), "Writes last seen 2026-09-02 (content search), reading not observed");
  });

  it("is no-evidence when reading is observed for less than the whole time", () => {
    const use = statusOfSeat([viewed(null, { knownSince: daysAgo(59) })], asOf, policy);

    assert.equal(use.status, "no-evidence");
    assert.equal(sayWhy(use.because), "No use seen, reading observed only since 2026-09-23");
  });

  it("is no-evidence when reading was last observed longer ago than a source may be late", () => {
    assert.equal(statusOfSeat([viewed(null, { knownUntil: daysAgo(2.5) })], asOf, policy).status, "never-used");

    const use = statusOfSeat([viewed(null, { knownUntil: daysAgo(2.6) })], asOf, policy);

    assert.equal(use.status, "no-evidence");
    assert.equal(sayWhy(use.because), "No use seen, reading observed only until 2026-11-18");
  });

  it("is proven by the window of the site where nothing is known of the account itself", () => {
    const ofSite = viewed(null);

    assert.equal(statusOfSeat([contributed(daysAgo(80)), ofSite], asOf, policy).status, "idle");
  });

  it("has no evidence when nothing was collected at all", () => {
    assert.deepEqual(statusOfSeat([], asOf, policy), {
      status: "no-evidence",
      because: [{ code: "nothing-seen" }, { code: "reading-not-observed" }],
    });
  });
});
