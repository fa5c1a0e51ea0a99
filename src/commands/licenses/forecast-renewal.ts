import { addDays, beginningOf, type Day, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import {
  demandOf,
  type DemandFigures,
  figuresOf,
  forecastRenewal as forecast,
  type RenewalForecast,
} from "../../rules/billing/renewal.ts";
import { priceOf } from "../../rules/billing/price.ts";
import type { Reader } from "../../store/database.ts";
import { countSeatsAt, findFirstSeat, listDayChanges } from "../../store/licenses/demand.ts";

export interface RenewalFigures {
  /** Null: no seat was ever seen. */
  demand: DemandFigures | null;
  held: number;
  quantities: RenewalForecast[];
}

/** Demand is looked at for a year back, or as far as Usher knows. */
const DAYS_LOOKED_BACK = 365;

/**
 * What renewing at each of `seats` would cost and risk; with none given, at the median, at what was enough on 95 of 100
 * days, at the most, at what is held and at what is bought.
 */
export async function forecastRenewal(
  reader: Reader,
  license: License,
  seats: readonly number[],
  at: Date,
): Promise<RenewalFigures> {
  const held = await countSeatsAt(reader, license.siteIds, at);
  const first = await findFirstSeat(reader, license.siteIds);
  if (first === null) return { demand: null, held, quantities: [] };
  const until = addDays(toDay(at), 1);
  const from = later(addDays(until, -DAYS_LOOKED_BACK), toDay(first));
  const changes = await listDayChanges(reader, license.siteIds, { since: justBefore(from), until: at });
  const demand = demandOf(changes, { from, until, heldNow: held });
  const figures = figuresOf(demand);
  const usual = [figures.p50, figures.p95, figures.max, held, license.quantity ?? held];
  const asked = seats.length > 0 ? seats : usual;
  const paid = priceOf(license.pricing, license.quantity ?? held);
  const quantities = [...new Set(asked)].toSorted((a, b) => a - b).map((each) => forecast(license, demand, each, paid));
  return { demand: figures, held, quantities };
}

function later(one: Day, other: Day): Day {
  return one > other ? one : other;
}

/** What began at midnight belongs to the day. */
function justBefore(day: Day): Date {
  return new Date(beginningOf(day).getTime() - 1);
}
