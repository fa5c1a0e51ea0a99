import type { Edition } from "../model/connections.ts";
import type { SeatStatus } from "../model/facts.ts";

/** What a seat costs for a month where nobody has entered what is really paid. Minor units: 655 is 6.55 dollars. */
export interface ListPrice {
  priceMinor: number;
  currency: string;
  /** Day the price was collected, and where; printed beside every figure made from it. */
  collectedOn: string;
  source: string;
}

const PRICE_BOOK = {
  currency: "USD",
  collectedOn: "2026-08-05",
  source: "third-party price book citing atlassian.com/software/confluence/pricing, at 110 seats",
};

/** Prices per user and month. Enterprise is sold by quote and Data Center by tier, so neither has one. */
const LIST_PRICES: Partial<Record<Edition, ListPrice>> = {
  free: { ...PRICE_BOOK, priceMinor: 0 },
  standard: { ...PRICE_BOOK, priceMinor: 655 },
  premium: { ...PRICE_BOOK, priceMinor: 1287 },
};

/** Null: this edition has no list price, or the edition is not known; then no money is shown. */
export function listPriceOf(edition: Edition | null): ListPrice | null {
  return edition === null ? null : (LIST_PRICES[edition] ?? null);
}

export type SeatCounts = Record<SeatStatus, number>;

/** Money of the seats nobody uses, at list price. */
export interface ListPriceEstimate {
  price: ListPrice;
  /** A month of every seat that is paid. */
  seatsMinor: number;
  idleMinor: number;
  neverUsedMinor: number;
  /** Idle and never used together: what could be saved each month at most. */
  unusedMinor: number;
  /**
   * When a saving becomes real. A monthly bill is for the month's largest number of users, so a seat taken back lowers
   * the next one (Atlassian, "How maximum quantity billing works"); an annual term saves only at its renewal.
   */
  realFrom: "next-bill";
  /** What a reader must know: list price, monthly billing assumed. */
  basis: "list-price-monthly";
}

/** Null where the edition has no list price: an unknown price is not zero. */
export function estimateAtListPrice(edition: Edition | null, seats: SeatCounts): ListPriceEstimate | null {
  const price = listPriceOf(edition);
  if (!price) return null;
  const total = seats.active + seats.idle + seats["never-used"] + seats["no-evidence"];
  const idleMinor = seats.idle * price.priceMinor;
  const neverUsedMinor = seats["never-used"] * price.priceMinor;
  return {
    price,
    seatsMinor: total * price.priceMinor,
    idleMinor,
    neverUsedMinor,
    unusedMinor: idleMinor + neverUsedMinor,
    realFrom: "next-bill",
    basis: "list-price-monthly",
  };
}
