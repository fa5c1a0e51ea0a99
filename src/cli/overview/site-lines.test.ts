import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_COLORS } from "../output/colors.ts";
import { siteLines } from "./site-lines.ts";
import { SITE } from "./testing/site.ts";

const OPTIONS = { colors: NO_COLORS, now: new Date("2026-11-21T14:00:00Z"), widthMax: 110, idleAfterDays: 60 };

describe("the lines of a site", () => {
  it("tell seats by status and what each rests on, money, groups, who else is there, and gaps", () => {
    assert.deepEqual(siteLines(SITE, OPTIONS), [
      "Acme  3,871 seats · standard · observe only · data as of 4 min ago",
      "    2,400 active       used in the last 60 days: views (organization key)",
      "      852 idle         used, but not in the last 60 days: views known for each account's whole life",
      "      348 never used   no use ever: views known for each account's whole life",
      "      271 no evidence  nothing that sees readers covers the time; no proof of silence",
      "  Money        $4,396.32 a month for 852 idle seats, $1,795.68 never used, of $19,974.36 (list price $5.16)",
      "  Seats from   confluence-users 3,871 (to confirm) · contractors 9 (identity provider)",
      "  Besides      12 guests · 1 app · 0 customers · 40 deactivated · 7 without access; none of them holds a seat",
      "  Not seen     nothing: every listing was read to its end",
    ]);
  });

  it("never call silence proven where nothing sees readers", () => {
    const lines = siteLines({ ...SITE, evidence: [] }, OPTIONS);

    assert.match(lines[2] ?? "", /cannot be told: nothing that was read sees readers$/);
    assert.match(lines[3] ?? "", /cannot be told: nothing that was read sees readers$/);
  });

  it("say what could not be read, and why", () => {
    const because = "The API token may not read it.";
    const notSeen = [{ kind: "audit", state: "not-allowed" as const, listings: 1, code: null, because, fix: null }];

    const lines = siteLines({ ...SITE, notSeen }, OPTIONS);

    assert.equal(lines.at(-1), "  Not seen     1 listing of audit: The API token may not read it.");
  });

  it("fit the window", () => {
    for (const line of siteLines(SITE, { ...OPTIONS, widthMax: 60 }).slice(1)) assert.ok(line.length <= 60, line);
  });
});
