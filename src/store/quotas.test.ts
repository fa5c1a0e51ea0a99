import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Database, openDatabase } from "./database.ts";
import type { QuotaReport } from "../model/quotas.ts";
import { exchangeQuotas } from "./quotas.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";

const HOUR = new Date("2026-03-04T05:00:00.000Z");
const NEXT_HOUR = new Date("2026-03-04T06:00:00.000Z");

describe("quotas", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(HOUR), log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  async function exchange(holder: string, quota: string, report: Partial<QuotaReport>) {
    const nothing = { hourAt: HOUR, points: 0, pointsMin: 0, blockedUntil: null, blockedBy: null, slots: 0 };
    const [state] = await db.transaction((tx) => exchangeQuotas(tx, holder, [{ ...nothing, ...report, quota }]));
    return state;
  }

  it("add up what the processes spent in an hour, and begin anew with the next", async () => {
    await exchange("one", "points", { points: 300 });

    const both = await exchange("other", "points", { points: 200 });
    const late = await exchange("other", "points", { hourAt: NEXT_HOUR, points: 5 });
    const straggler = await exchange("one", "points", { points: 400 });

    assert.equal(both?.points, 500);
    assert.deepEqual([late?.points, late?.hourAt], [5, NEXT_HOUR]);
    assert.equal(straggler?.points, 5);
  });

  it("believe a header that knows of more than the processes spent", async () => {
    const told = await exchange("one", "header", { points: 10, pointsMin: 60_000 });
    const afterwards = await exchange("other", "header", { points: 1_000 });

    assert.equal(told?.points, 60_000);
    assert.equal(afterwards?.points, 61_000);
  });

  it("keep the latest instant before which nobody may ask", async () => {
    await exchange("one", "blocked", { blockedUntil: NEXT_HOUR, blockedBy: "quota" });

    const state = await exchange("other", "blocked", { blockedUntil: HOUR, blockedBy: "rate-limited" });

    assert.deepEqual([state?.blockedUntil, state?.blockedBy], [NEXT_HOUR, "quota"]);
  });

  it("tell each process what room the others keep", async () => {
    await exchange("one", "slots", { slots: 6 });

    const state = await exchange("other", "slots", { slots: 2 });

    assert.equal(state?.othersSlots, 6);
    assert.equal((await exchange("one", "slots", { slots: 6 }))?.othersSlots, 2);
  });
});
