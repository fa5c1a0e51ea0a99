import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Capability, Probe } from "../model/connections.ts";
import { judgeExpiry, judgeSite } from "./connection-health.ts";

const ALL: Capability[] = ["roster", "activity", "permissions"];

function probe(capability: Capability, outcome: Probe["outcome"], name = `Try ${capability}`): Probe {
  const fix = outcome === "passed" ? null : "Do this.";
  return { name, capability, outcome, detail: "That was seen.", fix, tookMs: 1, checkedAt: new Date(0) };
}

describe("what the probes of a site say", () => {
  it("is connected when everything passed or only warned", () => {
    const verdict = judgeSite(ALL, [
      probe("roster", "passed"),
      probe("activity", "warning"),
      probe("permissions", "passed"),
      probe("permissions", "not-checked"),
    ]);

    assert.deepEqual(verdict, { isUsable: true, failed: [], health: "connected", healthDetail: null });
  });

  it("is degraded by a capability that failed, and tells the first one", () => {
    const verdict = judgeSite(ALL, [
      probe("roster", "passed"),
      probe("permissions", "failed", "Permissions of a space"),
      probe("activity", "failed", "Content search"),
    ]);

    assert.equal(verdict.isUsable, true);
    assert.deepEqual(verdict.failed, ["activity", "permissions"]);
    assert.equal(verdict.health, "degraded");
    assert.deepEqual(verdict.healthDetail, {
      capability: "activity",
      reason: "Content search: That was seen.",
      fix: "Do this.",
    });
  });

  it("is not connected without a roster, whatever else works", () => {
    const verdict = judgeSite(ALL, [probe("roster", "failed"), probe("activity", "passed")]);

    assert.equal(verdict.isUsable, false);
    assert.equal(verdict.health, "not-connected");
    assert.equal(verdict.healthDetail?.capability, "roster");
  });

  it("is not connected while nothing was seen", () => {
    assert.equal(judgeSite(ALL, [probe("roster", "not-checked")]).health, "not-connected");
    assert.equal(judgeSite(ALL, []).isUsable, false);
  });

  it("is degraded where seats cannot be taken any more, and says so", () => {
    const verdict = judgeSite(["roster", "reclaim"], [probe("roster", "passed"), probe("reclaim", "failed")]);

    assert.deepEqual([verdict.health, verdict.healthDetail?.capability], ["degraded", "reclaim"]);
  });

  it("leaves out what is switched off", () => {
    const verdict = judgeSite(["roster"], [probe("roster", "passed"), probe("activity", "failed")]);

    assert.equal(verdict.health, "connected");
  });
});

describe("the end of a credential", () => {
  const AT = new Date("2026-11-21T12:00:00Z");
  const judge = (day: string | null) =>
    judgeExpiry({ label: "Petra's token", expiresAt: day === null ? null : new Date(`${day}T12:00:00Z`) }, AT);

  it("is warned of from 30 days before, and goes on being told afterwards", () => {
    assert.equal(judge(null), null);
    assert.equal(judge("2026-12-22"), null);
    assert.match(judge("2026-12-21")?.detail ?? "", /"Petra's token" ends on 2026-12-21/);
    assert.match(judge("2026-11-20")?.detail ?? "", /should have ended on 2026-11-20/);
    assert.equal(judge("2026-11-20")?.outcome, "warning");
  });
});
