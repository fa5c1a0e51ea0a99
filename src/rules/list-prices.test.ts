import assert from "node:assert/strict";
import { it } from "node:test";
import { estimateAtListPrice } from "./list-prices.ts";

const seats = { active: 10, idle: 3, "never-used": 2, "no-evidence": 1 };

it("prices unused seats in whole cents and says when the money becomes real", () => {
  const estimate = estimateAtListPrice("standard", seats);

  assert.equal(estimate?.seatsMinor, 16 * 655);
  assert.equal(estimate?.idleMinor, 1965);
  assert.equal(estimate?.neverUsedMinor, 1310);
  assert.equal(estimate?.unusedMinor, 3275);
  assert.equal(estimate?.realFrom, "next-bill");
  assert.equal(estimate?.price.currency, "USD");
});

it("never saves anything on the Free edition", () => {
  assert.equal(estimateAtListPrice("free", seats)?.unusedMinor, 0);
});

it("shows no money where there is no list price or the edition is not known", () => {
  assert.equal(estimateAtListPrice("enterprise", seats), null);
  assert.equal(estimateAtListPrice("unrecognized", seats), null);
  assert.equal(estimateAtListPrice(null, seats), null);
});
