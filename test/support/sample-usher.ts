import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../src/api/client.ts";
import { checkConnection, publishConnection } from "../../src/api/connection-life.ts";
import { createConnection } from "../../src/api/connections.ts";
import { addCredential } from "../../src/api/credentials.ts";
import { listRuns } from "../../src/api/runs.ts";
import { createSampleCompany, getSampleCompany, removeSampleCompany } from "../../src/api/sample-company.ts";
import { startUsher, type Usher } from "../../src/app.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { readSettings } from "../../src/lib/settings.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";
import { testDatabase } from "../../src/store/testing/database.ts";
import { databaseUrlOf } from "./worker-process.ts";

const POLL_MS = 100;
const WAIT_MS_MAX = 90_000;

/** A real Usher on a database that outlives it, so that it can be stopped in the middle and started again. */
export interface SampleUsher {
  db: Database;
  /** Starts it, or starts it again. */
  start(): Promise<Client>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function sampleUsher(environment: Record<string, string> = {}): Promise<SampleUsher> {
  const log = createLog({ level: "error" });
  const database = await testDatabase();
  const db = openDatabase(database.connection, { clock: systemClock, log });
  const folder = await mkdtemp(join(tmpdir(), "usher-sample-"));
  let usher: Usher | null = null;
  let token = "";

  async function stop(): Promise<void> {
    const was = usher;
    usher = null;
    await was?.stop();
  }

  return {
    db,
    async start() {
      await stop();
      const DATABASE_URL = databaseUrlOf(database.connection);
      const settings = readSettings({ USHER_DATA: folder, USHER_PORT: "0", DATABASE_URL });
      usher = await startUsher({ settings, log, environment });
      token = usher.firstToken ?? token;
      // Jobs of the installation follow runs all the same; none becomes due by the hour of the test.
      await db.transaction((tx) =>
        tx.execute(sql`
        update jobs set cron = '0 0 29 2 *' where site_id is null and connection_id is null
      `),
      );
      return createClient({ baseUrl: usher.url, token, clock: systemClock });
    },
    stop,
    async close() {
      await stop();
      await db.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

type State = "absent" | "making" | "present" | "removing";

/** Waits until it is so; fails with what the sample company says went wrong. */
export async function untilSampleIs(client: Client, wanted: State): Promise<void> {
  await until(async () => {
    const { state, problem, step } = await client.call(getSampleCompany, {});
    if (state !== wanted && problem) throw new Error(`${step}: ${problem}`);
    return state === wanted;
  });
}

export async function until(isSo: () => Promise<boolean>, what = "It"): Promise<void> {
  for (let waited = 0; waited < WAIT_MS_MAX; waited += POLL_MS) {
    if (await isSo()) return;
    await systemClock.sleep(POLL_MS);
  }
  throw new Error(`${what} did not come to be in time.`);
}

/** Connects the simulator's site as a person would connect a real one, and waits until it was read. */
export async function connectReal(client: Client, site: string): Promise<string> {
  const email = "petra@acme.example";
  const body = { name: "Real", source: "confluence-cloud" as const, owners: [email], sites: [site] };
  const { id: connectionId } = await client.call(createConnection, { body });
  const params = { connectionId };
  const token = "sim-classic-token-of-petra";
  await client.call(addCredential, { params, body: { kind: "api-token", accountEmail: email, token } });
  await client.call(checkConnection, { params });
  await client.call(publishConnection, { params });
  await until(async () => {
    const { items } = await client.call(listRuns, { query: { limit: 50 } });
    return items.every(({ state }) => state !== "queued" && state !== "running");
  }, "The end of all runs");
  return connectionId;
}

export async function makeSample(client: Client): Promise<void> {
  await client.call(createSampleCompany, { body: { scale: "small" } });
  await untilSampleIs(client, "present");
}

export async function removeSample(client: Client): Promise<void> {
  await client.call(removeSampleCompany, {});
  await untilSampleIs(client, "absent");
}
