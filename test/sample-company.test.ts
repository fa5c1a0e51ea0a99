import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createClient, type Client } from "../src/api/client.ts";
import { createSampleCompany, getSampleCompany, removeSampleCompany } from "../src/api/sample-company.ts";
import { startUsher, type Usher } from "../src/app.ts";
import { systemClock } from "../src/lib/clock.ts";
import { createLog } from "../src/lib/log.ts";
import { readSettings } from "../src/lib/settings.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { sql } from "../src/store/sql.ts";
import { testDatabase } from "../src/store/testing/database.ts";
import { listTables, readTables } from "./support/table-contents.ts";
import { databaseUrlOf } from "./support/worker-process.ts";

const log = createLog({ level: "error" });
const POLL_MS = 100;
const WAIT_MS_MAX = 240_000;

/** What goes on while nothing is asked: who lives, who acts, what was told for good. */
const MOVES_BY_ITSELF = ["journal_entries", "journal_head", "journal_personal", "journal_checkpoints", "processes"];

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let folder: string;
let usher: Usher | null = null;
let token = "";

before(async () => {
  database = await testDatabase();
  db = openDatabase(database.connection, { clock: systemClock, log });
  folder = await mkdtemp(join(tmpdir(), "usher-sample-"));
});

after(async () => {
  await usher?.stop();
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Client> {
  usher = await startUsher({
    settings: readSettings({ USHER_DATA: folder, USHER_PORT: "0", DATABASE_URL: databaseUrlOf(database.connection) }),
    log,
    environment: {},
  });
  token = usher.firstToken ?? token;
  return createClient({ baseUrl: usher.url, token, clock: systemClock });
}

async function stop(): Promise<void> {
  const was = usher;
  usher = null;
  await was?.stop();
}

async function until(client: Client, wanted: string): Promise<void> {
  for (let waited = 0; waited < WAIT_MS_MAX; waited += POLL_MS) {
    const { state, problem, step } = await client.call(getSampleCompany, {});
    if (state === wanted) return;
    if (problem) assert.fail(`${step}: ${problem}`);
    await systemClock.sleep(POLL_MS);
  }
  assert.fail(`The sample company did not become ${wanted}.`);
}

/** Tables that do not hold the same rows, with how many are new and how many are gone. */
async function differing(before: Map<string, string[]>, left: Map<string, string[]>): Promise<string[]> {
  const tables = (await listTables(db)).filter((each) => !MOVES_BY_ITSELF.includes(each));
  return tables.flatMap((table) => {
    const had = new Set(before.get(table));
    const has = new Set(left.get(table));
    const more = has.difference(had).size;
    const fewer = had.difference(has).size;
    return more + fewer > 0 ? [`${table}: ${more} more, ${fewer} gone`] : [];
  });
}

/** Jobs of the installation follow runs all the same; none becomes due by the hour of the test. */
async function stopSchedules(): Promise<void> {
  await db.transaction((tx) => tx.execute(sql`update jobs set cron = '0 0 29 2 *'`));
}

describe("the sample company", () => {
  it("is made, shows itself on every page, and leaves no row behind when it is removed", async () => {
    const client = await start();
    await stopSchedules();
    const before = await readTables(db);

    await client.call(createSampleCompany, { body: { scale: "small" } });
    await until(client, "present");
    const filled = await readTables(db);
    await client.call(removeSampleCompany, {});
    await until(client, "absent");
    const left = await readTables(db);

    assert.ok((filled.get("accounts")?.length ?? 0) > 200);
    assert.deepEqual(await differing(before, left), []);
    await stop();
  });
});
