import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatTable } from "../output/table.ts";
import { LINES } from "./position.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const COUNTS = {
  used: 10_432,
  excluded: 12,
  unmapped: 0,
  guests: 1204,
  active: 8000,
  idle: 1204,
  neverUsed: 301,
  noEvidence: 927,
  pending: 25,
};
const LINE: Parameters<(typeof LINES)[number]["plain"]>[0] = {
  level: "license",
  product: "confluence-cloud",
  siteId: null,
  site: null,
  licenseId: "license_000000000000",
  license: "Confluence Cloud Standard",
  edition: "standard",
  metric: "monthly-seats",
  ...COUNTS,
  status: "short",
  owned: 10_000,
  free: 0,
  short: 432,
  money: [
    {
      currency: "USD",
      period: "month",
      basis: "license",
      costMinor: 5_358_000,
      trueUpMinor: 216_000,
      overMinor: 0,
      avoidableMinor: 752_500,
      avoidableFrom: "2026-12-15",
      nextSeatMinor: 500,
      lowerTier: null,
      realizedMinor: 12_500,
    },
  ],
  ways: [],
  shares: [],
  explanation: [],
};

function shown(widthMax: number) {
  const cells = [LINES.map((column) => ({ text: column.show(LINE, NOW), paint: null }))];
  return formatTable(LINES, cells, { widthMax, paintHeading: (text) => text });
}

describe("the position in a terminal", () => {
  it("keeps status and money where a window of 80 has no room for every number", () => {
    const { lines, hidden } = shown(80);

    assert.ok(
      lines.every((line) => line.length <= 80),
      lines.join("\n"),
    );
    assert.match(lines[1] ?? "", /short .*10,000 .*\$53,580\.00 .*\$7,525\.00/);
    assert.ok(hidden.includes("Guests") && !hidden.includes("Avoidable"), hidden.join(", "));
  });

  it("hides nothing where there is room", () => {
    assert.deepEqual(shown(200).hidden, []);
  });
});
