import type { SeatCount } from "../world/seat-count.ts";

const DAY_MS = 86_400_000;

/** One day in UTC, from midnight to midnight. */
export interface BillingDay {
  day: string;
  /** At its end, or now for the day that is not over. */
  seats: number;
  /** The most at any instant of it. */
  highest: number;
}

/**
 * One month from billing day to billing day. A monthly subscription is billed by `highest`, the largest number at any
 * instant; the next one begins with `seatsAtEnd` (FACTS §0.6). Proration of what came in mid-period is left out.
 */
export interface BillingPeriod {
  /** The first day, and the first of the next period. */
  from: string;
  until: string;
  seatsAtStart: number;
  highest: number;
  seatsAtEnd: number;
  /** A period that is not over may still rise. */
  isOver: boolean;
}

export interface BillingTruth {
  days: BillingDay[];
  periods: BillingPeriod[];
}

/**
 * How many seats were paid for, from when the counts begin until now. Instants in epoch milliseconds. A billing day past
 * the end of a month is its last day.
 */
export function billingTruth(counts: readonly SeatCount[], now: number, billingDay: number): BillingTruth {
  const begin = counts[0]?.at ?? now;
  const days: BillingDay[] = [];
  for (let day = midnight(begin); day <= now; day += DAY_MS)
    days.push({
      day: dayOf(day),
      seats: seatsAt(counts, day + DAY_MS - 1),
      highest: highest(counts, day, day + DAY_MS),
    });

  const periods: BillingPeriod[] = [];
  for (let from = periodOf(begin, billingDay); from <= now;) {
    const until = periodOf(from + 32 * DAY_MS, billingDay);
    const isOver = until <= now;
    periods.push({
      from: dayOf(from),
      until: dayOf(until),
      seatsAtStart: seatsAt(counts, from),
      highest: highest(counts, from, until),
      seatsAtEnd: seatsAt(counts, until - 1),
      isOver,
    });
    from = until;
  }
  return { days, periods };
}

/** Before the counts begin it is their first. */
function seatsAt(counts: readonly SeatCount[], at: number): number {
  return counts.findLast((each) => each.at <= at)?.seats ?? counts[0]?.seats ?? 0;
}

/** `until` is no part of it. */
function highest(counts: readonly SeatCount[], from: number, until: number): number {
  const within = counts.filter((each) => each.at >= from && each.at < until).map((each) => each.seats);
  return Math.max(seatsAt(counts, from), ...within);
}

/** The start of the period that an instant is in. */
function periodOf(at: number, billingDay: number): number {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const inMonth = billingInstant(year, month, billingDay);
  return inMonth <= at ? inMonth : billingInstant(year, month - 1, billingDay);
}

function billingInstant(year: number, month: number, billingDay: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(billingDay, lastDay));
}

const midnight = (at: number) => at - (at % DAY_MS);
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
