import type { PriceBand, ReferenceLicense, SeatEvent, SeatStory } from "./money-reference.ts";
import { nextDay } from "./money-reference.ts";
import { type Random, seededRandom } from "./seeded-random.ts";

export const CURRENCIES = ["USD", "EUR", "JPY"] as const;
export type Currency = (typeof CURRENCIES)[number];

/** A license with prices, and who came, went, was taken away and came back in one year under it. */
export interface MoneyYear {
  currency: Currency;
  license: ReferenceLicense;
  story: SeatStory;
}

const FROM = "2026-02-10";
const UNTIL = "2027-02-10";
/** Minor units for one cent of a price in dollars: yen have no smaller coin, and 150 of them make a dollar here. */
const MINOR_UNITS: Record<Currency, number> = { USD: 1, EUR: 1, JPY: 1.5 };

/** The same year for the same seed; a third each of the metrics, and of the currencies. */
export function moneyYear(seed: number): MoneyYear {
  const random = seededRandom(seed);
  const metric = (["monthly", "annual", "data-center"] as const)[seed % 3] ?? "monthly";
  const currency = CURRENCIES[Math.floor(seed / 3) % 3] ?? "USD";
  return { currency, license: makeLicense(random, metric, currency), story: makeStory(random) };
}

function makeLicense(random: Random, metric: ReferenceLicense["metric"], currency: Currency): ReferenceLicense {
  const sizes = metric === "monthly" || (metric === "annual" && random.below(3) === 0) ? [] : [25, 50, 75, 100, 200];
  const bands = metric === "data-center" ? tierBands : seatBands;
  return {
    metric,
    billingDay: random.of([1, 10, 15, 28, 30, 31]),
    // Two terms of half a year, so that a year has a renewal in it and one after.
    renewals: metric === "monthly" ? [] : [FROM, "2026-08-01", UNTIL],
    sizes,
    prices: [
      { from: "2020-01-01", bands: bands(random, currency) },
      { from: "2026-07-20", bands: bands(random, currency) },
    ],
  };
}

/** Three bands, each cheaper than the one before. */
function seatBands(random: Random, currency: Currency): PriceBand[] {
  const first = Math.round((500 + random.below(800)) * MINOR_UNITS[currency]);
  const second = first - 1 - random.below(200);
  return [
    { upTo: 20 + random.below(15), priceMinor: first },
    { upTo: 50 + random.below(20), priceMinor: second },
    { upTo: null, priceMinor: second - 1 - random.below(150) },
  ];
}

function tierBands(random: Random, currency: Currency): PriceBand[] {
  const unit = Math.round((40_000 + random.below(40_000)) * MINOR_UNITS[currency]);
  return [25, 50, 75, 100, 200].map((upTo, index) => ({ upTo, priceMinor: unit * (index + 2) - random.below(1_000) }));
}

/** Every day up to three things happen to people who can meet with them. */
function makeStory(random: Random): SeatStory {
  const held = Array.from({ length: 30 + random.below(40) }, (_, index) => `seat-${index}`);
  const begin = [...held];
  const taken: string[] = [];
  const events: SeatEvent[] = [];
  let newcomers = 0;
  for (let day = FROM; day < UNTIL; day = nextDay(day)) {
    for (let count = random.below(4); count > 0; count--) {
      const dice = random.below(100);
      if (dice < 34) {
        const seat = `new-${newcomers++}`;
        if (held.length >= 190) continue;
        held.push(seat);
        events.push({ day, kind: "join", seat });
      } else if (dice < 52 && held.length > 5) {
        events.push({ day, kind: "leave", seat: takeOne(random, held) });
      } else if (dice < 80 && held.length > 5) {
        const seat = takeOne(random, held);
        taken.push(seat);
        events.push({ day, kind: "reclaim", seat });
      } else if (taken.length > 0) {
        const seat = takeOne(random, taken);
        held.push(seat);
        events.push({ day, kind: dice < 97 ? "restore" : "join", seat });
      }
    }
  }
  return { from: FROM, until: UNTIL, held: begin, events };
}

function takeOne(random: Random, from: string[]): string {
  const [taken] = from.splice(random.below(from.length), 1);
  if (taken === undefined) throw new Error("Nobody is left.");
  return taken;
}
