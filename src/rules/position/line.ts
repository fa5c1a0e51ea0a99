import { type Day, toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { PositionCounts, PositionMoney, PositionStatus, PositionWay } from "../../model/position.ts";
import { FREE_USERS_MAX, guestsAllowed } from "../billing/atlassian.ts";
import { nextBillingEvent, periodOf } from "../billing/calendar.ts";
import { capacityOf, costOfMore, lowerTier, priceOf, savingOf } from "../billing/price.ts";
import type { ListPrice } from "../list-prices.ts";

/** What a license is to its seats. */
export interface Standing {
  status: PositionStatus;
  owned: number | null;
  free: number | null;
  short: number | null;
  money: PositionMoney[];
  ways: PositionWay[];
}

export interface LicenseFacts {
  license: License;
  counts: PositionCounts;
  /** Monthly: the most seats held at once in the cycle that is under way. Else what is held now. */
  peakSeats: number;
  /** What reclaimed seats took off its bills so far. */
  realizedMinor: number;
  at: Date;
}

/**
 * Rights owned against seats used. Short is judged by the seats that count; free by everybody who holds one, so that a seat
 * is never promised that Atlassian counts as taken.
 */
export function standingOfLicense({ license, counts, peakSeats, realizedMinor, at }: LicenseFacts): Standing {
  const { pricing, currency, metric } = license;
  const today = toDay(at);
  const held = counts.used + counts.excluded;
  const owned = ownedOf(license, peakSeats, today);
  const short = owned === null ? 0 : Math.max(0, counts.used - owned);
  const free = owned === null ? null : Math.max(0, owned - held);
  // A tier without an end is bought for whoever there is.
  const bought = license.quantity !== null && metric !== "monthly-seats" ? license.quantity : (owned ?? held);
  const overMinor = minus(priceOf(pricing, bought), priceOf(pricing, Math.min(held, bought)));
  const money: PositionMoney = {
    currency,
    period: periodOf(metric),
    basis: "license",
    costMinor: priceOf(pricing, bought),
    trueUpMinor: short === 0 ? 0 : minus(priceOf(pricing, counts.used), priceOf(pricing, bought)),
    overMinor,
    avoidableMinor: savingOf(pricing, held, counts.reclaimable),
    avoidableFrom: nextBillingEvent(license, today),
    nextSeatMinor: held < bought ? 0 : costOfMore(pricing, held),
    lowerTier: lowerTier(pricing, held),
    realizedMinor,
  };
  const status = short > 0 ? "short" : (overMinor ?? free ?? 0) > 0 ? "over" : "covered";
  const ways = waysOf(license, counts, { short, free: free ?? 0, held }, money);
  return { status, owned, free, short, money: [money], ways };
}

/** Null: the tier has no end. */
function ownedOf(license: License, peakSeats: number, today: Day): number | null {
  const { metric, quantity, pricing, edition } = license;
  if (edition === "free") return Math.min(quantity ?? FREE_USERS_MAX, FREE_USERS_MAX);
  if (metric !== "monthly-seats") return capacityOf(pricing, quantity ?? 0);
  return Math.max(peakSeats, quantityOfCycle(license, today));
}

/**
 * A quantity that a person entered counts for the cycle in which it was entered, before the term for its first; then
 * Atlassian counts anew.
 */
function quantityOfCycle(license: License, today: Day): number {
  if (license.quantity === null) return 0;
  const entered = toDay(license.quantitySince);
  const since = entered > license.termStart ? entered : license.termStart;
  const event = nextBillingEvent({ ...license, endedOn: null, termEnd: null }, since);
  return event === null || today < event ? license.quantity : 0;
}

/** What is said of a site that nobody has entered a license for: its list price, and by the rule of Free its limit. */
export function standingAtListPrice(
  { edition }: { edition: string | null },
  price: ListPrice | null,
  counts: PositionCounts,
): Standing {
  const held = counts.used + counts.excluded;
  const isFree = edition === "free";
  const owned = isFree ? FREE_USERS_MAX : null;
  const short = isFree ? Math.max(0, counts.used - FREE_USERS_MAX) : null;
  const free = isFree ? Math.max(0, FREE_USERS_MAX - held) : null;
  const money: PositionMoney[] = price
    ? [
        {
          currency: price.currency,
          period: "month",
          basis: "list-price",
          costMinor: held * price.priceMinor,
          trueUpMinor: isFree && (short ?? 0) > 0 ? null : 0,
          overMinor: 0,
          avoidableMinor: counts.reclaimable * price.priceMinor,
          avoidableFrom: null,
          nextSeatMinor: isFree && held >= FREE_USERS_MAX ? null : price.priceMinor,
          lowerTier: null,
          realizedMinor: 0,
        },
      ]
    : [];
  const ways: PositionWay[] = [
    ...(isFree
      ? []
      : [way("enter-license", held, "Nobody has entered what was bought; money is by list price.", "/licenses")]),
    ...(short ? [reclaimWay(Math.min(short, counts.reclaimable), short, null)] : []),
    ...commonWays(counts, held, edition !== "data-center" && !isFree),
  ];
  return { status: short === null ? "unknown" : short > 0 ? "short" : "covered", owned, free, short, money, ways };
}

function waysOf(
  license: License,
  counts: PositionCounts,
  { short, free, held }: { short: number; free: number; held: number },
  money: PositionMoney,
): PositionWay[] {
  const ways: PositionWay[] = [];
  const { currency, period, avoidableFrom: from } = money;
  if (short > 0) {
    const buy = way("buy", short, `Buy ${short} more.`, "/licenses");
    ways.push({ ...buy, costMinor: money.trueUpMinor, currency, period });
    ways.push(reclaimWay(Math.min(short, counts.reclaimable), short, { currency, period }));
  } else if (counts.reclaimable > 0) {
    ways.push(savingWay(license, counts.reclaimable, held, money));
  }
  if (free > 0 && license.metric === "monthly-seats") {
    const says = `${free} are paid until the next bill and may be given to others; it counts who holds one then.`;
    ways.push({ ...way("next-bill", free, says, null), costMinor: negative(money.overMinor), currency, period, from });
  } else if ((money.overMinor ?? 0) > 0) {
    const says = `Renew for ${held} instead.`;
    ways.push({
      ...way("renew-lower", free, says, "/licenses"),
      costMinor: negative(money.overMinor),
      currency,
      period,
      from,
    });
  }
  return [...ways, ...commonWays(counts, held, license.edition !== "data-center" && license.edition !== "free")];
}

/** What giving back every reclaimable seat saves, and of a tier how many more it would take. */
function savingWay(license: License, seats: number, held: number, money: PositionMoney): PositionWay {
  const tier = lowerTier(license.pricing, held);
  const missing = tier === null ? 0 : tier.after - seats;
  const says =
    tier === null
      ? `Reclaim ${seats} that nobody uses.`
      : missing > 0
        ? `Reclaiming the ${seats} that nobody uses saves nothing: the tier for ${tier.upTo} is reached after ${missing} more.`
        : `Reclaim ${seats} that nobody uses: the tier for ${tier.upTo} is reached after ${tier.after}.`;
  return {
    ...way("reclaim", seats, says, "/plans"),
    costMinor: negative(money.avoidableMinor),
    currency: money.currency,
    period: money.period,
    from: money.avoidableFrom,
  };
}

function reclaimWay(
  seats: number,
  short: number,
  money: Pick<PositionMoney, "currency" | "period"> | null,
): PositionWay {
  const says =
    seats >= short
      ? `Reclaim ${seats} that nobody uses, and nothing has to be bought.`
      : `Reclaim the ${seats} that nobody uses; ${short - seats} stay short.`;
  return {
    ...way("reclaim", seats, says, "/plans"),
    costMinor: 0,
    currency: money?.currency ?? null,
    period: money?.period ?? null,
  };
}

function commonWays({ unmapped, guests }: PositionCounts, held: number, hasGuestLimit: boolean): PositionWay[] {
  const ways: PositionWay[] = [];
  if (unmapped > 0) {
    ways.push(way("map", unmapped, `Say which edition the ${unmapped} of an unrecognized one have.`, "/editions"));
  }
  const over = guests - guestsAllowed(held);
  if (hasGuestLimit && over > 0) {
    const says = `${over} guests are beyond ${guestsAllowed(held)}, five for each paid user. Who was paid cannot become a guest.`;
    ways.push(way("remove-guests", over, says, null));
  }
  return ways;
}

function way(kind: PositionWay["kind"], seats: number, says: string, route: string | null): PositionWay {
  return { kind, seats, costMinor: null, currency: null, period: null, from: null, says, route };
}

function minus(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left - right;
}

/** Not `-0`, which is written as 0 and read as another number. */
function negative(amount: number | null): number | null {
  return amount === null ? null : amount === 0 ? 0 : -amount;
}
