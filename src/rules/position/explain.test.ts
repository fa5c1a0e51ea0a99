import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainLine } from "./explain.ts";

type Line = Parameters<typeof explainLine>[0];

const LINE: Line = {
  level: "edition",
  product: "confluence-cloud",
  siteId: "site_1",
  licenseId: "license_1",
  edition: "standard",
  metric: "annual-seats",
  status: "over",
  owned: 200,
  used: 160,
  free: 28,
  short: 0,
  excluded: 12,
  unmapped: 0,
  guests: 0,
  active: 100,
  idle: 30,
  neverUsed: 20,
  noEvidence: 10,
  pending: 0,
  money: [],
  ways: [],
  shares: [],
};

describe("how a line of the position is explained", () => {
  it("says each number that adds up, and who an exclusion leaves out", () => {
    const words = explainLine(LINE);

    assert.deepEqual(words.slice(0, 4), [
      "160 used: 100 active, 30 idle, 20 never used and 10 without evidence.",
      "12 more hold a seat and are left out by an exclusion; Atlassian bills them all the same.",
      "200 owned: the quantity that was bought, until the renewal.",
      "28 free: 200 owned less the 172 who hold a seat.",
    ]);
  });

  it("says that nobody has entered what was bought, and nothing of free or short", () => {
    const words = explainLine({ ...LINE, licenseId: null, metric: null, owned: null, free: null, short: null });

    assert.match(words.join(" "), /Nobody has entered what was bought/);
    assert.doesNotMatch(words.join(" "), /\d free|\d short/);
  });

  it("sends the reader of a site that shares its license to the license's line", () => {
    const words = explainLine({ ...LINE, owned: null, free: null, short: null });

    assert.match(words.join(" "), /covers several sites/);
  });
});
