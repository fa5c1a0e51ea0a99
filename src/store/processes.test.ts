import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Database, openDatabase } from "./database.ts";
import { takeLease } from "./leases.ts";
import { deleteForgottenProcesses, listProcesses, removeProcess, saveProcessSeen } from "./processes.ts";
import { sql } from "./sql.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const WORKER = { holder: "host/1/aa", kind: "worker", version: "1.0.0", startedAt: NOW } as const;

describe("processes", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  const silentFor = (interval: string) =>
    db.transaction((tx) => tx.execute(sql`update processes set seen_at = seen_at - ${interval}::interval`));

  it("are told of with the runs they hold, as gone once they are silent, and not at all after a day", async () => {
    await db.transaction((tx) => saveProcessSeen(tx, WORKER));
    await db.transaction((tx) => takeLease(tx, "site/site_1", WORKER.holder, 30));

    const living = await listProcesses(db);
    await silentFor("1 minute");
    const silent = await listProcesses(db);
    await silentFor("1 day");
    const forgotten = await listProcesses(db);
    const deleted = await db.transaction(deleteForgottenProcesses);

    assert.deepEqual(
      living.map(({ holder, isAlive, runs }) => [holder, isAlive, runs]),
      [[WORKER.holder, true, 1]],
    );
    assert.deepEqual(
      silent.map((each) => each.isAlive),
      [false],
    );
    assert.deepEqual([forgotten, deleted], [[], 1]);
  });

  it("that end in order are told of no more", async () => {
    await db.transaction((tx) => saveProcessSeen(tx, WORKER));
    await db.transaction((tx) => removeProcess(tx, WORKER.holder));

    assert.deepEqual(await listProcesses(db), []);
  });
});
