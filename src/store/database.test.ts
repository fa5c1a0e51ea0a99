import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Database, openDatabase, type StoreFailure } from "./database.ts";
import { listJournal, verifyJournal } from "./journal.ts";
import { joinSql, rawSql, sql } from "./sql.ts";
import { type TestDatabase, testDatabase } from "./testing/database.ts";

const NOW = new Date("2026-05-03T10:00:00.000Z");

describe("the database", () => {
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

  it("gives ids that sort by time and never repeat within one statement", async () => {
    const rows = await db.query<{ id: string }>(sql`select new_id('seat') as id from generate_series(1, 1000)`);

    const ids = rows.map(({ id }) => id);
    assert.equal(new Set(ids).size, 1000);
    assert.ok(ids.every((id) => /^seat_[0-9a-hjkmnp-tv-z]{12}$/.test(id)));
    assert.deepEqual(ids.toSorted(), ids);
  });

  it("binds nested fragments in their order", async () => {
    const conditions = [sql`number > ${3}`, sql`number <> ${5}`];

    const rows = await db.query<{ number: number }>(
      sql`select number from generate_series(1, ${7}::integer) as number where ${joinSql(conditions, " and ")}`,
    );

    assert.deepEqual(
      rows.map(({ number }) => number),
      [4, 6, 7],
    );
  });

  it("keeps nothing of a transaction that failed, journal included", async () => {
    const work = db.transaction(async (tx) => {
      await tx.execute(sql`insert into people (first_seen_at) values (${NOW})`);
      tx.record({ actorId: "system", through: "setup", entry: "test.failed", subjectId: null });
      throw new Error("no");
    });

    await assert.rejects(work, { message: "no" });
    assert.deepEqual(await db.query(sql`select id from people`), []);
    assert.deepEqual(
      await listJournal(db, { before: null, after: null, limit: 5, entry: "test.failed", subjectId: null }),
      [],
    );
  });

  it("names the statement and the SQLSTATE of what PostgreSQL refused", async () => {
    const work = db.query(sql`select nothing from people where id = ${"secret"}`);

    await assert.rejects(work, (error: StoreFailure) => {
      assert.equal(error.sqlState, "42703");
      assert.match(error.message, /select nothing from people/);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  });

  it("streams a large answer in batches, and may be left half-way", async () => {
    const sizes: number[] = [];
    for await (const rows of db.stream(sql`select number from generate_series(1, 250) as number`, 100)) {
      sizes.push(rows.length);
    }
    for await (const rows of db.stream(sql`select number from generate_series(1, 250) as number`, 100)) {
      assert.equal(rows.length, 100);
      break;
    }

    assert.deepEqual(sizes, [100, 100, 50]);
  });

  it("hears what another connection notifies", async () => {
    const heard = Promise.withResolvers<string>();
    const stop = await db.listen("tests", heard.resolve);

    await db.query(sql`select pg_notify('tests', 'hello')`);

    assert.equal(await heard.promise, "hello");
    await stop();
  });
});

describe("the journal", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog });
    for (const number of [1, 2, 3]) await recordOne(number);
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  function recordOne(number: number): Promise<void> {
    return db.transaction(async (tx) => {
      tx.record({
        actorId: "operator_1",
        through: "api",
        entry: "connection.created",
        subjectId: `connection_${number}`,
        detail: { number, capabilities: ["roster"] },
        personal: { owner: "petra@acme.example" },
      });
    });
  }

  /** The trigger that keeps the journal append-only is put aside, as somebody with the database's own rights could. */
  async function tamper(statement: string): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.execute(sql`alter table journal_entries disable trigger all`);
      await tx.execute(rawSql(statement));
    });
  }

  it("chains entries that are recorded at the same time", async () => {
    await Promise.all([4, 5, 6, 7, 8].map(recordOne));

    const { intact, checked, brokenAt, reason } = await verifyJournal(db);
    assert.deepEqual([intact, checked, brokenAt, reason], [true, 8, null, null]);
  });

  it("refuses to change or remove an entry", async () => {
    const change = db.transaction((tx) => tx.execute(sql`update journal_entries set actor_id = 'somebody'`));

    await assert.rejects(change, /journal_entries is append-only/);
  });

  it("stays intact when a personal part is erased", async () => {
    await db.transaction((tx) => tx.execute(sql`delete from journal_personal where seq = 2`));

    const [erased] = await listJournal(db, { before: 3, after: 1, limit: 1, entry: null, subjectId: null });
    assert.equal(erased?.personal, null);
    assert.equal((await verifyJournal(db)).intact, true);
  });

  it("finds an entry that was altered, and then one that is missing", async () => {
    await tamper(`update journal_entries set detail = '{"number": 30}' where seq = 3`);
    const altered = await verifyJournal(db);
    await tamper("delete from journal_personal where seq = 3");
    await tamper("delete from journal_entries where seq = 3");
    const missing = await verifyJournal(db);

    assert.deepEqual(
      [altered, missing].map(({ intact, checked, brokenAt, reason }) => ({ intact, checked, brokenAt, reason })),
      [
        { intact: false, checked: 2, brokenAt: 3, reason: "it was altered after it was written" },
        { intact: false, checked: 2, brokenAt: 4, reason: "entry 3 is missing" },
      ],
    );
  });
});
