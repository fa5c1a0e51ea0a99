import type { Day } from "../../lib/day.ts";
import type { PositionLine, PositionMoney, PositionStatus } from "../../model/position.ts";

/** What the seats of some sites cost a month, in one currency. An annual price is divided by twelve only for showing. */
export interface MonthCost {
  currency: string;
  /** Null: of some of it no price is known. */
  monthMinor: number | null;
  /** The part of it at list price, of sites that nobody has entered a license for. */
  atListPriceMinor: number;
}

export interface MonthSavings {
  currency: string;
  monthMinor: number;
  /** Seats that nobody uses and nothing keeps. */
  seats: number;
  /** `next-bill`: monthly; `renewal`: annual; `lower-tier`: once a lower tier is reached. */
  kind: "next-bill" | "renewal" | "lower-tier";
  /** Null: on a billing day that nobody told. */
  from: Day | null;
  basis: PositionMoney["basis"];
}

export interface SeatTotals {
  used: number;
  /** Null: of some site nobody has entered what was bought. */
  owned: number | null;
  free: number | null;
  short: number | null;
}

export interface SiteMoney extends SeatTotals {
  siteId: string;
  status: PositionStatus;
  basis: PositionMoney["basis"] | null;
  currency: string | null;
  monthMinor: number | null;
  /** What a month would be lower by; null: not known, or shared with other sites of its license. */
  savesMonthMinor: number | null;
  savesFrom: Day | null;
}

export interface MoneyOverview {
  seats: SeatTotals;
  /** Seats at sites that nobody has entered a license for. */
  withoutLicense: number;
  /** Of those: no list price is known either. */
  withoutPrice: number;
  costs: MonthCost[];
  savings: MonthSavings[];
  sites: SiteMoney[];
}

/** Seats and money of a whole installation, by the lines of its license position: each license and uncovered site once. */
export function moneyOverview(lines: readonly PositionLine[]): MoneyOverview {
  const editions = lines.filter(({ level }) => level === "edition");
  const uncovered = editions.filter(({ licenseId }) => licenseId === null);
  const billed = [...lines.filter(({ level }) => level === "license"), ...uncovered];
  return {
    seats: {
      used: billed.reduce((sum, line) => sum + heldOf(line), 0),
      owned: totalOf(billed.map(({ owned }) => owned)),
      free: totalOf(billed.map(({ free }) => free)),
      short: totalOf(billed.map(({ short }) => short)),
    },
    withoutLicense: sumHeld(uncovered),
    withoutPrice: sumHeld(uncovered.filter(({ money }) => money.length === 0)),
    costs: costsOf(billed),
    savings: savingsOf(billed),
    sites: editions.map(siteMoney),
  };
}

/** Atlassian bills everybody who holds a seat, whatever an exclusion leaves out of the count. */
function heldOf({ used, excluded }: PositionLine): number {
  return used + excluded;
}

function sumHeld(lines: readonly PositionLine[]): number {
  return lines.reduce((sum, line) => sum + heldOf(line), 0);
}

function costsOf(lines: readonly PositionLine[]): MonthCost[] {
  const byCurrency = Map.groupBy(
    lines.flatMap(({ money }) => money),
    ({ currency }) => currency,
  );
  return [...byCurrency].map(([currency, money]) => ({
    currency,
    monthMinor: totalOf(money.map((each) => aMonth(each.costMinor, each))),
    atListPriceMinor:
      totalOf(money.filter(({ basis }) => basis === "list-price").map((each) => aMonth(each.costMinor, each))) ?? 0,
  }));
}

function savingsOf(lines: readonly PositionLine[]): MonthSavings[] {
  const sums = new Map<string, MonthSavings>();
  for (const line of lines) {
    for (const money of line.money) {
      const monthMinor = aMonth(money.avoidableMinor, money) ?? 0;
      if (monthMinor === 0) continue;
      const { currency, basis, avoidableFrom: from } = money;
      const kind = kindOf(line);
      const key = [currency, basis, kind, from].join("/");
      const sum = sums.get(key) ?? { currency, monthMinor: 0, seats: 0, kind, from, basis };
      sums.set(key, { ...sum, monthMinor: sum.monthMinor + monthMinor, seats: sum.seats + line.reclaimable });
    }
  }
  return [...sums.values()].toSorted((a, b) => b.monthMinor - a.monthMinor);
}

function kindOf({ metric }: PositionLine): MonthSavings["kind"] {
  if (metric === "data-center-tier") return "lower-tier";
  return metric === "annual-seats" ? "renewal" : "next-bill";
}

function siteMoney(line: PositionLine): SiteMoney {
  const { siteId, status, owned, free, short } = line;
  const [money] = line.money;
  return {
    siteId: siteId ?? "",
    status,
    used: heldOf(line),
    owned,
    free,
    short,
    basis: money?.basis ?? null,
    currency: money?.currency ?? null,
    monthMinor: money ? aMonth(money.costMinor, money) : null,
    savesMonthMinor: money ? aMonth(money.avoidableMinor, money) : null,
    savesFrom: money?.avoidableFrom ?? null,
  };
}

function aMonth(amountMinor: number | null, { period }: PositionMoney): number | null {
  if (amountMinor === null) return null;
  return period === "year" ? Math.round(amountMinor / 12) : amountMinor;
}

/** One that is not known makes the whole unknown: it is not zero. */
function totalOf(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
