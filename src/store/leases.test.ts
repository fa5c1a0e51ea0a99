import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { openDatabase, type Database } from "./database.ts";
import { holdLease, renewLease, takeLease } from "./leases.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";

const LAPSED_SECONDS = -1;

describe("a lease that a transaction holds", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(new Date("2026-11-21T12:00:00Z")), log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  it("is renewed while the transaction goes on", async () => {
    await db.transaction((tx) => takeLease(tx, "site/1", "ann", 30));

    const renewed = await db.transaction(async (tx) => {
      assert.equal(await holdLease(tx, "site/1", "ann"), true);
      return db.transaction((other) => renewLease(other, "site/1", "ann", 30));
    });

    assert.equal(renewed, true);
  });

  it("is taken by somebody else, though it has lapsed, only when the transaction has ended", async () => {
    await db.transaction((tx) => takeLease(tx, "site/2", "ann", LAPSED_SECONDS));
    const order: string[] = [];
    let taking = Promise.resolve(false);

    await db.transaction(async (tx) => {
      assert.equal(await holdLease(tx, "site/2", "ann"), true);
      taking = db.transaction((other) => takeLease(other, "site/2", "bob", 30)).finally(() => void order.push("taken"));
      await waitsForLock(tx);
      order.push("written");
    });

    assert.equal(await taking, true);
    assert.deepEqual(order, ["written", "taken"]);
    assert.equal(await db.transaction((tx) => holdLease(tx, "site/2", "ann")), false);
  });

  /** Until some transaction of this database waits for another one. */
  async function waitsForLock(tx: Parameters<typeof holdLease>[0]): Promise<void> {
    for (let tries = 0; tries < 10_000; tries += 1) {
      const [row] = await tx.query<{ waiting: number }>({
        text: "select count(*) as waiting from pg_locks where not granted",
        values: [],
      });
      if ((row?.waiting ?? 0) > 0) return;
    }
    throw new Error("Nobody waited.");
  }
});
