import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Database, openDatabase } from "./database.ts";
import { sql } from "./sql.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";
import { updateDistinct } from "./update-distinct.ts";

describe("updateDistinct", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  it("leaves no table behind that was filled and that the planner still takes for empty", async () => {
    const rows = await db.transaction(async (tx) => {
      await tx.execute(sql`create temporary table kept (id integer primary key, said text) on commit drop`);
      await tx.execute(sql`
        create temporary table next_kept on commit drop as
        select id, repeat('x', 100) as said from generate_series(1, 5000) as id
      `);
      await updateDistinct(tx, "kept", "next_kept", ["id"], ["said"]);
      return tx.query<{ known: number }>(sql`select reltuples as known from pg_class where oid = 'kept'::regclass`);
    });

    assert.deepEqual(rows, [{ known: 5000 }]);
  });
});
