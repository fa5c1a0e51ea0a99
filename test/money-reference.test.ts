import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  avoidable,
  bill,
  nextBillingEvent,
  position,
  reckon,
  type ReferenceLicense,
  type SeatEvent,
} from "./support/money-reference.ts";
import { moneyYear } from "./support/money-year.ts";

/** 2 seats at 10.00, the next 2 at 8.00, all others at 5.00. */
const BANDS = [
  { upTo: 2, priceMinor: 1_000 },
  { upTo: 4, priceMinor: 800 },
  { upTo: null, priceMinor: 500 },
];

const MONTHLY: ReferenceLicense = {
  metric: "monthly",
  billingDay: 15,
  renewals: [],
  sizes: [],
  prices: [{ from: "2026-01-01", bands: BANDS }],
};
const ANNUAL: ReferenceLicense = {
  ...MONTHLY,
  metric: "annual",
  renewals: ["2026-01-15", "2027-01-15", "2028-01-15"],
  sizes: [4, 6, 10],
};
const DATA_CENTER: ReferenceLicense = {
  ...ANNUAL,
  metric: "data-center",
  sizes: [4, 6, 10],
  prices: [
    {
      from: "2026-01-01",
      bands: [
        { upTo: 4, priceMinor: 40_000 },
        { upTo: 6, priceMinor: 55_000 },
        { upTo: 10, priceMinor: 80_000 },
      ],
    },
  ],
};

const HELD = ["a", "b", "c", "d", "e", "f"];
const story = (until: string, ...events: [day: string, kind: SeatEvent["kind"], seat: string][]) => ({
  from: "2026-01-15",
  until,
  held: HELD,
  events: events.map(([day, kind, seat]) => ({ day, kind, seat })),
});

describe("the second reckoning of money", () => {
  it("lets each seat pay the price of its own band", () => {
    const costs = (quantity: number) => bill(MONTHLY, "2026-01-15", quantity);

    // 2 × 10.00; 2 × 10.00 + 1 × 8.00; 2 × 10.00 + 2 × 8.00 + 2 × 5.00.
    assert.deepEqual([costs(0), costs(2), costs(3), costs(6)], [0, 2_000, 2_800, 4_600]);
  });

  it("bills a month by its maximum, also between two events of one day", () => {
    const { periods, days } = reckon(
      MONTHLY,
      story(
        "2026-03-15",
        ["2026-01-20", "join", "g"],
        ["2026-01-20", "join", "h"],
        ["2026-01-20", "leave", "a"],
        ["2026-02-01", "leave", "b"],
      ),
    );

    // 6 + 2 = 8 on 20 January: 4,600 + 2 × 500. Six are left on 15 February.
    assert.deepEqual(
      periods.map((each) => [each.from, each.until, each.heldAtStart, each.billedQuantity, each.billedMinor]),
      [
        ["2026-01-15", "2026-02-15", 6, 8, 5_600],
        ["2026-02-15", "2026-03-15", 6, 6, 4_600],
      ],
    );
    assert.deepEqual([days.length, days[5]?.highest, days[5]?.held.length], [59, 8, 7]);
    assert.equal(periods[1]?.fallenMinor, 1_000);
  });

  it("realizes a seat once, at the event after it was taken, and none that came back", () => {
    const { periods } = reckon(
      MONTHLY,
      story(
        "2026-05-15",
        ["2026-01-16", "reclaim", "a"],
        ["2026-01-17", "reclaim", "b"],
        ["2026-02-01", "restore", "b"],
        ["2026-02-10", "reclaim", "c"],
        ["2026-02-15", "restore", "c"],
        ["2026-03-01", "reclaim", "c"],
      ),
    );

    // 15 February: a and c are gone of six, so 4,600 − 3,600. c is back that day, the bill rises to 5 seats: 4,100.
    // 15 March: c is gone once more, 4,100 − 3,600. 15 April: nothing new.
    assert.deepEqual(
      periods.map((each) => [each.realizedSeats, each.realizedMinor, each.billedMinor]),
      [
        [[], 0, 4_600],
        [["a", "c"], 1_000, 4_100],
        [["c"], 500, 3_600],
        [[], 0, 3_600],
      ],
    );
  });

  it("weighs a seat that newcomers took over as saved, and says beside it that the bill did not fall", () => {
    const { periods } = reckon(
      MONTHLY,
      story("2026-03-15", ["2026-01-16", "reclaim", "a"], ["2026-01-17", "join", "g"]),
    );

    // With a there would be seven: 5,100; with six it is 4,600, as before.
    assert.deepEqual([periods[1]?.realizedMinor, periods[1]?.fallenMinor], [500, 0]);
  });

  it("keeps an annual quantity until renewal, and saves nothing inside a size", () => {
    const { periods } = reckon(
      ANNUAL,
      story(
        "2028-01-16",
        ["2026-05-01", "join", "g"],
        ["2026-05-02", "reclaim", "g"],
        ["2026-06-01", "reclaim", "a"],
        ["2027-06-01", "reclaim", "b"],
      ),
    );

    // Six at first: size 6, 4,600; seven for a day: one short. Five at renewal: size 6 again. With a and g it were seven:
    // size 10, 6,600, so 2,000 are realized. Four a year later: size 4, 3,600, and five would have been size 6: 1,000.
    assert.deepEqual(
      periods.map((each) => [each.billedQuantity, each.billedMinor, each.short, each.realizedMinor, each.fallenMinor]),
      [
        [6, 4_600, 1, 0, 0],
        [6, 4_600, 0, 2_000, 0],
        [4, 3_600, 0, 1_000, 1_000],
      ],
    );
  });

  it("prices a tier of Data Center as a whole", () => {
    const { periods } = reckon(
      DATA_CENTER,
      story("2027-01-16", ["2026-02-01", "reclaim", "a"], ["2026-02-02", "reclaim", "b"]),
    );

    assert.deepEqual(
      periods.map((each) => [each.billedQuantity, each.billedMinor, each.realizedMinor]),
      [
        [6, 55_000, 0],
        [4, 40_000, 15_000],
      ],
    );
  });

  it("takes the prices of the day on which a period begins", () => {
    const dearer = { from: "2026-02-10", bands: [{ upTo: null, priceMinor: 2_000 }] };
    const license = { ...MONTHLY, prices: [...MONTHLY.prices, dearer] };

    const { periods } = reckon(license, story("2026-03-15", ["2026-02-12", "join", "g"]));

    assert.deepEqual(
      periods.map((each) => each.billedMinor),
      [5_100, 14_000],
    );
  });

  it("says what the next event would bill less, of seats that are still held", () => {
    const { days } = reckon(MONTHLY, story("2026-02-01", ["2026-01-20", "reclaim", "a"]));
    const day = days.at(-1);
    assert.ok(day);

    // Five are held: 4,100. Without b, c and the a that is gone already three: 2,800.
    assert.deepEqual(avoidable(MONTHLY, day, ["a", "b", "c"]), { event: "2026-02-15", amountMinor: 1_300 });
    assert.deepEqual(avoidable(DATA_CENTER, day, ["b"]), { event: "2027-01-15", amountMinor: 15_000 });
    assert.deepEqual(avoidable(DATA_CENTER, { ...day, held: HELD }, ["b"]), { event: "2027-01-15", amountMinor: 0 });
    assert.equal(avoidable(ANNUAL, { ...day, day: "2028-01-15" }, ["b"]), null);
  });

  it("tells what is owned, used, free and short, and what that costs", () => {
    const events = [
      ["2026-01-16", "join", "g"],
      ["2026-01-18", "reclaim", "a"],
      ["2026-01-18", "leave", "b"],
    ] as const;
    const happened = story("2026-02-01", ...events.map(([...each]): [string, SeatEvent["kind"], string] => each));
    const on = (license: ReferenceLicense, day: string) => position(license, reckon(license, happened), day);
    const shown = (owned: number, used: number, trueUpMinor: number, overLicensedMinor: number) => ({
      owned,
      used,
      free: Math.max(owned - used, 0),
      short: Math.max(used - owned, 0),
      trueUpMinor,
      overLicensedMinor,
    });

    // Seven have been held this month: 5,100. Five are left on the 18th: 4,100.
    assert.deepEqual(on(MONTHLY, "2026-01-15"), shown(6, 6, 0, 0));
    assert.deepEqual(on(MONTHLY, "2026-01-17"), shown(7, 7, 0, 0));
    assert.deepEqual(on(MONTHLY, "2026-01-18"), shown(7, 5, 0, 1_000));
    // Size 6 for 4,600; seven need size 10 for 6,600; five need size 6.
    assert.deepEqual(on(ANNUAL, "2026-01-16"), shown(6, 7, 2_000, 0));
    assert.deepEqual(on(ANNUAL, "2026-01-18"), shown(6, 5, 0, 0));
    assert.deepEqual(on({ ...ANNUAL, sizes: [] }, "2026-01-18"), shown(6, 5, 0, 500));
    assert.deepEqual(on(DATA_CENTER, "2026-01-16"), shown(6, 7, 25_000, 0));
    assert.throws(() => on(MONTHLY, "2026-02-01"), /does not tell/);
  });

  it("bills on the last day of a month that has no such billing day", () => {
    const license = { ...MONTHLY, billingDay: 31 };

    assert.equal(nextBillingEvent(license, "2026-01-31"), "2026-02-28");
    assert.equal(nextBillingEvent(license, "2026-02-28"), "2026-03-31");
    assert.equal(nextBillingEvent(license, "2028-02-01"), "2028-02-29");
  });

  it("refuses a story in which somebody leaves who is not there", () => {
    assert.throws(() => reckon(MONTHLY, story("2026-02-01", ["2026-01-16", "leave", "z"])), /z cannot leave/);
  });
});

describe("generated years", () => {
  for (const seed of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const { currency, license, story } = moneyYear(seed);

    it(`of ${license.metric} licenses in ${currency} add up in whole minor units`, () => {
      const { periods, days } = reckon(license, story);

      assert.equal(days.length, 365);
      assert.equal(periods[0]?.from, story.from);
      assert.equal(periods.at(-1)?.until, story.until);
      for (const [index, period] of periods.entries()) {
        assert.ok(Number.isSafeInteger(period.billedMinor) && period.billedMinor > 0);
        assert.ok(Number.isSafeInteger(period.realizedMinor) && period.realizedMinor >= 0);
        assert.equal(period.until, periods[index + 1]?.from ?? story.until);
        const inside = days.filter((each) => each.day >= period.from && each.day < period.until);
        assert.equal(period.highest, Math.max(period.heldAtStart, ...inside.map((each) => each.highest)));
      }
      const realized = periods.reduce((sum, each) => sum + each.realizedSeats.length, 0);
      const reclaims = story.events.filter((each) => each.kind === "reclaim").length;
      assert.ok(realized > 0 && realized <= reclaims, `${realized} of ${reclaims}`);
      assert.deepEqual(moneyYear(seed).story, story);
    });
  }
});
