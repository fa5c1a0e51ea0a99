import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type Clock, manualClock } from "../../lib/clock.ts";
import { emptyTestDatabase, type TestDatabase } from "../testing/database.ts";
import { claimInstallation, type Release } from "./claim.ts";

const clock = manualClock(new Date("2026-01-01T00:00:00Z"));

describe("the claim on an installation", () => {
  let database: TestDatabase;
  let observer: pg.Client;

  before(async () => {
    database = await emptyTestDatabase();
    observer = new pg.Client(database.connection);
    await observer.connect();
  });

  after(async () => {
    await observer.end();
    await database.drop();
  });

  it("is given to one process at a time, and to the next when it is released", async () => {
    const first = await claim();
    const refused = await claimInstallation(database.connection, { clock });
    await first();
    const second = await claim();

    assert.deepEqual(refused, { ok: false, error: "already-running" });
    await second();
  });

  it("is taken again when the database was away", async () => {
    const release = await claim();
    const [before] = await holders();

    await breakSession(before!);
    const [now] = await holdersOnceThere();

    assert.notEqual(now, before);
    await release();
    assert.deepEqual(await holders(), []);
  });

  it("is lost, and says so, when another process took it while the database was away", async () => {
    const pause = Promise.withResolvers<void>();
    const lost = Promise.withResolvers<void>();
    const pausing: Clock = { now: clock.now, sleep: () => pause.promise };
    const first = await claimInstallation(database.connection, { clock: pausing, onLost: lost.resolve });
    await breakSession((await holders())[0]!);
    const second = await claim();

    pause.resolve();
    await lost.promise;

    assert.equal((await holders()).length, 1);
    await second();
    assert.ok(first.ok);
    await first.value();
  });

  async function claim(): Promise<Release> {
    const claimed = await claimInstallation(database.connection, { clock });
    assert.ok(claimed.ok);
    return claimed.value;
  }

  /** The sessions that hold the claim, by their server process. */
  async function holders(): Promise<number[]> {
    const { rows } = await observer.query<{ pid: number }>(`
      select pid
        from pg_locks
       where locktype = 'advisory'
         and database = (select oid from pg_database where datname = current_database())
    `);
    return rows.map((row) => row.pid);
  }

  async function holdersOnceThere(): Promise<number[]> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const found = await holders();
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Waits for the end of the session, so that its lock is free. */
  async function breakSession(pid: number): Promise<void> {
    await observer.query("select pg_terminate_backend($1, 5000)", [pid]);
  }
});
