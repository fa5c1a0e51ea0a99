import type { Pricing } from "../../model/licenses.ts";

/** What so many seats cost for one period, in minor units; null beyond the last step, whose price nobody entered. */
export function priceOf(pricing: Pricing, seats: number): number | null {
  return pricing.kind === "bands" ? priceOfBands(pricing, seats) : priceOfTier(pricing, seats);
}

/** Graduated: the seats of each band at the price of that band. */
function priceOfBands({ steps }: Pricing, seats: number): number | null {
  let below = 0;
  let sum = 0;
  for (const { upTo, priceMinor } of steps) {
    if (below >= seats) break;
    const last = upTo === null ? seats : Math.min(upTo, seats);
    sum += (last - below) * priceMinor;
    below = last;
  }
  return below >= seats ? sum : null;
}

/** The smallest tier that holds them; also of nobody, for there is no smaller one to buy. */
function priceOfTier({ steps }: Pricing, seats: number): number | null {
  return steps.find(({ upTo }) => upTo === null || seats <= upTo)?.priceMinor ?? null;
}

/** What `more` seats above `seats` add to the price of a period; of one: the next seat, never an average. */
export function costOfMore(pricing: Pricing, seats: number, more = 1): number | null {
  return difference(priceOf(pricing, seats + more), priceOf(pricing, seats));
}

/** What `fewer` seats less than `seats` take off the price of a period: whole bands and tiers, never an average. */
export function savingOf(pricing: Pricing, seats: number, fewer = 1): number | null {
  return difference(priceOf(pricing, seats), priceOf(pricing, Math.max(0, seats - fewer)));
}

function difference(larger: number | null, smaller: number | null): number | null {
  return larger === null || smaller === null ? null : larger - smaller;
}

/** How many users a tier holds that is bought for `seats`; of bands, as many as are bought. Null: no end. */
export function capacityOf({ kind, steps }: Pricing, seats: number): number | null {
  if (kind === "bands") return seats;
  const tier = steps.find(({ upTo }) => upTo === null || seats <= upTo);
  return tier === undefined ? seats : tier.upTo;
}

export interface LowerTier {
  upTo: number;
  /** So many seats have to go until it is reached. */
  after: number;
  /** What it takes off the price of a period. */
  savesMinor: number;
}

/** The next tier below; null where there is none, and of bands, which have a price for every seat. */
export function lowerTier({ kind, steps }: Pricing, seats: number): LowerTier | null {
  if (kind === "bands") return null;
  const place = steps.findIndex(({ upTo }) => upTo === null || seats <= upTo);
  const [held, lower] = [steps[place], steps[place - 1]];
  if (!held || !lower || lower.upTo === null) return null;
  return { upTo: lower.upTo, after: seats - lower.upTo, savesMinor: held.priceMinor - lower.priceMinor };
}

/**
 * Shares of an amount by weight that sum up to it exactly: each gets its whole part, and the units that remain go to the
 * largest remainders, the first of equals. A price times a weight passes what a number holds exactly, so whole numbers of
 * any size are counted in.
 */
export function allocated(amountMinor: number, weights: readonly number[]): number[] {
  const all = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
  if (all === 0n) return weights.map(() => 0);
  const exact = weights.map((weight, index) => {
    const product = BigInt(amountMinor) * BigInt(weight);
    return { index, share: product / all, remainder: product % all };
  });
  const left = Number(BigInt(amountMinor) - exact.reduce((sum, { share }) => sum + share, 0n));
  const raised = new Set(
    exact
      .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return exact.map(({ index, share }) => Number(share) + (raised.has(index) ? 1 : 0));
}
