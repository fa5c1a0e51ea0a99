import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { afterRun } from "../sync/after-run.ts";
import { openDatabase, type Database } from "./database.ts";
import { SEAT_FACTS_COLUMNS, toSeatFacts, type SeatFactsRow } from "./seat-facts.ts";
import { sql } from "./sql.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";
import { daysAgo, OBSERVED_AT, siteFixture, type SiteFixture } from "./testing/facts.ts";

describe("what is covered of a seat's reading", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    acme = await siteFixture(db);
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  async function judged() {
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
    const [row] = await db.query<SeatFactsRow>(sql`select ${SEAT_FACTS_COLUMNS} from seat_facts f`);
    assert.ok(row);
    const { reading, seatStatus } = toSeatFacts(row);
    return { reading, seatStatus };
  }

  it("has no hole: of two sources between which nothing was observed the later one counts alone", async () => {
    await acme.window("viewed", { source: "organization", until: daysAgo(200) });
    await acme.evidence("ann", "viewed", daysAgo(400), { source: "organization", until: daysAgo(300) });
    await acme.window("viewed", { source: "import", since: daysAgo(30) });

    const { reading, seatStatus } = await judged();

    assert.equal(seatStatus, "no-evidence");
    assert.deepEqual(reading, [{ kind: "viewed", knownSince: daysAgo(30), knownUntil: OBSERVED_AT }]);
  });

  it("goes on from one source to another where they meet", async () => {
    await acme.window("viewed", { source: "organization", until: daysAgo(20) });
    await acme.evidence("ann", "viewed", daysAgo(400), { source: "organization", until: daysAgo(300) });
    await acme.window("viewed", { source: "import", since: daysAgo(30) });

    const { reading } = await judged();

    assert.deepEqual(reading, [{ kind: "viewed", knownSince: null, knownUntil: OBSERVED_AT }]);
  });

  it("reaches as far as the directory does where an import is newer and shorter", async () => {
    await acme.window("viewed", { source: "organization", until: daysAgo(1) });
    await acme.evidence("ann", "viewed", daysAgo(400), { source: "organization", until: daysAgo(300) });
    await acme.window("viewed", { source: "import", since: daysAgo(5) });

    const { reading, seatStatus } = await judged();

    assert.equal(seatStatus, "idle");
    assert.deepEqual(reading, [{ kind: "viewed", knownSince: null, knownUntil: OBSERVED_AT }]);
  });

  it("is what an import covers of somebody of whom the directory does not tell", async () => {
    await acme.window("viewed", { source: "organization" });
    await acme.evidence("ann", "viewed", null, { source: "organization", until: daysAgo(90), isTold: false });
    await acme.window("viewed", { source: "import", since: daysAgo(70), until: daysAgo(1) });

    const { reading, seatStatus } = await judged();

    assert.equal(seatStatus, "never-used");
    assert.deepEqual(reading, [{ kind: "viewed", knownSince: daysAgo(70), knownUntil: daysAgo(1) }]);
  });

  it("is nothing where neither tells of the account", async () => {
    await acme.window("viewed", { source: "organization" });
    await acme.evidence("ann", "viewed", daysAgo(90), { source: "organization", until: daysAgo(80), isTold: false });

    assert.deepEqual(await judged(), { reading: [], seatStatus: "no-evidence" });
  });
});
