import type { PlanLimits, PlanPause, PlanState } from "../../model/plans.ts";

/** How far a plan under way is. Rows that were left out when it was made are not counted. */
export interface PlanProgress {
  seats: number;
  executing: number;
  failed: number;
  unverified: number;
  /** Left out after it was applied. */
  leftOut: number;
  /** Failures that a person saw before resuming it. */
  failuresSeen: number;
  /** Of the first batch, while it is tried: rows under way, and those that failed; null: there is none. */
  canary: { executing: number; failed: number } | null;
}

export type PlanStep =
  | { kind: "go-on" }
  | { kind: "finish"; state: Extract<PlanState, "applied" | "partial"> }
  | { kind: "pause"; by: PlanPause["by"]; message: string }
  /** The first batch went well: the others follow. */
  | { kind: "end-canary" };

/** What becomes of a plan after some of its seats were changed. */
export function nextStep(progress: PlanProgress, limits: Pick<PlanLimits, "failurePercentMax">): PlanStep {
  const { seats, executing, canary } = progress;
  const failures = progress.failed + progress.unverified;
  if (executing === 0) {
    return { kind: "finish", state: failures + progress.leftOut === 0 ? "applied" : "partial" };
  }
  if (canary && canary.failed > 0 && failures > progress.failuresSeen) {
    const message = `${canary.failed} of the first batch could not be changed, so the others wait.`;
    return { kind: "pause", by: "canary", message };
  }
  const unseen = failures - progress.failuresSeen;
  if (unseen > 0 && unseen * 100 > limits.failurePercentMax * seats) {
    const message = `${unseen} of ${seats} seats could not be changed, which is more than ${limits.failurePercentMax} %.`;
    return { kind: "pause", by: "failures", message };
  }
  return canary?.executing === 0 ? { kind: "end-canary" } : { kind: "go-on" };
}
