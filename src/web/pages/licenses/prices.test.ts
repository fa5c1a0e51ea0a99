import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPrices, writePrices } from "./prices.ts";

const BANDS = { kind: "bands", currency: "USD", quantity: null } as const;

describe("prices as people write them", () => {
  it("reads one price, and bands with one beyond all", () => {
    assert.deepEqual(readPrices("5.16", BANDS)?.steps, [{ upTo: null, priceMinor: 516 }]);
    assert.deepEqual(readPrices("100: 6.55; *: 5.10", BANDS)?.steps, [
      { upTo: 100, priceMinor: 655 },
      { upTo: null, priceMinor: 510 },
    ]);
  });

  it("takes a single price of a tier for the quantity", () => {
    const read = readPrices("28500", { kind: "tiers", currency: "USD", quantity: 500 });

    assert.deepEqual(read, { kind: "tiers", steps: [{ upTo: 500, priceMinor: 2_850_000 }] });
  });

  it("keeps to the currency's digits, and rounds nothing", () => {
    assert.deepEqual(readPrices("650", { ...BANDS, currency: "JPY" })?.steps, [{ upTo: null, priceMinor: 650 }]);
    assert.equal(readPrices("6.555", BANDS), null);
    assert.equal(readPrices("6.5", { ...BANDS, currency: "JPY" }), null);
  });

  it("is nothing where a part of it is no price", () => {
    for (const words of ["", "cheap", "100: 6; then 5", "-5"]) assert.equal(readPrices(words, BANDS), null);
  });

  it("writes what it reads", () => {
    for (const words of ["5.16", "100: 6.55; *: 5.10"]) {
      const pricing = readPrices(words, BANDS);
      assert.equal(pricing && writePrices(pricing, "USD"), words);
    }
  });
});
