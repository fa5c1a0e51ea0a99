import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pricing } from "../../model/licenses.ts";
import { allocated, capacityOf, costOfMore, lowerTier, priceOf, savingOf } from "./price.ts";

const BANDS: Pricing = {
  kind: "bands",
  steps: [
    { upTo: 10, priceMinor: 0 },
    { upTo: 100, priceMinor: 655 },
    { upTo: null, priceMinor: 501 },
  ],
};
const TIERS: Pricing = {
  kind: "tiers",
  steps: [
    { upTo: 500, priceMinor: 2_850_000 },
    { upTo: 1000, priceMinor: 5_110_000 },
  ],
};

describe("the price of seats", () => {
  it("is graduated: each seat pays the price of its band", () => {
    assert.equal(priceOf(BANDS, 0), 0);
    assert.equal(priceOf(BANDS, 10), 0);
    assert.equal(priceOf(BANDS, 100), 90 * 655);
    assert.equal(priceOf(BANDS, 103), 90 * 655 + 3 * 501);
  });

  it("is one price for a tier, and unknown beyond the last", () => {
    assert.equal(priceOf(TIERS, 0), 2_850_000);
    assert.equal(priceOf(TIERS, 500), 2_850_000);
    assert.equal(priceOf(TIERS, 501), 5_110_000);
    assert.equal(priceOf(TIERS, 1001), null);
  });

  it("of the next seat, and what some seats less save, follow bands and tiers and no average", () => {
    assert.equal(costOfMore(BANDS, 100), 501);
    assert.equal(savingOf(BANDS, 102, 5), 2 * 501 + 3 * 655);
    assert.equal(costOfMore(TIERS, 499), 0);
    assert.equal(costOfMore(TIERS, 500), 2_260_000);
    assert.equal(savingOf(TIERS, 537, 36), 0);
    assert.equal(savingOf(TIERS, 537, 37), 2_260_000);
    assert.equal(costOfMore(TIERS, 1000), null);
  });

  it("says how many seats have to go until a lower tier is reached", () => {
    assert.deepEqual(lowerTier(TIERS, 537), { upTo: 500, after: 37, savesMinor: 2_260_000 });
    assert.equal(lowerTier(TIERS, 400), null);
    assert.equal(lowerTier(BANDS, 400), null);
  });

  it("holds as many users as its tier, or as many as are bought", () => {
    assert.equal(capacityOf(TIERS, 501), 1000);
    assert.equal(capacityOf(BANDS, 501), 501);
  });
});

describe("a part of a price", () => {
  it("shared by weight sums up to the whole", () => {
    assert.deepEqual(allocated(100, [1, 1, 1]), [34, 33, 33]);
    assert.deepEqual(allocated(7, [0, 0]), [0, 0]);
    assert.deepEqual(allocated(1000, [3, 0, 4]), [429, 0, 571]);
  });
});
