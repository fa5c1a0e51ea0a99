import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isOfStep, matching } from "./log-lines.ts";

describe("lines of a run's log", () => {
  it("belong to the step that they name by kind or by a listing of it", () => {
    assert.ok(isOfStep({ event: "second-look.failed", data: { kind: "memberships" } }, "memberships"));
    assert.ok(isOfStep({ event: "listing.complete", data: { key: "memberships/group_1" } }, "memberships"));
    assert.ok(isOfStep({ event: "safeguard.held", data: { kinds: { groups: {} } } }, "groups"));
    assert.ok(!isOfStep({ event: "listing.complete", data: { key: "groups" } }, "group-nestings"));
    assert.ok(!isOfStep({ event: "progress", data: { kinds: { groups: {} } } }, "groups"));
  });

  it("match by their words or their event, whatever the case", () => {
    const line = { event: "rate-limited", message: "Waiting for the hourly quota." };

    assert.ok(matching(line, "HOURLY"));
    assert.ok(matching(line, "rate-"));
    assert.ok(!matching(line, "groups"));
  });
});
