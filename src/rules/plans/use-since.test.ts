import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unusedSince } from "./use-since.ts";

const GRANTED = new Date("2026-01-10T00:00:00Z");
const LAST_USED = new Date("2026-08-01T09:30:00Z");
const ANSWERED = new Date("2026-11-18T08:00:00Z");
const PLANNED = new Date("2026-11-21T12:00:00Z");
const candidate = { ruleId: "reclamation_1", lastUsedAt: LAST_USED, answer: null, answeredAt: null };

describe("unusedSince", () => {
  const known = { plannedAt: PLANNED, grantedAt: GRANTED, candidate };

  it("is the last use that the rule judged by", () => {
    assert.equal(unusedSince(known), LAST_USED);
  });

  it("is the grant of a seat that the rule took for never used, so that any use speaks against taking it", () => {
    const use = {
      ...known,
      lastUseAt: new Date("2026-11-20T17:00:00Z"),
      candidate: { ...candidate, lastUsedAt: null },
    };

    assert.equal(unusedSince(use), GRANTED);
  });

  it("is the answer of whoever gave it back, and the plan of a person who chose the seat", () => {
    assert.equal(
      unusedSince({ ...known, candidate: { ...candidate, answer: "give-back", answeredAt: ANSWERED } }),
      ANSWERED,
    );
    assert.equal(unusedSince({ ...known, candidate: null }), PLANNED);
  });
});
