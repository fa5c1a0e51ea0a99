import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextStep, type PlanProgress } from "./progress.ts";

const UNDER_WAY: PlanProgress = {
  seats: 100,
  executing: 50,
  failed: 0,
  unverified: 0,
  leftOut: 0,
  failuresSeen: 0,
  canary: null,
};
const LIMITS = { failurePercentMax: 10 };
const stepOf = (fields: Partial<PlanProgress>) => nextStep({ ...UNDER_WAY, ...fields }, LIMITS);

describe("nextStep", () => {
  it("ends as applied only when every seat was changed", () => {
    assert.deepEqual(stepOf({ executing: 0 }), { kind: "finish", state: "applied" });
    assert.deepEqual(stepOf({ executing: 0, failed: 1 }), { kind: "finish", state: "partial" });
    assert.deepEqual(stepOf({ executing: 0, unverified: 1 }), { kind: "finish", state: "partial" });
    assert.deepEqual(stepOf({ executing: 0, leftOut: 1 }), { kind: "finish", state: "partial" });
  });

  it("pauses above the share of failures, not at it", () => {
    assert.equal(stepOf({ failed: 10 }).kind, "go-on");
    assert.equal(stepOf({ failed: 8, unverified: 3 }).kind, "pause");
  });

  it("does not pause again for failures that a person saw", () => {
    assert.equal(stepOf({ failed: 11, failuresSeen: 11 }).kind, "go-on");
    assert.equal(stepOf({ failed: 22, failuresSeen: 11 }).kind, "pause");
  });

  it("lets the others follow when the first batch went well, and waits when it did not", () => {
    assert.equal(stepOf({ canary: { executing: 1, failed: 0 } }).kind, "go-on");
    assert.equal(stepOf({ canary: { executing: 0, failed: 0 } }).kind, "end-canary");
    assert.equal(stepOf({ failed: 1, canary: { executing: 0, failed: 1 } }).kind, "pause");
  });
});
