import { type Day, daysBetween } from "../../lib/day.ts";
import type { Pricing } from "../../model/licenses.ts";
import type { Cycle } from "./calendar.ts";
import { costOfMore, priceOf, prorated } from "./price.ts";

/** The most seats that were held at once on a day. */
export interface DayDemand {
  day: Day;
  seats: number;
}

export interface Addition {
  day: Day;
  /** Billed before, and from that day on. */
  from: number;
  to: number;
  /** The rest of the cycle of what they add to its price. */
  amountMinor: number;
}

export interface CycleBill {
  /** Seats billed from the begin, and the most within the cycle. */
  startSeats: number;
  peakSeats: number;
  /** Invoiced at the begin. */
  baseMinor: number;
  /** Invoiced with the next cycle's. */
  additions: Addition[];
  totalMinor: number;
}

/**
 * What a monthly cycle costs by maximum-quantity billing: the seats at its begin, and each rise above the most so far for
 * the days that remain, that day included. A seat given back gives no credit, and taken again within the cycle it costs
 * nothing more. Null where a price is not known.
 */
export function billOfCycle(
  pricing: Pricing,
  cycle: Cycle,
  startSeats: number,
  demand: readonly DayDemand[],
): CycleBill | null {
  const baseMinor = priceOf(pricing, startSeats);
  if (baseMinor === null) return null;
  const ofDays = daysBetween(cycle.from, cycle.to);
  const additions: Addition[] = [];
  let peakSeats = startSeats;
  for (const { day, seats } of demand) {
    if (day < cycle.from || day >= cycle.to || seats <= peakSeats) continue;
    const rise = costOfMore(pricing, peakSeats, seats - peakSeats);
    if (rise === null) return null;
    additions.push({
      day,
      from: peakSeats,
      to: seats,
      amountMinor: prorated(rise, daysBetween(day, cycle.to), ofDays),
    });
    peakSeats = seats;
  }
  const totalMinor = additions.reduce((sum, { amountMinor }) => sum + amountMinor, baseMinor);
  return { startSeats, peakSeats, baseMinor, additions, totalMinor };
}

/**
 * What each of `reclaimed` seats took off a bill for `billed` seats: without any of them it would have been for so many
 * more. The first is worth what the bill for one more would add, the next what the one after that would; together exactly
 * the difference of the two bills.
 */
export function realizedByEach(pricing: Pricing, billed: number, reclaimed: number): (number | null)[] {
  return Array.from({ length: reclaimed }, (_, index) => costOfMore(pricing, billed + index));
}

/**
 * Of `reclaimed` seats those that a renewal from one quantity to another really took off: no more than it went down by. Of
 * a tier, quantities are what it holds.
 */
export function realizedSeats(reclaimed: number, from: number, to: number): number {
  return Math.min(reclaimed, Math.max(0, from - to));
}
