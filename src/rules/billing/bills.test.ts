import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pricing } from "../../model/licenses.ts";
import { realizedByEach, realizedSeats } from "./bills.ts";

const TIERS: Pricing = {
  kind: "tiers",
  steps: [
    { upTo: 100, priceMinor: 10_000 },
    { upTo: 200, priceMinor: 15_000 },
  ],
};

describe("what reclaimed seats took off a bill", () => {
  it("is seat by seat what the bill would have been higher by, and together all of it", () => {
    const bands: Pricing = {
      kind: "bands",
      steps: [
        { upTo: 100, priceMinor: 700 },
        { upTo: null, priceMinor: 500 },
      ],
    };

    assert.deepEqual(realizedByEach(bands, 99, 3), [700, 500, 500]);
    assert.deepEqual(realizedByEach(TIERS, 99, 3), [0, 5000, 0]);
    assert.deepEqual(realizedByEach(TIERS, 200, 1), [null]);
  });

  it("leaves out those for whom there would have been room in what was bought", () => {
    assert.equal(realizedSeats(30, { held: 460, bought: 460 }), 30);
    assert.equal(realizedSeats(30, { held: 460, bought: 480 }), 10);
    assert.equal(realizedSeats(30, { held: 460, bought: 500 }), 0);
    assert.equal(realizedSeats(30, { held: 460, bought: 450 }), 30);
  });
});
