import type { Day } from "../lib/day.ts";
import type { Edition } from "./connections.ts";

/** How Atlassian counts and bills what was bought. */
export const LICENSE_METRICS = ["monthly-seats", "annual-seats", "data-center-tier"] as const;
export type LicenseMetric = (typeof LICENSE_METRICS)[number];

export type LicensedEdition = Exclude<Edition, "unrecognized">;
export const LICENSED_EDITIONS = [
  "free",
  "standard",
  "premium",
  "enterprise",
  "data-center",
] as const satisfies readonly LicensedEdition[];

/** What a price is for. */
export type BillingPeriod = "month" | "year";

export interface PriceStep {
  /** The last seat of the band, or the most users of the tier; null: no end, in the last step only. */
  upTo: number | null;
  /** Minor units: of one seat (bands), or of the whole tier. */
  priceMinor: number;
}

/**
 * `bands`: graduated, each seat pays the price of the band that it lies in. `tiers`: one price for any number of users up
 * to the tier's.
 */
export interface Pricing {
  kind: "bands" | "tiers";
  /** Ascending by `upTo`; at least one. */
  steps: PriceStep[];
}

/** What a person says of a license; its history is made of these. */
export interface LicenseTerms {
  name: string;
  siteIds: string[];
  edition: LicensedEdition;
  metric: LicenseMetric;
  /** Null: monthly, where what Atlassian counts is billed. */
  quantity: number | null;
  /** For a month (`monthly-seats`) or a year (the others). */
  pricing: Pricing;
  /** ISO 4217. */
  currency: string;
  termStart: Day;
  /** The first day that it no longer holds for; null: open. */
  termEnd: Day | null;
  /** Monthly: the day of the month on which a billing cycle begins; null: that of `termStart`. */
  billingDay: number | null;
  /** Null: the end of the term. */
  renewalOn: Day | null;
  /** Until when a change of the renewal has to be told. */
  noticeOn: Day | null;
  autoRenew: boolean;
  renewalQuantity: number | null;
  costCenter: string | null;
  ownerId: string | null;
  note: string | null;
}

export interface License extends LicenseTerms {
  id: string;
  revision: number;
  quantitySince: Date;
  settledTo: Day;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  endedOn: Day | null;
  endedReason: string | null;
}
