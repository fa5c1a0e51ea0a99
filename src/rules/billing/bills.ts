import type { Pricing } from "../../model/licenses.ts";
import { costOfMore } from "./price.ts";

/**
 * What each of `reclaimed` seats took off a bill for `billed` seats: without any of them it would have been for so many
 * more. The first is worth what the bill for one more would add, the next what the one after that would; together exactly
 * the difference of the two bills. Null where a price is not known.
 */
export function realizedByEach(pricing: Pricing, billed: number, reclaimed: number): (number | null)[] {
  return Array.from({ length: reclaimed }, (_, index) => costOfMore(pricing, billed + index));
}

/**
 * Of `reclaimed` seats those that a renewal for `bought` would have been larger by, with `held` seats at that moment: who
 * buys more than is held would have had room for some of them anyway.
 */
export function realizedSeats(reclaimed: number, { held, bought }: { held: number; bought: number }): number {
  return Math.min(reclaimed, Math.max(0, held + reclaimed - bought));
}
