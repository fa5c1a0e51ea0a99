import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addDays } from "../../lib/day.ts";
import type { PositionLine, PositionMoney } from "../../model/position.ts";
import { NO_COUNTS } from "../position/assemble.ts";
import { moneyOverview } from "./money.ts";
import { forecastSeats } from "./seat-forecast.ts";

describe("seats and money of the overview", () => {
  it("counts a license once, whatever number of sites it covers, and adds a month of a year's price", () => {
    const annual = money({ period: "year", costMinor: 120_000, avoidableMinor: 12_000, avoidableFrom: "2027-03-01" });

    const told = moneyOverview([
      line({ level: "product", used: 30, owned: 40, money: [annual] }),
      line({ siteId: "site_a", licenseId: "license_a", used: 10, money: [money({ costMinor: null })] }),
      line({ siteId: "site_b", licenseId: "license_a", used: 15, excluded: 5, money: [money({ costMinor: null })] }),
      line({
        level: "license",
        licenseId: "license_a",
        metric: "annual-seats",
        used: 25,
        excluded: 5,
        owned: 40,
        free: 10,
        short: 0,
        reclaimable: 3,
        money: [annual],
      }),
    ]);

    assert.deepEqual(told.seats, { used: 30, owned: 40, free: 10, short: 0 });
    assert.deepEqual(told.costs, [{ currency: "USD", monthMinor: 10_000, atListPriceMinor: 0 }]);
    assert.deepEqual(told.savings, [
      { currency: "USD", monthMinor: 1000, seats: 3, kind: "renewal", from: "2027-03-01", basis: "license" },
    ]);
    assert.deepEqual(
      told.sites.map(({ siteId, used, monthMinor }) => [siteId, used, monthMinor]),
      [
        ["site_a", 10, null],
        ["site_b", 20, null],
      ],
    );
  });

  it("says how much is at list price, and does not know what is owned where nobody entered it", () => {
    const told = moneyOverview([
      line({ level: "license", licenseId: "license_a", used: 10, owned: 20, money: [money({ costMinor: 5000 })] }),
      line({ siteId: "site_b", used: 4, money: [money({ basis: "list-price", costMinor: 2620 })] }),
      line({ siteId: "site_c", used: 7, money: [] }),
    ]);

    assert.equal(told.seats.owned, null);
    assert.equal(told.withoutLicense, 11);
    assert.equal(told.withoutPrice, 7);
    assert.deepEqual(told.costs, [{ currency: "USD", monthMinor: 7620, atListPriceMinor: 2620 }]);
  });
});

describe("the forecast of seats", () => {
  const days = (count: number, used: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => ({ day: addDays("2026-01-01", index), used: used(index) }));

  it("goes on as the last 90 days went, from today's number", () => {
    const forecast = forecastSeats(days(200, (index) => 100 + index));

    assert.equal(forecast.length, 26);
    assert.deepEqual(forecast[0], { day: addDays("2026-01-01", 206), used: 306 });
    assert.equal(forecast.at(-1)?.used, 299 + 182);
  });

  it("never falls below nobody, and says nothing of a month that is not over", () => {
    assert.equal(forecastSeats(days(60, (index) => 60 - index)).at(-1)?.used, 0);
    assert.deepEqual(forecastSeats(days(29, () => 5)), []);
  });
});

function line(given: Partial<PositionLine>): PositionLine {
  return {
    level: "edition",
    product: "confluence-cloud",
    siteId: null,
    licenseId: null,
    edition: "standard",
    metric: null,
    status: "unknown",
    owned: null,
    free: null,
    short: null,
    ways: [],
    shares: [],
    ...NO_COUNTS,
    money: [],
    ...given,
  };
}

function money(given: Partial<PositionMoney>): PositionMoney {
  return {
    currency: "USD",
    period: "month",
    basis: "license",
    costMinor: 0,
    trueUpMinor: 0,
    overMinor: 0,
    avoidableMinor: 0,
    avoidableFrom: null,
    nextSeatMinor: null,
    lowerTier: null,
    realizedMinor: 0,
    ...given,
  };
}
