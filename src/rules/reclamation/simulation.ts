import type { SavingDate, SeatCost } from "../../model/money.ts";
import {
  SILENCE_BUCKETS,
  SIMULATED_OUTCOMES,
  type SilenceBucket,
  type SimulatedCount,
  type SimulatedOutcome,
} from "../../model/simulation.ts";

/** What seats of one currency and of one date of saving would save in a month. */
export interface SimulatedSaving {
  currency: string;
  monthMinor: number;
  seats: number;
  saving: SavingDate;
}

export interface Simulation {
  /** Seats of its sites, and guests. */
  seats: number;
  guests: number;
  outcomes: Record<SimulatedOutcome, number>;
  savings: SimulatedSaving[];
  /** Seats that would be taken, but whose price nobody knows. */
  withoutPrice: number;
  histogram: { bucket: SilenceBucket; seats: number; wouldTake: number }[];
}

/** Adds up what the statement counted. Each seat saves the price of one seat less at its site today. */
export function summarizeSimulation(
  counts: readonly SimulatedCount[],
  costs: ReadonlyMap<string, SeatCost>,
): Simulation {
  const sum = (matching: (each: SimulatedCount) => boolean) =>
    counts.filter(matching).reduce((total, { accounts }) => total + accounts, 0);
  const takenOf = Map.groupBy(
    counts.filter(({ outcome, isSeat }) => outcome === "would-take" && isSeat),
    ({ siteId }) => siteId,
  );
  const savings = new Map<string, SimulatedSaving>();
  let withoutPrice = 0;
  for (const [siteId, taken] of takenOf) {
    const seats = taken.reduce((total, { accounts }) => total + accounts, 0);
    const cost = costs.get(siteId);
    if (!cost || cost.monthMinor === null || cost.currency === null) {
      withoutPrice += seats;
      continue;
    }
    const key = `${cost.currency}/${cost.saving.kind}/${cost.saving.from?.toISOString()}`;
    const known = savings.get(key) ?? { currency: cost.currency, monthMinor: 0, seats: 0, saving: cost.saving };
    const monthMinor = known.monthMinor + cost.monthMinor * seats;
    savings.set(key, { ...known, monthMinor, seats: known.seats + seats });
  }
  const outcomes = SIMULATED_OUTCOMES.map((each) => [each, sum(({ outcome }) => outcome === each)] as const);
  return {
    seats: sum(({ isSeat }) => isSeat),
    guests: sum(({ isSeat }) => !isSeat),
    outcomes: Object.fromEntries(outcomes) as Record<SimulatedOutcome, number>,
    savings: [...savings.values()],
    withoutPrice,
    histogram: SILENCE_BUCKETS.map((bucket) => ({
      bucket,
      seats: sum((each) => each.isSeat && each.bucket === bucket),
      wouldTake: sum((each) => each.isSeat && each.bucket === bucket && each.outcome === "would-take"),
    })),
  };
}
