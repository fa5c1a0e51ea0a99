import {
  SILENCE_BUCKETS,
  SIMULATED_OUTCOMES,
  type SilenceBucket,
  type SimulatedCount,
  type SimulatedOutcome,
} from "../../model/simulation.ts";

export interface Simulation {
  /** Seats of its sites, and guests. */
  seats: number;
  guests: number;
  outcomes: Record<SimulatedOutcome, number>;
  histogram: { bucket: SilenceBucket; seats: number; wouldTake: number }[];
}

/** Seats that would be taken, by site. */
export function takenBySite(counts: readonly SimulatedCount[]): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { outcome, isSeat, siteId, accounts } of counts) {
    if (outcome === "would-take" && isSeat) taken.set(siteId, (taken.get(siteId) ?? 0) + accounts);
  }
  return taken;
}

/** Adds up what the statement counted. */
export function summarizeSimulation(counts: readonly SimulatedCount[]): Simulation {
  const sum = (matching: (each: SimulatedCount) => boolean) =>
    counts.filter(matching).reduce((total, { accounts }) => total + accounts, 0);
  const outcomes = SIMULATED_OUTCOMES.map((each) => [each, sum(({ outcome }) => outcome === each)] as const);
  return {
    seats: sum(({ isSeat }) => isSeat),
    guests: sum(({ isSeat }) => !isSeat),
    outcomes: Object.fromEntries(outcomes) as Record<SimulatedOutcome, number>,
    histogram: SILENCE_BUCKETS.map((bucket) => ({
      bucket,
      seats: sum((each) => each.isSeat && each.bucket === bucket),
      wouldTake: sum((each) => each.isSeat && each.bucket === bucket && each.outcome === "would-take"),
    })),
  };
}
