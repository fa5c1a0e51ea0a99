/**
 * What seats cost and what giving them back saves, reckoned a second time: slowly, day by day, in whole minor units, and
 * written from the rules alone, so that the product can be held against it. These are the rules as they are read here:
 *
 * 1. Time. Days are UTC. What happens on a day happens after its first instant, in the order given; a billing event stands
 *    on the first instant of its day, before anything else of that day. So what happens on a billing day is already of the
 *    new period, and "the number of users on the last day" is the number that the new period begins with.
 * 2. Holding. A seat is an account. `join` and `restore` make it held, `leave` and `reclaim` end that. To join twice or to
 *    leave unheld is an error of whoever made the story.
 * 3. Price. Bands are graduated: seat number n costs what its own band says, whatever the total is. The prices in force on
 *    the day of the billing event are those of the whole period, also of seats that come later. No price is divided: what
 *    comes in mid-period is billed for the whole of it (proration is left out).
 * 4. Monthly (maximum quantity). A period runs from billing day to billing day; a billing day past the end of a month is
 *    its last day. It is billed by the largest number held at any instant of it, the number at its start included, also
 *    between two events of one day. Who goes in mid-period lowers nothing before the next period.
 * 5. Annual. A period is a term, from one renewal to the next. Its quantity is fixed on its first instant: the smallest
 *    size on sale that holds everybody held then, or exactly that number where there are no sizes. Who comes later than
 *    that is not billed; as far as more are held than were bought the license is short.
 * 6. Data Center. As annual, but a size has one price for all of it (a tier), not one for each seat.
 * 7. Avoidable on a day, of a set of seats: what the next billing event would bill for all that are held at the end of that
 *    day, less what it would bill for the same without that set; at the prices of the next event's day. Seats of the set
 *    that are not held count nothing. Never more than what is bought next, so zero inside a tier.
 * 8. Realized at a billing event: of the seats reclaimed since the event before it, those that are not held at its instant,
 *    whoever else came or went. The amount is what this event would bill for the number held plus those seats, less what it
 *    does bill for the number held (its quantity at the start, not the maximum that a monthly period reaches later). Each
 *    reclaim is thus weighed at exactly one event, for one period; what is restored or joins anew before the event is
 *    worth nothing; a seat inside a tier is worth nothing, then or later.
 * 9. Fallen, beside it: by how much the bill of an event lies below the bill of the period before it, or zero. It tells
 *    whether the bill really went down, which newcomers can prevent although every reclaimed seat was saved.
 * 10. Position at the end of a day. Used is what is held. Owned is what the period in force has paid for: the quantity of
 *    the term, or, monthly, the maximum reached so far (a seat that is free again costs nothing more before the next
 *    event). Free and short are what owned lies above and below used; one of them is zero, and a month is never short.
 *    True-up is what a period would cost with enough bought for all, less what it costs with what is owned; over-licensed
 *    is what it costs with what is owned, less what it would cost with no more than is needed. Both at the prices of the
 *    period in force, and both zero where a size or tier holds either number.
 */

export interface PriceBand {
  /** The last seat of the band, or the size of the tier; null for every one after. */
  upTo: number | null;
  /** Of one seat for one period; of the whole tier for Data Center. */
  priceMinor: number;
}

export interface ReferenceLicense {
  metric: "monthly" | "annual" | "data-center";
  /** Day of the month, 1 to 31; for monthly licenses. */
  billingDay: number;
  /** Days on which terms begin, the earliest first; for the other two. */
  renewals: readonly string[];
  /** What can be bought, the smallest first; empty for any number. */
  sizes: readonly number[];
  /** From a day on, the earliest first. */
  prices: readonly { from: string; bands: readonly PriceBand[] }[];
}

export interface SeatEvent {
  day: string;
  kind: "join" | "leave" | "reclaim" | "restore";
  seat: string;
}

export interface SeatStory {
  /** The first day; a period begins on it, whatever the billing day is. */
  from: string;
  /** The day after the last one. */
  until: string;
  /** Held at the first instant. */
  held: readonly string[];
  /** In order. */
  events: readonly SeatEvent[];
}

export interface ReferencePeriod {
  from: string;
  /** The first day of the next one, or the day after the story. */
  until: string;
  heldAtStart: number;
  /** The largest number held at any instant so far. */
  highest: number;
  billedQuantity: number;
  billedMinor: number;
  /** Seats held past what was bought, at the worst instant; zero for monthly licenses. */
  short: number;
  /** In the order in which they were reclaimed. */
  realizedSeats: string[];
  realizedMinor: number;
  fallenMinor: number;
}

export interface ReferenceDay {
  day: string;
  /** At its end. */
  held: readonly string[];
  highest: number;
}

export interface Reckoning {
  periods: ReferencePeriod[];
  days: ReferenceDay[];
}

export function reckon(license: ReferenceLicense, story: SeatStory): Reckoning {
  const held = new Set(story.held);
  const days: ReferenceDay[] = [];
  let reclaimed: string[] = [];
  let period = openPeriod(license, story.from, held, [], 0);
  const periods = [period];

  for (let day = story.from; day < story.until; day = nextDay(day)) {
    if (day > story.from && isBillingEvent(license, day)) {
      period.until = day;
      period = openPeriod(license, day, held, reclaimed, period.billedMinor);
      periods.push(period);
      reclaimed = [];
    }
    let highest = held.size;
    for (const event of story.events) {
      if (event.day !== day) continue;
      happen(event, held);
      reclaimed = reclaimed.filter((each) => each !== event.seat);
      if (event.kind === "reclaim") reclaimed.push(event.seat);
      highest = Math.max(highest, held.size);
    }
    raise(license, period, highest);
    days.push({ day, held: [...held].sort(), highest });
  }
  period.until = story.until;
  return { periods, days };
}

/** Rule 7. Null where no billing event is known after the day. */
export function avoidable(
  license: ReferenceLicense,
  { day, held }: ReferenceDay,
  seats: readonly string[],
): { event: string; amountMinor: number } | null {
  const event = nextBillingEvent(license, day);
  if (event === null) return null;
  const without = held.filter((each) => !seats.includes(each)).length;
  const [now, then] = [held.length, without].map((count) => bill(license, event, quantityFor(license, count)));
  return { event, amountMinor: (now ?? 0) - (then ?? 0) };
}

export interface ReferencePosition {
  owned: number;
  used: number;
  free: number;
  short: number;
  trueUpMinor: number;
  overLicensedMinor: number;
}

/** Rule 10. */
export function position(license: ReferenceLicense, { periods, days }: Reckoning, day: string): ReferencePosition {
  const period = periods.find((each) => each.from <= day && day < each.until);
  const used = days.find((each) => each.day === day)?.held.length;
  if (!period || used === undefined) throw new Error(`The story does not tell of ${day}.`);
  const reached = days.filter((each) => each.day >= period.from && each.day <= day).map((each) => each.highest);
  const isMonthly = license.metric === "monthly";
  const owned = isMonthly ? Math.max(period.heldAtStart, ...reached) : period.billedQuantity;
  const costs = (quantity: number) => bill(license, period.from, quantity);
  const difference = costs(quantityFor(license, used)) - costs(owned);
  return {
    owned,
    used,
    free: Math.max(owned - used, 0),
    short: Math.max(used - owned, 0),
    trueUpMinor: Math.max(difference, 0),
    overLicensedMinor: Math.max(-difference, 0),
  };
}

/** What a quantity costs for a period that begins on `day`. */
export function bill(license: ReferenceLicense, day: string, quantity: number): number {
  const bands = license.prices.findLast((each) => each.from <= day)?.bands;
  if (!bands) throw new Error(`No price is known on ${day}.`);
  if (license.metric === "data-center") return bandOf(bands, quantity).priceMinor;
  let total = 0;
  for (let seat = 1; seat <= quantity; seat++) total += bandOf(bands, seat).priceMinor;
  return total;
}

/** What is bought for so many people. */
export function quantityFor({ metric, sizes }: ReferenceLicense, count: number): number {
  if (metric === "monthly" || sizes.length === 0) return count;
  const found = sizes.find((each) => each >= count);
  if (found === undefined) throw new Error(`No size holds ${count}.`);
  return found;
}

export function isBillingEvent({ metric, billingDay, renewals }: ReferenceLicense, day: string): boolean {
  if (metric !== "monthly") return renewals.includes(day);
  const dayOfMonth = Number(day.slice(8));
  const isLastOfMonth = nextDay(day).endsWith("-01");
  return dayOfMonth === billingDay || (isLastOfMonth && dayOfMonth < billingDay);
}

/** The first one after the day. */
export function nextBillingEvent(license: ReferenceLicense, day: string): string | null {
  if (license.metric !== "monthly") return license.renewals.find((each) => each > day) ?? null;
  let next = nextDay(day);
  while (!isBillingEvent(license, next)) next = nextDay(next);
  return next;
}

export function nextDay(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}

function openPeriod(
  license: ReferenceLicense,
  from: string,
  held: ReadonlySet<string>,
  reclaimed: readonly string[],
  billedBefore: number,
): ReferencePeriod {
  const realizedSeats = reclaimed.filter((each) => !held.has(each));
  const costs = (count: number) => bill(license, from, quantityFor(license, count));
  const billedMinor = costs(held.size);
  return {
    from,
    until: from,
    heldAtStart: held.size,
    highest: held.size,
    billedQuantity: quantityFor(license, held.size),
    billedMinor,
    short: 0,
    realizedSeats,
    realizedMinor: costs(held.size + realizedSeats.length) - billedMinor,
    fallenMinor: Math.max(billedBefore - billedMinor, 0),
  };
}

/** Rules 4 to 6: a day's largest number raises a month's bill, and makes a term short. */
function raise(license: ReferenceLicense, period: ReferencePeriod, highest: number): void {
  period.highest = Math.max(period.highest, highest);
  if (license.metric === "monthly") {
    period.billedQuantity = period.highest;
    period.billedMinor = bill(license, period.from, period.highest);
  } else {
    period.short = Math.max(period.highest - period.billedQuantity, 0);
  }
}

function happen({ day, kind, seat }: SeatEvent, held: Set<string>): void {
  const begins = kind === "join" || kind === "restore";
  if (held.has(seat) === begins) throw new Error(`On ${day} ${seat} cannot ${kind}.`);
  if (begins) held.add(seat);
  else held.delete(seat);
}

function bandOf(bands: readonly PriceBand[], seat: number): PriceBand {
  const found = bands.find((each) => each.upTo === null || seat <= each.upTo);
  if (!found) throw new Error(`No price band holds ${seat}.`);
  return found;
}
