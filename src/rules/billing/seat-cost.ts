import { beginningOf, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { SavingDate, SeatCost } from "../../model/money.ts";
import { nextBillingEvent, periodOf } from "./calendar.ts";
import { costOfMore, savingOf } from "./price.ts";

/**
 * What one seat of a license costs for a month while `seats` are used: the last one, so what giving one back would take
 * off (of none used: what the first would cost). Of a tier that is nothing until the tier below is reached.
 */
export function seatCostOfLicense(license: License, siteId: string, seats: number, at: Date): SeatCost {
  const { pricing, currency } = license;
  const periodMinor = seats > 0 ? savingOf(pricing, seats) : costOfMore(pricing, 0);
  return {
    siteId,
    monthMinor: periodMinor === null ? null : perMonth(periodMinor, license),
    currency: periodMinor === null ? null : currency,
    saving: savingDate(license, at),
    basis: "license",
  };
}

/**
 * What `fewer` seats less than `seats` take off a month: whole bands and tiers, so never one seat's price times their
 * number. Null: a price is not known.
 */
export function monthSavingOf(license: License, seats: number, fewer: number): number | null {
  const periodMinor = savingOf(license.pricing, seats, fewer);
  return periodMinor === null ? null : perMonth(periodMinor, license);
}

/** A twelfth of a year, for showing only; a half is rounded upwards. */
function perMonth(periodMinor: number, { metric }: License): number {
  return periodOf(metric) === "month" ? periodMinor : Math.floor((periodMinor + 6) / 12);
}

export function savingDate(license: License, at: Date): SavingDate {
  const event = nextBillingEvent(license, toDay(at));
  const from = event === null ? null : beginningOf(event);
  if (license.pricing.kind === "tiers") return { kind: "lower-tier", from };
  return { kind: license.metric === "monthly-seats" ? "next-bill" : "renewal", from };
}
