import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { progressLine, type StepProgress } from "./progress-line.ts";

const STEP: StepProgress = {
  position: 2,
  steps: 6,
  label: "Spaces and permissions",
  done: 121,
  total: 214,
  tookMs: 60_500,
  waitingUntil: null,
};

describe("a progress line", () => {
  it("tells step, count, share, pace and what is left", () => {
    assert.equal(progressLine(STEP), "[2/6] Spaces and permissions  121/214  56%  2/s  about 47 s");
  });

  it("tells no pace before it is known", () => {
    assert.equal(progressLine({ ...STEP, tookMs: 500 }), "[2/6] Spaces and permissions  121/214  56%");
  });

  it("counts on where nobody knows the total", () => {
    assert.equal(progressLine({ ...STEP, total: null, done: 18_240 }), "[2/6] Spaces and permissions  18,240  301/s");
  });

  it("shows the clock while the source asked to slow down", () => {
    const waitingUntil = new Date("2026-11-21T14:05:24Z");

    assert.equal(
      progressLine({ ...STEP, waitingUntil }, "UTC"),
      "[2/6] Spaces and permissions  121/214  56%  asked to slow down, resumes at 14:05:24",
    );
  });
});
