import { addDays, type Day, daysBetween } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import { capacityOf, priceOf } from "./price.ts";

/** The most seats held at once on each day, oldest first, without a gap. */
export interface Demand {
  from: Day;
  /** The first day after. */
  until: Day;
  seats: readonly number[];
}

export interface DayChange {
  day: Day;
  net: number;
  highest: number;
}

/** Demand of every day of a span from what came and went, by what is held at its end. */
export function demandOf(changes: readonly DayChange[], { from, until, heldNow }: Span): Demand {
  const byDay = new Map(changes.map((each) => [each.day, each]));
  let held = heldNow - changes.reduce((sum, { net }) => sum + net, 0);
  const seats: number[] = [];
  for (let day = from; day < until; day = addDays(day, 1)) {
    const { net = 0, highest = 0 } = byDay.get(day) ?? {};
    seats.push(held + Math.max(0, highest));
    held += net;
  }
  return { from, until, seats };
}

interface Span {
  from: Day;
  until: Day;
  heldNow: number;
}

export interface RenewalForecast {
  seats: number;
  /** Of one period; null: a price is not known. */
  costMinor: number | null;
  /** Less than what is paid now; negative: more. */
  savesMinor: number | null;
  /** What may be held without buying more: of a tier all that it holds. */
  capacity: number | null;
  /** Days of a year on which more were held, if the next is like what is known. */
  daysShort: number;
  /** On the worst of them, so many more. */
  shortMost: number;
}

export interface DemandFigures {
  from: Day;
  until: Day;
  days: number;
  p50: number;
  p95: number;
  max: number;
}

const DAYS_OF_A_YEAR = 365;

export function figuresOf({ from, until, seats }: Demand): DemandFigures {
  const sorted = seats.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { from, until, days: daysBetween(from, until), p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

/** What a renewal for so many seats would cost, and how often they would not be enough by past demand. */
export function forecastRenewal(
  { pricing }: Pick<License, "pricing">,
  demand: Demand,
  seats: number,
  paidMinor: number | null,
): RenewalForecast {
  const costMinor = priceOf(pricing, seats);
  const capacity = capacityOf(pricing, seats);
  const above = capacity === null ? [] : demand.seats.filter((each) => each > capacity);
  const days = Math.max(1, demand.seats.length);
  return {
    seats,
    costMinor,
    savesMinor: costMinor === null || paidMinor === null ? null : paidMinor - costMinor,
    capacity,
    daysShort: Math.round((above.length * DAYS_OF_A_YEAR) / days),
    shortMost: capacity === null ? 0 : Math.max(0, ...above.map((each) => each - capacity)),
  };
}
