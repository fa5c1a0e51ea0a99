import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { toDay } from "../lib/day.ts";
import { silentLog } from "../lib/log.ts";
import type { Condition } from "../model/conditions.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../model/reclamation.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { sql } from "../store/sql.ts";
import { testDatabase, type TestDatabase } from "../store/testing/database.ts";
import { daysAgo, OBSERVED_AT, siteFixture, type SiteFixture } from "../store/testing/facts.ts";
import { backtestRule } from "./backtest-rule.ts";

const IDLE: Condition = { is: "idle", days: 60 };

describe("a back-test", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;

  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    acme = await siteFixture(db);
    await acme.window("viewed");
    // The first sync was 200 days ago, and then there was one every ten days.
    for (let days = 200; days >= 0; days -= 10) {
      await acme.run(daysAgo(days), "full", [
        { kind: "accounts", state: "complete" },
        { kind: "organization-accounts", state: "complete" },
      ]);
    }
    await run(sql`
      insert into site_known_since (site_id, kind, since)
      values (${acme.siteId}, 'accounts', ${daysAgo(200)}), (${acme.siteId}, 'organization-accounts', ${daysAgo(200)})
    `);
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const run = (statement: ReturnType<typeof sql>) => db.transaction((tx) => tx.execute(statement));

  /** A seat given years ago, viewed so many days ago; each view was seen within a day. */
  async function seat(name: string, viewedDaysAgo: number[]) {
    const id = await acme.account(name, { hasAccess: true, firstSeenAt: daysAgo(200) });
    await run(sql`
      insert into seats (site_id, account_id, edition, since, since_origin, started_at)
      values (${acme.siteId}, ${id}, 'standard', ${daysAgo(1000)}, 'organization', ${daysAgo(200)})
    `);
    for (const days of viewedDaysAgo) {
      await run(sql`
        insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
        values (${acme.siteId}, 'organization', ${`${name}@${days}`}, ${id}, 'view', 'used Confluence',
                ${daysAgo(days)}, ${days > 200 ? daysAgo(200) : daysAgo(days - 1)})
      `);
    }
    return id;
  }

  async function backtest(condition: Condition, asOfDaysAgo: number, limit = 50) {
    const rule = { siteIds: [acme.siteId], condition, settings: DEFAULT_RECLAMATION_SETTINGS };
    return backtestRule(db, rule, { asOf: daysAgo(asOfDaysAgo), now: OBSERVED_AT, cursor: null, limit });
  }

  it("tells whom a rule would have taken, and who of them was active soon after", async () => {
    await seat("silent", [300]);
    await seat("back within a week", [250, 95]);
    await seat("back within a month", [250, 80]);
    await seat("active", [250, 150, 120, 101]);

    const outcome = await backtest(IDLE, 100);

    assert.ok(outcome.ok);
    assert.equal(outcome.value.seats, 4);
    assert.deepEqual(outcome.value.activeWithin, { days7: 1, days30: 2, days90: 2 });
    const names = outcome.value.items.map(({ name }) => name);
    assert.deepEqual(names, ["silent", "back within a week", "back within a month"]);
    assert.deepEqual(outcome.value.items[1]?.activeAfterAt, daysAgo(95));
  });

  it("does not tell of days that are not over", async () => {
    await seat("silent", [300]);

    const outcome = await backtest(IDLE, 20);

    assert.ok(outcome.ok);
    assert.deepEqual(outcome.value.activeWithin, { days7: 0, days30: null, days90: null });
  });

  it("goes by what had been seen by then", async () => {
    const id = await seat("seen late", [300]);
    await run(sql`
      insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
      values (${acme.siteId}, 'import', 'late', ${id}, 'view', 'viewed', ${daysAgo(110)}, ${daysAgo(50)})
    `);

    const outcome = await backtest(IDLE, 100);

    assert.ok(outcome.ok);
    assert.equal(outcome.value.wouldTake, 1);
  });

  it("lacks evidence on a day before which views had not been read for long", async () => {
    await seat("silent", [300]);
    await run(
      sql`delete from listings where run_id in (select id from runs where observed_at between ${daysAgo(110)} and ${daysAgo(90)})`,
    );

    const outcome = await backtest(IDLE, 100);

    assert.ok(outcome.ok);
    assert.deepEqual([outcome.value.wouldTake, outcome.value.lacksEvidence], [0, 1]);
  });

  it("says from when it can be asked where history does not reach back", async () => {
    const outcome = await backtest(IDLE, 150);

    assert.ok(!outcome.ok && outcome.error.code === "not-known-then");
    assert.match(outcome.error.detail, new RegExp(`from the end of ${toDay(daysAgo(140))} on`));
  });

  it("asks for no silence that the rule does not ask for", async () => {
    await seat("silent", [300]);

    const outcome = await backtest({ is: "expression", cel: "account.class == 'licensed'" }, 199);

    assert.ok(outcome.ok);
    assert.equal(outcome.value.wouldTake, 1);
  });

  it("refuses a day to come, and a condition that ranks seats", async () => {
    const future = await backtest(IDLE, -1);
    const ranking = await backtest({ is: "over-capacity", seats: 3 }, 100);

    assert.ok(!future.ok && future.error.code === "in-the-future");
    assert.ok(!ranking.ok && ranking.error.code === "not-known-then");
  });
});
