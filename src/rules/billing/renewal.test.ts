import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pricing } from "../../model/licenses.ts";
import { demandOf, figuresOf, forecastRenewal } from "./renewal.ts";

describe("past demand", () => {
  it("is the most that was held on each day, also for an hour", () => {
    const changes = [
      { day: "2026-11-02", net: 2, highest: 5 },
      { day: "2026-11-04", net: -3, highest: 0 },
    ];

    const demand = demandOf(changes, { from: "2026-11-01", until: "2026-11-06", heldNow: 9 });

    assert.deepEqual(demand.seats, [10, 15, 12, 12, 9]);
    assert.deepEqual(figuresOf(demand), {
      from: "2026-11-01",
      until: "2026-11-06",
      days: 5,
      p50: 12,
      p95: 15,
      max: 15,
    });
  });
});

describe("a renewal for fewer seats", () => {
  const demand = {
    from: "2026-01-01",
    until: "2027-01-01",
    seats: Array.from({ length: 365 }, (_, day) => 400 + (day % 73)),
  };

  it("is told with its cost, what it saves, and on how many days it would not be enough", () => {
    const pricing: Pricing = { kind: "bands", steps: [{ upTo: null, priceMinor: 7000 }] };

    assert.deepEqual(forecastRenewal({ pricing }, demand, 460, 500 * 7000), {
      seats: 460,
      costMinor: 460 * 7000,
      savesMinor: 40 * 7000,
      capacity: 460,
      daysShort: 60,
      shortMost: 12,
    });
  });

  it("is enough for the whole tier that it is for", () => {
    const pricing: Pricing = {
      kind: "tiers",
      steps: [
        { upTo: 250, priceMinor: 100 },
        { upTo: 500, priceMinor: 180 },
      ],
    };

    const { capacity, daysShort, costMinor } = forecastRenewal({ pricing }, demand, 251, 180);

    assert.deepEqual([capacity, daysShort, costMinor], [500, 0, 180]);
  });
});
