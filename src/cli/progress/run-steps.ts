import type { z } from "zod";
import type { ListingTotals } from "../../api/runs.ts";
import type { StepProgress } from "./progress-line.ts";

type Totals = Pick<
  z.input<typeof ListingTotals>,
  "kind" | "listings" | "ended" | "complete" | "failed" | "notAllowed" | "rows"
>;

/** What a run reads, as people would say it, in the order in which it is told. */
const STEPS: readonly { label: string; kinds: readonly string[]; counts: "rows" | "listings" }[] = [
  { label: "People", kinds: ["accounts", "account-statuses", "organization-accounts"], counts: "rows" },
  { label: "Groups", kinds: ["groups", "organization-groups", "product-access", "group-by-id"], counts: "rows" },
  { label: "Members of groups", kinds: ["memberships", "groups-of-account", "group-nestings"], counts: "listings" },
  { label: "Spaces", kinds: ["spaces", "space-by-id"], counts: "rows" },
  {
    label: "Permissions of spaces",
    kinds: ["space-permissions", "space-roles", "role-assignments"],
    counts: "listings",
  },
  { label: "Activity", kinds: ["content-activity", "audit-activity"], counts: "rows" },
];

/** What comes after reading: closing what is gone, evidence, seats and their summaries. */
const FINISHING = "Seats and summaries";

/** When each step was first seen at work: a run's own clock counts all of its steps. */
export type StepStarts = Map<string, Date>;

/**
 * The step to show: the first that has not ended, for several are read at once. Listings are counted where there is one
 * for each group or space; else rows, of which nobody knows beforehand how many there are.
 */
export function currentStep(
  progress: readonly Totals[],
  starts: StepStarts,
  now: Date,
  waitingUntil: Date | null,
): StepProgress {
  const steps = STEPS.map(({ kinds, ...step }) => ({
    ...step,
    totals: sum(progress.filter(({ kind }) => kinds.includes(kind))),
  }))
    .concat(others(progress))
    .filter(({ totals }) => totals.listings > 0);
  for (const { label, totals } of steps) {
    if (!starts.has(label) && totals.rows + totals.ended > 0) starts.set(label, now);
  }
  const index = steps.findIndex(({ totals }) => totals.ended < totals.listings);
  const step = steps[index];
  const count = steps.length + 1;
  if (!step) {
    const isBegun = steps.length > 0;
    const label = isBegun ? FINISHING : "Starting";
    return { position: isBegun ? count : 1, steps: count, label, done: 0, total: null, tookMs: 0, waitingUntil };
  }
  const { label, totals, counts } = step;
  return {
    position: index + 1,
    steps: count,
    label,
    done: counts === "listings" ? totals.ended : totals.rows,
    total: counts === "listings" ? totals.listings : null,
    tookMs: now.getTime() - (starts.get(label) ?? now).getTime(),
    waitingUntil,
  };
}

/** A kind that has no name here yet is still told. */
function others(progress: readonly Totals[]): { label: string; counts: "rows" | "listings"; totals: Counts }[] {
  const known = new Set(STEPS.flatMap(({ kinds }) => kinds));
  const rest = progress.filter(({ kind }) => !known.has(kind));
  return [{ label: "Everything else", counts: "rows", totals: sum(rest) }];
}

type Counts = Pick<Totals, "listings" | "ended" | "rows">;

function sum(totals: readonly Totals[]): Counts {
  return {
    listings: totals.reduce((count, each) => count + each.listings, 0),
    ended: totals.reduce((count, each) => count + each.ended, 0),
    rows: totals.reduce((count, each) => count + each.rows, 0),
  };
}
