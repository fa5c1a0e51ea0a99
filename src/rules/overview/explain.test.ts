import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainMoney } from "./explain.ts";

const NOTHING = {
  seats: { used: 172, owned: null, free: null, short: null },
  withoutLicense: 172,
  withoutPrice: 172,
  costs: [],
  savings: [],
  sites: [],
};

describe("how the overview's money is explained", () => {
  it("says that owned is not known, never zero, while nobody has entered what was bought", () => {
    const { seats, costs, savings } = explainMoney(NOTHING);

    assert.match(seats.join(" "), /Owned is not known: .* the sites of 172 of them\./);
    assert.match(costs.join(" "), /No price is known\. Of 172 seats no price is known/);
    assert.match(savings.join(" "), /would lower no bill/);
  });

  it("says what is at list price only where something is", () => {
    const cost = { currency: "USD", monthMinor: 500, atListPriceMinor: 0 };

    const byLicense = explainMoney({ ...NOTHING, withoutPrice: 0, costs: [cost] });
    const byList = explainMoney({ ...NOTHING, withoutPrice: 0, costs: [{ ...cost, atListPriceMinor: 500 }] });

    assert.doesNotMatch(byLicense.costs.join(" "), /list price/);
    assert.match(byList.costs.join(" "), /list price/);
  });
});
