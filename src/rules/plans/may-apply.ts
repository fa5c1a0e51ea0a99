import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";

/** What applying a plan depends on beside the plan. */
export interface ApplyFacts {
  at: Date;
  /** What whoever applies it says they have looked at. */
  hash: string;
  confirmCount: number | null;
  sites: readonly {
    name: string;
    mode: "observe" | "act";
    isServed: boolean;
    dataAsOf: Date | null;
  }[];
  /** By operators other than whoever applies it. */
  approvals: number;
  /** Those besides, which do not count for whoever applies it. */
  approvalsNotCounted: number;
  /** Seats that whoever applies it took within a day by plans that nobody else agreed to. */
  unapprovedToday: number;
  /** Seats that unattended plans of the same rule took within a day. */
  unattendedToday: number;
}

export type ApplyRefusalCode =
  | "plan-not-ready"
  | "plan-expired"
  | "stale-hash"
  | "nothing-to-do"
  | "wrong-count"
  | "observe-only"
  | "reclaim-not-served"
  | "data-too-old"
  | "blackout"
  | "approval-needed"
  | "over-day-limit";

export interface ApplyRefusal {
  code: ApplyRefusalCode;
  detail: string;
}

/** A plan that changes more seats than this is applied by typing their number (UX.md §8). */
export const TYPED_ABOVE = 10;
const HOUR_MS = 3_600_000;

/** Limits that say that something is wrong with what plans, and so pause the rule that made it. */
export const TRIPPING: readonly ApplyRefusalCode[] = ["data-too-old", "over-day-limit"];

/** Whether the plan may be applied now; what is first wrong with it else. */
export function mayApply(plan: Plan, facts: ApplyFacts): Result<void, ApplyRefusal> {
  return firstOf([
    checkPlan(plan, facts),
    checkSites(facts),
    plan.kind === "reclaim" ? checkLimits(plan, facts) : null,
  ]);
}

function firstOf(found: readonly (ApplyRefusal | null)[]): Result<void, ApplyRefusal> {
  const refusal = found.find((each) => each !== null);
  return refusal ? refuse(refusal) : ok(undefined);
}

function checkPlan(plan: Plan, { at, hash, confirmCount }: ApplyFacts): ApplyRefusal | null {
  const { seats } = plan.counts;
  if (plan.state === "expired" || (plan.state === "ready" && plan.expiresAt <= at)) {
    return say("plan-expired", `It could be applied until ${plan.expiresAt.toISOString()}. Make it anew.`);
  }
  if (plan.state !== "ready")
    return say("plan-not-ready", `It is ${plan.state}; only a plan that is ready is applied.`);
  if (hash !== plan.hash) return say("stale-hash", "This is not the plan that you looked at. Read it again.");
  if (seats === 0) return say("nothing-to-do", "Every seat of it is left out, so there is nothing to apply.");
  const needsCount = !plan.isUnattended && plan.kind === "reclaim" && seats > TYPED_ABOVE;
  if ((needsCount || confirmCount !== null) && confirmCount !== seats) {
    return say("wrong-count", `Confirm the number of seats that it changes: ${seats}.`);
  }
  return null;
}

function checkSites({ sites }: ApplyFacts): ApplyRefusal | null {
  const observed = sites.filter((each) => each.mode === "observe").map((each) => each.name);
  if (observed.length > 0)
    return say("observe-only", `Usher only observes ${observed.join(", ")}. Set it to Act first.`);
  const unserved = sites.filter((each) => !each.isServed).map((each) => each.name);
  if (unserved.length === 0) return null;
  return say(
    "reclaim-not-served",
    `No published connection with the capability "reclaim" serves ${unserved.join(", ")}. Switch it on in one.`,
  );
}

function checkLimits(plan: Plan, facts: ApplyFacts): ApplyRefusal | null {
  const { limits } = plan;
  const oldest = new Date(facts.at.getTime() - limits.dataHoursMax * HOUR_MS);
  const stale = facts.sites.filter(({ dataAsOf }) => dataAsOf === null || dataAsOf < oldest).map((each) => each.name);
  if (stale.length > 0) {
    const words = `Data of ${stale.join(", ")} is older than ${limits.dataHoursMax} hours. Sync first, then make the plan anew.`;
    return say("data-too-old", words);
  }
  const today = facts.at.toISOString().slice(0, 10);
  const blackout = limits.blackouts.find(({ from, until }) => from <= today && today <= until);
  if (blackout) {
    return say("blackout", `Nothing is taken from ${blackout.from} to ${blackout.until}: ${blackout.reason}`);
  }
  if (facts.approvals < plan.approvalsNeeded) {
    const words = `It changes ${plan.counts.seats} seats, so a second person approves it first: neither who made it nor who applies it.`;
    return say("approval-needed", facts.approvalsNotCounted > 0 ? `${words} ${NOT_COUNTED}` : words);
  }
  const byOneToday = facts.unapprovedToday + plan.counts.seats;
  const { secondPersonAbove = Infinity } = limits;
  if (!plan.isUnattended && facts.approvals === 0 && facts.unapprovedToday > 0 && byOneToday > secondPersonAbove) {
    const words = `You took ${facts.unapprovedToday} seats within a day that nobody else looked at, and with these it would be ${byOneToday}, so a second person approves it first.`;
    return say("approval-needed", words);
  }
  if (plan.isUnattended && facts.unattendedToday + plan.counts.seats > limits.perDay) {
    const words = `Unattended, at most ${limits.perDay} seats are taken in a day: ${facts.unattendedToday} were, and these are ${plan.counts.seats}.`;
    return say("over-day-limit", words);
  }
  return null;
}

const NOT_COUNTED =
  "You approved it, or one of you made the token by which the other comes, so let somebody else apply it, or approve it too.";

function say(code: ApplyRefusalCode, detail: string): ApplyRefusal {
  return { code, detail };
}
