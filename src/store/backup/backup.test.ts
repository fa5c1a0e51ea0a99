import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { verifyBackupFile } from "../../lib/backup-file.ts";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { type Database, openDatabase } from "../database.ts";
import { verifyJournal } from "../journal.ts";
import { migrate } from "../migrate.ts";
import { findLastMigration, listKnownMigrations } from "../schema-version.ts";
import { rawSql, sql } from "../sql.ts";
import { emptyTestDatabase, type TestDatabase } from "../testing/database.ts";
import { writeBackup } from "./create.ts";
import { restoreBackup } from "./restore.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");

interface Place {
  test: TestDatabase;
  db: Database;
}

describe("a backup of a database", () => {
  let folder: string;
  const places: Place[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-backup-store-"));
  });
  after(async () => {
    for (const { test, db } of places) {
      await db.close();
      await test.drop();
    }
    await rm(folder, { recursive: true });
  });

  async function emptyPlace(): Promise<Place> {
    const test = await emptyTestDatabase();
    const place = { test, db: openDatabase(test.connection, { clock: manualClock(NOW), log: silentLog }) };
    places.push(place);
    return place;
  }

  async function fileOf(db: Database): Promise<string> {
    let text = "";
    for await (const piece of writeBackup(db, { version: "1.2.3", at: NOW })) text += piece;
    const file = join(folder, `${places.length}.backup`);
    await writeFile(file, gzipSync(text));
    return file;
  }

  const restoreInto = ({ test, db }: Place, file: string) =>
    restoreBackup({ db, connection: test.connection, settle: async () => {}, tell: () => {} }, file);

  it("of an older version becomes one of this version, its sequence goes on, and its journal verifies", async () => {
    const old = await emptyPlace();
    await migrate(old.test.connection, { upTo: "0003-data-center.sql" });
    await old.db.transaction(async (tx) => {
      await tx.execute(sql`insert into people (first_seen_at) select ${NOW} from generate_series(1, 5000)`);
      tx.record({
        actorId: "system",
        through: "setup",
        entry: "made",
        subjectId: null,
        personal: { name: 'Ada\n"L" ü' },
      });
    });
    const copy = await emptyPlace();

    const header = await restoreInto(copy, await fileOf(old.db));

    assert.deepEqual([header.version, header.lastMigration], ["1.2.3", "0003-data-center.sql"]);
    assert.equal(await findLastMigration(copy.db), (await listKnownMigrations()).at(-1));
    assert.equal((await verifyJournal(copy.db)).intact, true);
    const ids = (db: Database) => db.query(sql`select id, first_seen_at from people order by id`);
    assert.deepEqual(await ids(copy.db), await ids(old.db));
    const next = async (db: Database) => {
      const [row] = await db.query<{ value: number }>(rawSql("select nextval('id_sequence') as value"));
      return row?.value ?? 0;
    };
    assert.ok((await next(copy.db)) >= (await next(old.db)), "newer migrations may have made ids of their own");
  });

  it("brings every kind of value back exactly", async () => {
    const original = await emptyPlace();
    await migrate(original.test.connection);
    const value = { text: 'a\ttab, a "quote", a \\ and \u2028', nothing: null, number: 12.5, list: [1, [null]] };
    await original.db.transaction((tx) =>
      tx.execute(sql`
        insert into installation_settings (name, value, updated_at)
        values ('object', ${JSON.stringify(value)}, '2026-05-03 12:00:00.123456+00'),
               ('nothing', 'null', '-infinity'),
               ('empty', '""', '0044-03-15 12:00:00+00 BC')
      `),
    );
    await original.db.transaction((tx) =>
      tx.execute(sql`
        insert into operators (kind, name, email, roles, created_at)
        values ('person', E'line\\nbreak', null, array['a,b', '{"c"}', '', 'null'], ${NOW})
      `),
    );
    const copy = await emptyPlace();

    await restoreInto(copy, await fileOf(original.db));

    const rows = (db: Database) =>
      db.query(
        rawSql(
          "select name, value::text, updated_at::text from installation_settings union all " +
            "select name, roles::text, email from operators order by 1",
        ),
      );
    assert.deepEqual(await rows(copy.db), await rows(original.db));
  });

  it("sees one moment, whatever is written while it is read", async () => {
    const original = await emptyPlace();
    await migrate(original.test.connection);
    let empty = "";
    for await (const piece of writeBackup(original.db, { version: "1.2.3", at: NOW })) empty += piece;
    const rowsAtFirst = [...empty.matchAll(/^\{"end":"\w+","rows":(\d+),/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    await original.db.transaction((tx) => tx.execute(sql`insert into people (first_seen_at) values (${NOW})`));
    let text = "";
    let isFirst = true;
    for await (const piece of writeBackup(original.db, { version: "1.2.3", at: NOW })) {
      if (isFirst)
        await original.db.transaction((tx) => tx.execute(sql`insert into people (first_seen_at) values (${NOW})`));
      isFirst = false;
      text += piece;
    }
    const file = join(folder, "moment.backup");
    await writeFile(file, gzipSync(text));

    const { header, rows } = await verifyBackupFile(file);

    assert.equal(header.journal.seq, 0);
    assert.match(text, /\{"end":"people","rows":1,/);
    // What every installation begins with, and the person who was there before.
    assert.equal(rows, rowsAtFirst + 1);
  });

  it("holds every table but those of the running copy", async () => {
    const original = await emptyPlace();
    await migrate(original.test.connection);
    let text = "";
    for await (const piece of writeBackup(original.db, { version: "1.2.3", at: NOW })) text += piece;

    const held = [...text.matchAll(/^\{"table":"(\w+)"/gm)].map(([, name]) => name);
    const all = await original.db.query<{ name: string }>(
      sql`select tablename as name from pg_tables where schemaname = 'public' order by tablename collate "C"`,
    );
    assert.deepEqual(
      all.map(({ name }) => name).filter((name) => !held.includes(name)),
      [
        "consent_links",
        "kysely_migration",
        "kysely_migration_lock",
        "leases",
        "oauth_attempts",
        "processes",
        "quota_slots",
        "quotas",
        "staged_rows",
      ],
    );
  });
});
