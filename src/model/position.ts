import type { Day } from "../lib/day.ts";
import type { Edition, SourceKind } from "./connections.ts";
import type { BillingPeriod, LicenseMetric } from "./licenses.ts";

export type PositionStatus = "covered" | "over" | "short" | "unknown";
export type PositionLevel = "product" | "edition" | "license";

/** Seats of a site, of a license or of a product, each counted once in `used` or `excluded`. */
export interface PositionCounts {
  /** Seats that count; `active`, `idle`, `neverUsed` and `noEvidence` together are these. */
  used: number;
  /** Seats that an exclusion leaves out of the count. Atlassian bills them all the same. */
  excluded: number;
  /** Of used and excluded: the site's edition is not known, or not recognized. */
  unmapped: number;
  /** They hold no seat. */
  guests: number;
  active: number;
  idle: number;
  neverUsed: number;
  noEvidence: number;
  /** Of used: asked, decided or being taken back. */
  pending: number;
  /** Of idle and never-used: no exclusion keeps them. */
  reclaimable: number;
}

export const COUNTS = [
  "used",
  "excluded",
  "unmapped",
  "guests",
  "active",
  "idle",
  "neverUsed",
  "noEvidence",
  "pending",
  "reclaimable",
] as const satisfies readonly (keyof PositionCounts)[];

/** All amounts are of one period, in minor units; null: a price is not known. */
export interface PositionMoney {
  currency: string;
  period: BillingPeriod;
  basis: "license" | "list-price";
  /** What is paid now. */
  costMinor: number | null;
  /** What the seats that are short would add. */
  trueUpMinor: number | null;
  /** What is paid beyond the seats that are held. */
  overMinor: number | null;
  /** What the next billing event would be lower by, were the reclaimable seats given back before. */
  avoidableMinor: number | null;
  avoidableFrom: Day | null;
  /** What one seat more would add: by its band or tier. */
  nextSeatMinor: number | null;
  /** So many seats have to go until the next tier below is reached; null of bands. */
  lowerTier: { upTo: number; after: number; savesMinor: number } | null;
  /** What reclaimed seats took off bills so far. Kept apart from what could be. */
  realizedMinor: number;
}

/** What can be done about a line. */
export interface PositionWay {
  kind: "buy" | "reclaim" | "map" | "renew-lower" | "next-bill" | "remove-guests" | "enter-license";
  seats: number;
  /** What it adds to a period; negative: what it saves. Null: not known. */
  costMinor: number | null;
  currency: string | null;
  period: BillingPeriod | null;
  /** From when. */
  from: Day | null;
  /** In words. */
  says: string;
  /** Where it is done. */
  route: string | null;
}

/** A cost center's or department's part; null: nobody told theirs. */
export interface PositionShare {
  by: "cost-center" | "department";
  value: string | null;
  /** Everybody beyond those that are listed one by one. */
  isRest: boolean;
  seats: number;
  idle: number;
  neverUsed: number;
  /** Parts of the line's cost that sum up to it exactly. */
  costMinor: number | null;
}

export interface PositionLine extends PositionCounts {
  level: PositionLevel;
  product: SourceKind;
  siteId: string | null;
  licenseId: string | null;
  edition: Edition | null;
  metric: LicenseMetric | null;
  status: PositionStatus;
  owned: number | null;
  free: number | null;
  short: number | null;
  money: PositionMoney[];
  ways: PositionWay[];
  shares: PositionShare[];
}

/** The lists that the numbers open. */
export const POSITION_PARTS = [
  "used",
  "excluded",
  "unmapped",
  "guests",
  "active",
  "idle",
  "never-used",
  "no-evidence",
  "pending",
] as const;
export type PositionPart = (typeof POSITION_PARTS)[number];
