import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { currentStep } from "./run-steps.ts";

const NOW = new Date("2026-11-21T14:00:00Z");

function totals(kind: string, listings: number, ended: number, rows: number) {
  return { kind, listings, ended, complete: ended, failed: 0, notAllowed: 0, rows };
}

function shown(...progress: ReturnType<typeof totals>[]) {
  const { position, steps, label, done, total } = currentStep(progress, new Map(), NOW, null);
  return { position, steps, label, done, total };
}

describe("the step of a run", () => {
  it("is the first that has not ended, though later ones are read at the same time", () => {
    const step = shown(
      totals("accounts", 1, 1, 900),
      totals("memberships", 300, 120, 4000),
      totals("spaces", 1, 1, 214),
    );

    assert.deepEqual(step, { position: 2, steps: 4, label: "Members of groups", done: 120, total: 300 });
  });

  it("counts rows where a listing is read to its end, as nobody knows how many there are", () => {
    const step = shown(totals("accounts", 1, 0, 2911), totals("account-statuses", 20, 3, 270));

    assert.deepEqual(step, { position: 1, steps: 2, label: "People", done: 3181, total: null });
  });

  it("is the work after reading once everything was read", () => {
    const step = shown(totals("accounts", 1, 1, 900), totals("groups", 1, 1, 20));

    assert.deepEqual(step, { position: 3, steps: 3, label: "Seats and summaries", done: 0, total: null });
  });

  it("tells a kind it has no name for", () => {
    const step = shown(totals("audit-records", 1, 0, 18_240));

    assert.deepEqual(step, { position: 1, steps: 2, label: "Everything else", done: 18_240, total: null });
  });

  it("counts its time from when it was first seen at work", () => {
    const starts = new Map<string, Date>();
    const progress = [totals("accounts", 1, 0, 10)];

    currentStep(progress, starts, NOW, null);
    const later = currentStep(progress, starts, new Date(NOW.getTime() + 4_000), null);

    assert.equal(later.tookMs, 4_000);
  });
});
