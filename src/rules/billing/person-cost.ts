import type { SeatCost } from "../../model/money.ts";

export interface PersonCost {
  billedPerMonthMinor: number | null;
  billedCurrency: string | null;
  billedBasis: SeatCost["basis"] | null;
}

export const NO_COST: PersonCost = { billedPerMonthMinor: null, billedCurrency: null, billedBasis: null };

/** What the seats of one person cost a month together. One unknown price, or two currencies, and the sum is not known. */
export function costOfPerson(costs: readonly (SeatCost | undefined)[]): PersonCost {
  const [first] = costs;
  const currency = first?.currency ?? null;
  let billedPerMonthMinor = 0;
  for (const cost of costs) {
    if (!cost || cost.monthMinor === null || currency === null || cost.currency !== currency) return NO_COST;
    billedPerMonthMinor += cost.monthMinor;
  }
  if (currency === null) return NO_COST;
  const billedBasis = costs.some((cost) => cost?.basis === "list-price") ? "list-price" : "license";
  return { billedPerMonthMinor, billedCurrency: currency, billedBasis };
}
