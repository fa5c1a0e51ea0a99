import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { License } from "../../model/licenses.ts";
import { assemblePosition, type PositionFacts } from "./assemble.ts";

const at = new Date("2026-05-04T00:00:00Z");
const LICENSE: License = {
  id: "license_1",
  name: "Wiki",
  siteIds: [],
  edition: "data-center",
  metric: "data-center-tier",
  quantity: 500,
  pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 655 }] },
  currency: "USD",
  termStart: "2026-01-15",
  termEnd: "2027-01-15",
  billingDay: null,
  renewalOn: null,
  noticeOn: null,
  autoRenew: false,
  renewalQuantity: null,
  costCenter: null,
  ownerId: null,
  note: null,
  revision: 1,
  quantitySince: at,
  settledTo: "2026-01-14",
  createdBy: "test",
  createdAt: at,
  updatedAt: at,
  endedOn: null,
  endedReason: null,
};

function lines(sites: PositionFacts["sites"]): string[] {
  const none = new Map();
  const facts = { sites, counts: none, shares: [], licenses: [LICENSE], peaks: none, realized: none, at };
  return assemblePosition(facts).map(({ level, product }) => `${level} ${product.replace("confluence-", "")}`);
}

describe("the lines of a position", () => {
  it("put the editions and licenses of a product below it", () => {
    const cloud = { id: "site_1", source: "confluence-cloud", edition: "standard" } as const;
    const wiki = { id: "site_2", source: "confluence-data-center", edition: "data-center" } as const;

    assert.deepEqual(lines([wiki, cloud]), [
      "product cloud",
      "edition cloud",
      "product data-center",
      "edition data-center",
      "license data-center",
    ]);
  });

  it("keep a license of a product that no site has yet", () => {
    assert.deepEqual(lines([]), ["license data-center"]);
  });
});
