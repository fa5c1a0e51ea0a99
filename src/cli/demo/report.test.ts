import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_COLORS } from "../output/colors.ts";
import { SITE } from "../overview/testing/site.ts";
import type { DemoFacts, SiteFacts } from "./facts.ts";
import { reportLines, type ReportOptions } from "./report.ts";

const ACME: SiteFacts = {
  ...SITE,
  accountsTotal: 3931,
  memberships: 9000,
  groups: 300,
  spaces: 200,
  warnings: [],
  run: null,
};

const FACTS: DemoFacts = {
  sites: [ACME, { ...ACME, siteId: "site_000000000002", site: "Acme Labs" }],
  seats: { active: 4800, idle: 1704, "never-used": 696, "no-evidence": 542 },
  people: 3871,
  dataAsOf: SITE.dataAsOf,
  isStale: false,
  idleAfterDays: 60,
  peopleOnBoth: 1224,
  seatsOnBoth: 1074,
  nobodysSeats: 127,
};

const OPTIONS: ReportOptions = {
  colors: NO_COLORS,
  now: new Date("2026-11-21T14:00:00Z"),
  widthMax: 110,
  url: "http://localhost:7400",
  signInUrl: "http://localhost:7400/sign-in/x",
  docsUrl: "http://localhost:7400/docs",
  token: "usher_secret",
  tookMs: 22_000,
  isServing: true,
};

describe("the report of the demo", () => {
  it("takes nine lines a site, three for its people, a link that signs in, and a way to go on", () => {
    const lines = reportLines(FACTS, OPTIONS);

    assert.equal(lines.length, 32);
    assert.match(lines[0] ?? "", /^Acme {2}3,871 seats/);
    assert.match(lines[10] ?? "", /^Acme Labs {2}3,871 seats/);
    assert.deepEqual(lines.slice(-12), [
      "People  3,871 with a seat, each counted once",
      "  On both      1,224 on Cloud and on Data Center, 1,074 of them with a seat on each",
      "  Nobody's     127 accounts with a seat, of nobody in the personnel file",
      "",
      "Open  http://localhost:7400/sign-in/x",
      "      This link signs you in, once and within 12 hours; each start prints another one.",
      "",
      "API http://localhost:7400/api/v1 · documentation http://localhost:7400/docs · told after 22 s · Ctrl-C ends it",
      "In another shell:",
      "  export USHER_URL=http://localhost:7400 USHER_TOKEN=usher_secret",
      "  npx usher people list --filter status=idle",
      "Seats can be taken back here, and given back: docs/guide/demo.md",
    ]);
  });

  it("names no address that nobody will answer at", () => {
    const lines = reportLines(FACTS, { ...OPTIONS, isServing: false });

    assert.ok(!lines.join("\n").includes("localhost"));
  });
});
