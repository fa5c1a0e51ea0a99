import type { Edition } from "../model/connections.ts";
import type { SeatCost } from "../model/money.ts";
import { listPriceOf } from "./list-prices.ts";

/** What a seat costs where no license is entered: the list price of the edition, billed monthly on a day nobody told. */
export function seatCostAtListPrice(site: { id: string; edition: Edition | null }): SeatCost {
  const price = listPriceOf(site.edition);
  return {
    siteId: site.id,
    monthMinor: price?.priceMinor ?? null,
    currency: price?.currency ?? null,
    saving: { kind: "next-bill", from: null },
    basis: "list-price",
  };
}
