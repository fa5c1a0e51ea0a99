import assert from "node:assert/strict";
import { chmod, copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { createClient } from "../src/api/client.ts";
import { getConnection, listConnections } from "../src/api/connections.ts";
import { resumeConnection } from "../src/api/connection-life.ts";
import { verifyJournal } from "../src/api/journal.ts";
import { getRun, listRuns, requestRun } from "../src/api/runs.ts";
import { getStatus } from "../src/api/status.ts";
import { startUsher, type Usher } from "../src/app.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { readSettings } from "../src/lib/settings.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { rawSql, sql } from "../src/store/sql.ts";
import { emptyTestDatabase, testDatabase, type TestDatabase } from "../src/store/testing/database.ts";
import { type ConnectedUsher, startConnectedUsher } from "./support/connected-usher.ts";
import { ranUsher } from "./support/run-cli.ts";
import { type SimulatorProcess, startSimulator } from "./support/simulator-process.ts";
import { syncedFacts } from "./support/synced-facts.ts";
import { databaseUrlOf } from "./support/worker-process.ts";

const WAIT_MS_MAX = 60_000;

describe("a backup", { timeout: 600_000 }, () => {
  let simulator: SimulatorProcess;
  let folder: string;
  let test: TestDatabase;
  let db: Database;
  let original: ConnectedUsher;
  /** Made while a sync was under way, and after it. */
  let during: string;
  let whole: string;
  const keysFile = () => join(folder, "keys.json");

  before(async () => {
    simulator = await startSimulator(["--latency-ms", "20"]);
    folder = await mkdtemp(join(tmpdir(), "usher-backup-"));
    // PostgreSQL runs as another user, who must be able to pass through.
    await chmod(folder, 0o711);
    during = join(folder, "during.backup");
    whole = join(folder, "whole.backup");
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
    const settings = { DATABASE_URL: databaseUrlOf(test.connection), USHER_KEYS_FILE: keysFile() };
    original = await startConnectedUsher({ simulator, sites: ["acme"], withOrganizationKey: true, settings });
    await original.publish();
    await until(async () => {
      const [row] = await db.query<{ rows: number }>(sql`select count(*) as rows from memberships`);
      return (row?.rows ?? 0) > 0;
    });
    await createBackup(during);
    await original.settledRuns();
    await createBackup(whole);
  });
  after(async () => {
    await original.stop();
    await db.close();
    await test.drop();
    await rm(folder, { recursive: true });
    await simulator.close();
  });

  async function createBackup(file: string): Promise<void> {
    const environment = { USHER_URL: original.usher.url, USHER_TOKEN: original.usher.firstToken ?? "" };
    const made = await ranUsher(["backup", "create", file], { environment, clock: systemClock });
    assert.equal(made.exitCode, 0, made.stderr);
  }

  function restore(file: string, settings: Record<string, string>) {
    const environment = { USHER_DATA: join(folder, "nothing"), USHER_LOG_LEVEL: "error", ...settings };
    return ranUsher(["restore", file], { environment, clock: systemClock });
  }

  const settingsOf = (copy: TestDatabase, keys = join(folder, `${copy.name}.json`)) => ({
    DATABASE_URL: databaseUrlOf(copy.connection),
    USHER_KEYS_FILE: keys,
  });

  async function withUsher<T>(settings: Record<string, string>, work: (usher: Usher) => Promise<T>): Promise<T> {
    const usher = await startUsher({
      settings: readSettings({ USHER_DATA: join(folder, "nothing"), USHER_PORT: "0", ...settings }),
      log: silentLog,
      environment: simulator.environment,
      newToken: true,
    });
    try {
      return await work(usher);
    } finally {
      await usher.stop();
    }
  }

  async function withCopy<T>(work: (copy: TestDatabase, copyDb: Database) => Promise<T>): Promise<T> {
    const copy = await emptyTestDatabase();
    const copyDb = openDatabase(copy.connection, { clock: systemClock, log: silentLog });
    try {
      return await work(copy, copyDb);
    } finally {
      await copyDb.close();
      await copy.drop();
    }
  }

  const clientOf = (usher: Usher) =>
    createClient({ baseUrl: usher.url, token: usher.firstToken ?? "", clock: systemClock });

  it("made during a sync, restored elsewhere without the keys, is paused, observes only and asks for credentials", () =>
    withCopy(async (copy, copyDb) => {
      const restored = await restore(during, settingsOf(copy));

      assert.equal(restored.exitCode, 0, restored.stderr);
      assert.match(restored.stderr, /its secret has to be entered again/);
      const states = await copyDb.query(sql`
        select (select array_agg(distinct state) from connections) as connections,
               (select array_agg(distinct mode) from sites) as modes,
               (select array_agg(distinct state) from credentials) as credentials,
               (select count(*) from credentials where secret is not null) as secrets,
               (select array_agg(distinct state) from runs) as runs,
               (select count(*) from jobs where enabled and connection_id is not null) as jobs
      `);
      assert.deepEqual(states, [
        {
          connections: ["paused"],
          modes: ["observe"],
          credentials: ["needs-reauthorization"],
          secrets: 0,
          runs: ["canceled"],
          jobs: 0,
        },
      ]);
      await withUsher(settingsOf(copy), async (usher) => {
        const client = clientOf(usher);
        const journal = await client.call(verifyJournal, {});
        const { restored: told } = await client.call(getStatus, {});
        const { items } = await client.call(listConnections, {});
        const params = { connectionId: items[0]!.id };

        assert.equal(journal.intact, true);
        assert.ok(told);
        await assert.rejects(client.call(resumeConnection, { params }), /restored from a backup/);
      });
      const [entry] = await copyDb.query<{ detail: { endedRuns: number } }>(
        sql`select detail from journal_entries where entry = 'installation.restored'`,
      );
      assert.equal(entry?.detail.endedRuns, 1);
    }));

  it("restored into a new embedded installation with the keys has the same facts, and goes on once that is said", async () => {
    const data = join(folder, "copy");
    const settings = { USHER_DATA: data, USHER_KEYS_FILE: join(folder, "copied-keys.json") };
    await copyFile(keysFile(), settings.USHER_KEYS_FILE);
    const restored = await restore(whole, settings);
    assert.equal(restored.exitCode, 0, restored.stderr);
    const again = await restore(whole, settings);
    assert.match(again.stderr, /into an empty database only/);

    await withUsher(settings, async (usher) => {
      const client = clientOf(usher);
      const environment = { USHER_URL: usher.url, USHER_TOKEN: usher.firstToken ?? "" };
      const { items } = await client.call(listConnections, {});
      const params = { connectionId: items[0]!.id };
      const { credentials } = await client.call(getConnection, { params });
      const confirmed = await ranUsher(["restore", "confirm", "--yes"], { environment, clock: systemClock });
      await client.call(resumeConnection, { params });
      const [siteId] = original.siteIds;
      const { id: runId } = await client.call(requestRun, { body: { siteId: siteId!, scope: "full" } });
      const run = await until(async () => {
        const found = await client.call(getRun, { params: { runId } });
        return found.state !== "queued" && found.state !== "running" ? found : null;
      });
      const backup = join(folder, "copy.backup");
      const made = await ranUsher(["backup", "create", backup], { environment, clock: systemClock });

      assert.deepEqual([...new Set(credentials.map((each) => each.state))], ["active"]);
      assert.equal(confirmed.exitCode, 0, confirmed.stderr);
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      assert.deepEqual([run.counts.added, run.counts.changed, run.counts.gone], [0, 0, 0]);
      assert.equal(made.exitCode, 0, made.stderr);
      // Another run is there; every fact is as it was.
      assert.deepEqual(factsIn(await bytesOf(backup)), factsIn(await bytesOf(whole)));
      assert.equal((await client.call(listRuns, {})).items.length, 2);
    });
  });

  it("holds the same facts in another PostgreSQL, and no key", () =>
    withCopy(async (copy, copyDb) => {
      const restored = await restore(whole, settingsOf(copy));

      assert.equal(restored.exitCode, 0, restored.stderr);
      const [siteId] = original.siteIds;
      assert.deepEqual(await syncedFacts(copyDb, siteId!), await syncedFacts(db, siteId!));
      const constraints = (reader: Database) =>
        reader.query(
          rawSql(`
            select conname, convalidated, pg_get_constraintdef(oid) as definition
              from pg_constraint
             where contype = 'f' and connamespace = 'public'::regnamespace
             order by conname
          `),
        );
      assert.deepEqual(await constraints(copyDb), await constraints(db));
      await assert.rejects(copyDb.query(rawSql("delete from journal_entries")), /append-only/);
      const [key] = JSON.parse(await readFile(keysFile(), "utf8")).encryption as { key: string }[];
      assert.ok(
        !gunzipSync(await bytesOf(whole))
          .toString()
          .includes(key!.key),
      );
    }));

  it("whose restore was interrupted leaves a database that nothing starts on, until it is restored again", () =>
    withCopy(async (copy, copyDb) => {
      await copyDb.query(rawSql("create schema usher_restore"));
      await migrate(copy.connection, { upTo: "0002-facts.sql" });
      await copyDb.query(sql`insert into people (first_seen_at) values (now())`);

      await assert.rejects(
        withUsher(settingsOf(copy), async () => {}),
        /restore/,
      );
      const restored = await restore(whole, settingsOf(copy));

      assert.equal(restored.exitCode, 0, restored.stderr);
      await withUsher(settingsOf(copy), async () => {});
    }));

  it("that is cut off, altered, or newer is refused, and the database stays empty", () =>
    withCopy(async (copy, copyDb) => {
      const bytes = await bytesOf(whole);
      const text = gunzipSync(bytes).toString();
      const bad: [name: string, content: Buffer, says: RegExp][] = [
        ["cut off", bytes.subarray(0, bytes.length - 2_000), /cut off before its end/],
        ["without its end", gzipSync(text.slice(0, text.lastIndexOf("\n{") + 1)), /cut off before its end/],
        ["altered", gzipSync(text.replace("petra@acme.example", "petra@evil.example")), /were altered/],
        [
          "of a newer schema",
          gzipSync(text.replace(/"lastMigration":"[^"]+"/, '"lastMigration":"9999.sql"')),
          /altered|newer/,
        ],
        ["of a newer format", gzipSync(text.replace('"usherBackup":1', '"usherBackup":2')), /newer Usher/],
        ["no backup", Buffer.from("hello"), /is not a backup/],
      ];
      for (const [name, content, says] of bad) {
        const file = join(folder, name.replaceAll(" ", "-"));
        await writeFile(file, content);

        const verified = await ranUsher(["backup", "verify", file], { environment: {}, clock: systemClock });
        const restored = await restore(file, settingsOf(copy));

        assert.equal(restored.exitCode, 1, name);
        assert.match(restored.stderr, says, name);
        assert.equal(verified.exitCode, 1, name);
      }
      assert.deepEqual(
        await copyDb.query(rawSql("select relname from pg_class where relnamespace = 'public'::regnamespace")),
        [],
      );
    }));

  it("is written for its owner alone, and never over a file that is there", async () => {
    const { mode } = await stat(whole);
    const environment = { USHER_URL: original.usher.url, USHER_TOKEN: original.usher.firstToken ?? "" };

    const again = await ranUsher(["backup", "create", whole], { environment, clock: systemClock });
    const nowhere = join(folder, "nowhere", "x.backup");
    const lost = await ranUsher(["backup", "create", nowhere], { environment, clock: systemClock });
    const none = await ranUsher(["backup", "verify", nowhere], { environment, clock: systemClock });

    assert.equal(mode & 0o777, 0o600);
    assert.equal(again.exitCode, 2);
    assert.match(again.stderr, /is there already/);
    assert.equal(lost.exitCode, 2);
    assert.match(
      lost.stderr,
      /^error: .*x\.backup cannot be written\.\nwhy: ENOENT.*\ntry: choose a folder that is there/,
    );
    assert.equal(none.exitCode, 1);
    assert.match(none.stderr, /cannot be read: there is no such file\./);
  });
});

async function bytesOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Hash and number of rows of each table that a sync without changes must not touch. */
function factsIn(bytes: Buffer): unknown[] {
  const kept =
    /^(accounts|account_versions|groups|group_versions|memberships|spaces|space_versions|space_permissions|people)$/;
  return gunzipSync(bytes)
    .toString()
    .split("\n")
    .filter((line) => line.startsWith('{"end"'))
    .map((line) => JSON.parse(line) as { end: string })
    .filter(({ end }) => kept.test(end));
}

async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let waited = 0; waited < WAIT_MS_MAX; waited += 50) {
    const found = await look();
    if (found) return found;
    await systemClock.sleep(50);
  }
  throw new Error("What was waited for did not come.");
}
