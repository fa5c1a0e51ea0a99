import { type Day, isDay } from "../../lib/day.ts";
import { isCurrency } from "../../lib/money.ts";
import type { License, LicenseTerms, Pricing } from "../../model/licenses.ts";
import { heldUntil } from "../billing/calendar.ts";

export interface TermsFlaw {
  field: string;
  what: string;
  expected: string;
}

/** Prices up to here, times a million seats, are whole numbers that a double holds. */
const BAND_PRICE_MINOR_MAX = 1_000_000_000;
const TIER_PRICE_MINOR_MAX = 1_000_000_000_000;
const STEPS_MAX = 50;
const SEATS_MAX = 1_000_000;

/** What is wrong with what a person says of a license, each with what would be right. */
export function flawsOfTerms(terms: LicenseTerms): TermsFlaw[] {
  return [...flawsOfMetric(terms), ...flawsOfPricing(terms.pricing), ...flawsOfDays(terms)];
}

function flawsOfMetric({ metric, edition, quantity, pricing, currency, siteIds }: LicenseTerms): TermsFlaw[] {
  const flaws: TermsFlaw[] = [];
  const add = (field: string, what: string, expected: string) => flaws.push({ field, what, expected });
  if (!isCurrency(currency)) add("currency", "is no currency", "a code of ISO 4217 such as USD, EUR or JPY");
  if (siteIds.length === 0) add("siteIds", "is empty", "at least one site");
  if ((metric === "data-center-tier") !== (edition === "data-center")) {
    add("metric", `is ${metric} for the edition ${edition}`, "data-center-tier for data-center, and for no other");
  }
  if (metric !== "monthly-seats" && quantity === null) {
    add("quantity", "is missing", "how many seats were bought, or of a tier the most users that it is for");
  }
  if (metric === "monthly-seats" && pricing.kind !== "bands") {
    add("pricing.kind", "is tiers", "bands: a month is billed by the seat");
  }
  if (metric === "data-center-tier" && pricing.kind !== "tiers") {
    add("pricing.kind", "is bands", "tiers: Data Center is sold by the tier");
  }
  return flaws;
}

function flawsOfPricing({ kind, steps }: Pricing): TermsFlaw[] {
  const field = "pricing.steps";
  if (steps.length === 0 || steps.length > STEPS_MAX) {
    return [{ field, what: `has ${steps.length} steps`, expected: `1 to ${STEPS_MAX}` }];
  }
  const flaws: TermsFlaw[] = [];
  const priceMax = kind === "bands" ? BAND_PRICE_MINOR_MAX : TIER_PRICE_MINOR_MAX;
  for (const [index, { upTo, priceMinor }] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (upTo === null && !isLast) {
      flaws.push({
        field: `${field}.${index}.upTo`,
        what: "has no end",
        expected: "an end in every step but the last",
      });
    }
    if (upTo !== null && upTo <= (steps[index - 1]?.upTo ?? 0)) {
      flaws.push({
        field: `${field}.${index}.upTo`,
        what: `is ${upTo}`,
        expected: "more than that of the step before",
      });
    }
    if (upTo !== null && upTo > SEATS_MAX) {
      flaws.push({
        field: `${field}.${index}.upTo`,
        what: `is ${upTo}`,
        expected: `at most ${SEATS_MAX}; without an end in the last step`,
      });
    }
    if (!Number.isSafeInteger(priceMinor) || priceMinor < 0 || priceMinor > priceMax) {
      flaws.push({
        field: `${field}.${index}.priceMinor`,
        what: "is out of bounds",
        expected: `whole minor units from 0 to ${priceMax}`,
      });
    }
  }
  return flaws;
}

function flawsOfDays(terms: LicenseTerms): TermsFlaw[] {
  const flaws: TermsFlaw[] = [];
  const { termStart, termEnd, renewalOn, noticeOn, autoRenew } = terms;
  for (const [field, day] of Object.entries({ termStart, termEnd, renewalOn, noticeOn })) {
    if (day !== null && !isDay(day)) flaws.push({ field, what: `is "${day}"`, expected: "a day such as 2026-05-03" });
  }
  if (flaws.length > 0) return flaws;
  if (termEnd !== null && termEnd <= termStart) {
    flaws.push({
      field: "termEnd",
      what: "is not after termStart",
      expected: "the first day that it no longer holds for",
    });
  }
  if (renewalOn !== null && renewalOn <= termStart) {
    flaws.push({ field: "renewalOn", what: "is not after termStart", expected: "a later day" });
  }
  if (noticeOn !== null && (noticeOn <= termStart || noticeOn > (renewalOn ?? termEnd ?? noticeOn))) {
    flaws.push({ field: "noticeOn", what: "is not within the term", expected: "a day before the renewal" });
  }
  if (terms.metric !== "monthly-seats" && termEnd === null) {
    flaws.push({ field: "termEnd", what: "is missing", expected: "the first day of the next term" });
  }
  if (autoRenew && termEnd === null && terms.metric !== "monthly-seats") {
    flaws.push({ field: "autoRenew", what: "is true without an end", expected: "termEnd: what is renewed then" });
  }
  return flaws;
}

/**
 * A site that two licenses would cover on the same day, of which nobody could say which one a seat uses; null where
 * there is none. What is bought on top belongs into the quantity of the license that is there.
 */
export function doublyCovered(
  terms: Pick<LicenseTerms, "siteIds" | "termStart" | "termEnd" | "autoRenew">,
  others: readonly License[],
): { siteId: string; other: License } | null {
  const until = heldUntil(open(terms));
  for (const other of others) {
    const otherUntil = heldUntil(other);
    const overlaps = before(terms.termStart, otherUntil) && before(other.termStart, until);
    const siteId = overlaps ? terms.siteIds.find((each) => other.siteIds.includes(each)) : undefined;
    if (siteId !== undefined) return { siteId, other };
  }
  return null;
}

function open(terms: Pick<LicenseTerms, "termStart" | "termEnd" | "autoRenew">) {
  return { ...terms, billingDay: null, renewalOn: null, noticeOn: null, endedOn: null };
}

function before(day: Day, end: Day | null): boolean {
  return end === null || day < end;
}
