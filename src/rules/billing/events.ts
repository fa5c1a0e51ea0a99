import { addMonths, addDays, type Day, daysBetween } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import { heldUntil, monthlyCycle } from "./calendar.ts";

/** A day on which a license was billed anew, and the one before. */
export interface BillingEvent {
  on: Day;
  since: Day;
}

/**
 * The billing events of a license after the day up to which it is settled, up to and including `today`, oldest first. A
 * year has one at most: its renewal makes other terms, of which one is asked again.
 */
export function dueEvents(license: License, today: Day): BillingEvent[] {
  if (license.metric !== "monthly-seats") return dueRenewal(license, today);
  const until = heldUntil(license);
  const events: BillingEvent[] = [];
  for (
    let cycle = monthlyCycle(license, license.settledTo);
    cycle.to <= today;
    cycle = monthlyCycle(license, cycle.to)
  ) {
    if (until !== null && cycle.to >= until) break;
    if (cycle.to > license.termStart) events.push({ on: cycle.to, since: cycle.from });
  }
  return events;
}

function dueRenewal(license: License, today: Day): BillingEvent[] {
  const on = license.renewalOn ?? license.termEnd;
  const until = heldUntil(license);
  if (!license.autoRenew || on === null || on > today || (until !== null && on >= until)) return [];
  return [{ on, since: license.termStart }];
}

const DAYS_OF_A_YEAR = 365.25;

/** What a license says once it has renewed itself: another term as long as the last, for what was agreed. */
export function renewed(license: License, on: Day): License {
  const moved = (day: Day | null) => (day === null ? null : laterBy(license, on, day));
  const { renewalQuantity, quantity } = license;
  return {
    ...license,
    termStart: on,
    termEnd: moved(license.termEnd) ?? null,
    renewalOn: moved(license.renewalOn),
    noticeOn: moved(license.noticeOn),
    quantity: renewalQuantity ?? quantity,
    renewalQuantity: null,
  };
}

/**
 * By as many months as the term had, or by its days where it was of no whole months; by whole years, as `nextRenewal` has
 * it, where it renews on another day than its end, so that this day stays the same of each year.
 */
function laterBy({ termStart, termEnd }: License, on: Day, day: Day): Day {
  if (termEnd !== null && termEnd !== on) {
    const years = Math.max(1, Math.round(daysBetween(termStart, termEnd) / DAYS_OF_A_YEAR));
    return addMonths(day, 12 * years);
  }
  const months =
    (Number(on.slice(0, 4)) - Number(termStart.slice(0, 4))) * 12 +
    Number(on.slice(5, 7)) -
    Number(termStart.slice(5, 7));
  return addMonths(termStart, months) === on ? addMonths(day, months) : addDays(day, daysBetween(termStart, on));
}
