import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Fault } from "../lib/errors.ts";
import { manualClock, systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { listProcesses } from "../store/processes.ts";
import { sql } from "../store/sql.ts";
import { testDatabase, type TestDatabase } from "../store/testing/database.ts";
import { startPresence } from "./presence.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const identity = { holder: "host/1/aa", kind: "worker", version: "1.0.0", startedAt: NOW } as const;

describe("the presence of a process", () => {
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

  it("is told from its start until it ends in order", async () => {
    const presence = await startPresence({ db, clock: systemClock, log: silentLog, identity, onOutdated: () => {} });
    const living = await listProcesses(db);
    await presence.close();

    assert.deepEqual(
      living.map(({ holder, isAlive }) => [holder, isAlive]),
      [[identity.holder, true]],
    );
    assert.deepEqual(await listProcesses(db), []);
  });

  it("ends when a newer Usher changes the database while it runs", async () => {
    const outdated = Promise.withResolvers<Fault>();
    await db.transaction((tx) =>
      tx.execute(sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future.sql', 'now')`),
    );

    const presence = await startPresence({
      db,
      clock: manualClock(NOW),
      log: silentLog,
      identity,
      onOutdated: outdated.resolve,
    });
    const fault = await outdated.promise;
    await presence.close();

    assert.equal(fault.code, "store.schema-newer");
  });
});
