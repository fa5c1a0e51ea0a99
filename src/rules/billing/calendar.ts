import { addDays, addMonths, type Day } from "../../lib/day.ts";
import type { BillingPeriod, License, LicenseMetric } from "../../model/licenses.ts";

export type BilledLicense = Pick<
  License,
  "metric" | "termStart" | "termEnd" | "billingDay" | "renewalOn" | "noticeOn" | "autoRenew" | "endedOn"
>;

/** From the first day on, before the last. */
export interface Cycle {
  from: Day;
  to: Day;
}

/** Monthly licenses are priced for a month, the others for a year. */
export function periodOf(metric: LicenseMetric): BillingPeriod {
  return metric === "monthly-seats" ? "month" : "year";
}

/** Whether a license holds on a day. One that renews itself goes on after its term until a person ends it. */
export function covers(license: Omit<BilledLicense, "metric">, day: Day): boolean {
  const end = heldUntil(license);
  return day >= license.termStart && (end === null || day < end);
}

/** The first day that it no longer holds for; null: none is known. */
export function heldUntil({ termEnd, autoRenew, endedOn }: Omit<BilledLicense, "metric">): Day | null {
  return endedOn ?? (autoRenew ? null : termEnd);
}

/**
 * The monthly cycle that a day lies in. It begins on the billing day, or on the last day of a month that is shorter, at
 * midnight UTC.
 */
export function monthlyCycle(
  { termStart, billingDay }: Pick<BilledLicense, "termStart" | "billingDay">,
  day: Day,
): Cycle {
  const anchor = billingDay ?? Number(termStart.slice(8));
  const ofMonth = addMonths(day, 0, anchor);
  return day >= ofMonth
    ? { from: ofMonth, to: addMonths(day, 1, anchor) }
    : { from: addMonths(day, -1, anchor), to: ofMonth };
}

/**
 * When what is billed may next become less: the next cycle of a monthly license, the renewal of the others. Null where
 * no renewal is known, or where the license ends before.
 */
export function nextBillingEvent(license: BilledLicense, day: Day): Day | null {
  if (license.metric === "monthly-seats") {
    const next = monthlyCycle(license, day).to;
    return covers(license, next) ? next : null;
  }
  return nextRenewal(license, day);
}

/** The renewal after a day; one that passed and was not settled yet is moved on by whole years. */
export function nextRenewal({ termEnd, renewalOn, autoRenew }: BilledLicense, day: Day): Day | null {
  const told = renewalOn ?? termEnd;
  if (told === null) return null;
  let next = told;
  for (let years = 1; next <= day; years++) {
    if (!autoRenew) return null;
    next = addMonths(told, 12 * years);
  }
  return next;
}

/**
 * The last day on which a seat can be given back so that the next billing event no longer counts it; null where no event
 * is known. Atlassian counts "on the last day of the period" without an hour, so the day before it is the last safe one;
 * of a renewal it is the day before the notice has to be given, where one is agreed.
 */
export function bestDayToReclaim(license: BilledLicense, day: Day): Day | null {
  const event = nextBillingEvent(license, day);
  if (event === null) return null;
  const safe = addDays(event, -2);
  const { noticeOn } = license;
  const isNotified = license.metric !== "monthly-seats" && noticeOn !== null && noticeOn > day && noticeOn < event;
  const best = isNotified ? addDays(noticeOn, -1) : safe;
  return best >= day ? best : null;
}
