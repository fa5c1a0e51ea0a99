import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { openDatabase, type Database } from "./database.ts";
import { verifyJournal } from "./journal.ts";
import { migrate } from "./migrate.ts";
import { sql } from "./sql.ts";
import { emptyTestDatabase } from "./testing/database.ts";

const NOW = new Date("2026-05-03T10:00:00.000Z");
const FIRST = "0001-foundation.sql";

async function inEmptyDatabase(work: (db: Database, connection: object) => Promise<void>): Promise<void> {
  const { connection, drop } = await emptyTestDatabase();
  const db = openDatabase(connection, { clock: manualClock(NOW), log: silentLog });
  try {
    await work(db, connection);
  } finally {
    await db.close();
    await drop();
  }
}

async function listTables(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`
    select tablename as name from pg_tables where schemaname = 'public' order by 1
  `);
  return rows.map((each) => each.name);
}

describe("migrations", () => {
  it("go forward from an empty database, and change nothing the second time", () =>
    inEmptyDatabase(async (db, connection) => {
      await migrate(connection);
      const tables = await listTables(db);
      await migrate(connection);

      assert.ok(tables.includes("journal_entries") && tables.includes("memberships"));
      assert.deepEqual(await listTables(db), tables);
    }));

  it("are applied once by processes that start together", () =>
    inEmptyDatabase(async (db, connection) => {
      await Promise.all([migrate(connection), migrate(connection), migrate(connection)]);

      const [head] = await db.query<{ count: number }>(sql`select count(*) as count from journal_head`);
      assert.equal(head?.count, 1);
    }));

  it("keep what an earlier version filled in, journal included", () =>
    inEmptyDatabase(async (db, connection) => {
      await migrate(connection, { upTo: FIRST });
      await db.transaction(async (tx) => {
        await tx.execute(sql`
          insert into operators (kind, name, created_at) values ('service-account', 'setup', ${NOW})
        `);
        await tx.execute(sql`
          insert into sites (source, source_key, base_url, name, created_at)
          values ('confluence-cloud', 'cloud-1', 'https://acme.example', 'Acme', ${NOW})
        `);
        tx.record({ actorId: "system", through: "setup", entry: "test.filled", subjectId: null });
      });

      await migrate(connection);

      const sites = await db.query<{ name: string; mode: string }>(sql`select name, mode from sites`);
      assert.deepEqual(sites, [{ name: "Acme", mode: "observe" }]);
      assert.deepEqual(await db.query(sql`select name from operators`), [{ name: "setup" }]);
      const { intact, checked } = await verifyJournal(db);
      assert.deepEqual([intact, checked], [true, 1]);
    }));

  it("leave a site with the connection whose job has read it so far, where several reach it", () =>
    inEmptyDatabase(async (db, connection) => {
      await migrate(connection, { upTo: "0003-data-center.sql" });
      await db.transaction(async (tx) => {
        await tx.execute(sql`
          insert into operators (id, kind, name, created_at) values ('operator_1', 'person', 'Petra', ${NOW})
        `);
        await tx.execute(sql`
          insert into sites (id, source, source_key, base_url, name, created_at)
          values ('site_1', 'confluence-cloud', 'cloud-1', 'https://acme.example', 'Acme', ${NOW})
        `);
        await tx.execute(sql`
          insert into connections (id, name, source, state, capabilities, settings, created_by, created_at, updated_at)
          select id, id, 'confluence-cloud', state, capabilities::text[], '{}', 'operator_1', ${NOW}, ${NOW}
            from (values ('connection_1', 'published', '{roster,activity}'),
                         ('connection_2', 'published', '{roster,permissions}'),
                         ('connection_3', 'paused', '{roster}')) as made (id, state, capabilities)
        `);
        await tx.execute(sql`
          insert into connection_sites (connection_id, site_id, added_at) select id, 'site_1', ${NOW} from connections
        `);
        await tx.execute(sql`
          insert into jobs (name, kind, connection_id, site_id, cron, enabled, created_at)
          values ('Refresh', 'refresh-site', 'connection_2', 'site_1', '0 1 * * *', true, ${NOW})
        `);
      });

      await migrate(connection);

      const rows = await db.query(sql`
        select capability, connection_id as "connectionId" from site_capabilities order by capability
      `);
      assert.deepEqual(rows, [
        { capability: "activity", connectionId: "connection_1" },
        { capability: "permissions", connectionId: "connection_2" },
        { capability: "roster", connectionId: "connection_2" },
      ]);
    }));

  it("give what is published already its hourly job beside the daily one", () =>
    inEmptyDatabase(async (db, connection) => {
      await migrate(connection, { upTo: "0003-data-center.sql" });
      await db.query(sql`
        with operator as (
          insert into operators (kind, name, created_at) values ('person', 'Petra', ${NOW}) returning id
        ), site as (
          insert into sites (source, source_key, base_url, name, created_at)
          values ('confluence-cloud', 'cloud-1', 'https://acme.example', 'acme', ${NOW}) returning id
        ), connection as (
          insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
          select each.name, 'confluence-cloud', 'published', each.capabilities, '{}', operator.id, ${NOW}, ${NOW}
            from operator, (values ('all', '{roster,activity}'::text[]), ('roster', '{roster}')) as each(name, capabilities)
          returning id, name
        )
        insert into jobs (name, kind, connection_id, site_id, cron, enabled, created_at)
        select 'Refresh acme', 'refresh-site', connection.id, site.id,
               case connection.name when 'all' then '47 3 * * *' else '*/5 * * * *' end, true, ${NOW}
          from connection, site
      `);

      await migrate(connection);

      const jobs = await db.query(
        sql`select name, cron, enabled from jobs where kind = 'refresh-changes' order by enabled`,
      );
      assert.deepEqual(jobs, [
        { name: "Refresh changes acme", cron: "30 * * * *", enabled: false },
        { name: "Refresh changes acme", cron: "17 * * * *", enabled: true },
      ]);
    }));

  it("name the migration that failed and leave what was there before", () =>
    inEmptyDatabase(async (db, connection) => {
      await migrate(connection, { upTo: FIRST });
      await db.query(sql`create table runs (in_the_way integer)`);

      await assert.rejects(migrate(connection), { code: "store.migration-failed", message: /0002-facts\.sql failed/ });
      assert.equal((await listTables(db)).includes("memberships"), false);
      assert.equal((await listTables(db)).includes("journal_entries"), true);
    }));
});
