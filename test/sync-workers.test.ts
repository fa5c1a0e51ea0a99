import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { getStatus } from "../src/api/status.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { rawSql, sql } from "../src/store/sql.ts";
import { testDatabase, type TestDatabase } from "../src/store/testing/database.ts";
import { type ConnectedUsher, startConnectedUsher } from "./support/connected-usher.ts";
import { type SimulatorProcess, startSimulator } from "./support/simulator-process.ts";
import { syncedFacts } from "./support/synced-facts.ts";
import { databaseUrlOf, failedWorker, startWorkerProcess, type WorkerProcess } from "./support/worker-process.ts";

const SITES = ["acme", "acme-labs"];
const POLL_MS = 50;
const WAIT_MS_MAX = 60_000;

describe("workers on one PostgreSQL", { timeout: 600_000 }, () => {
  let simulator: SimulatorProcess;
  let test: TestDatabase;
  let db: Database;
  let usher: ConnectedUsher;
  let folder: string;
  let environment: Record<string, string>;
  let workers: WorkerProcess[];

  before(async () => {
    // Slow enough that a run is still under way when a worker is killed.
    simulator = await startSimulator(["--latency-ms", "40"]);
  });
  after(() => simulator.close());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "usher-workers-"));
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: systemClock, log: silentLog });
    const settings = { DATABASE_URL: databaseUrlOf(test.connection), USHER_KEYS_FILE: join(folder, "keys.json") };
    environment = { ...simulator.environment, ...settings, USHER_DATA: folder, USHER_RUNS_MAX: "1" };
    usher = await startConnectedUsher({
      simulator,
      sites: SITES,
      withOrganizationKey: true,
      settings,
      worker: false,
    });
    workers = [];
  });
  afterEach(async () => {
    await simulator.setFaults([]);
    for (const each of workers) await each.stop("SIGKILL");
    await usher.stop();
    await db.close();
    await test.drop();
    await rm(folder, { recursive: true });
  });

  async function startWorkers(count: number): Promise<void> {
    workers.push(...(await Promise.all(Array.from({ length: count }, () => startWorkerProcess(environment)))));
  }

  async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
    for (let waited = 0; waited < WAIT_MS_MAX; waited += POLL_MS) {
      const found = await look();
      if (found) return found;
      await systemClock.sleep(POLL_MS);
    }
    throw new Error("What was waited for did not come.");
  }

  /** Who reads which site, once each was begun by somebody. */
  async function sharedSites(): Promise<Map<string, string>> {
    const holders = new Map<string, string>();
    return until(async () => {
      const held = await db.query<{ siteId: string; holder: string }>(
        sql`select substr(name, 6) as "siteId", holder from leases where name like 'site/%'`,
      );
      for (const { siteId, holder } of held) holders.set(siteId, holder);
      return holders.size === SITES.length && holders;
    });
  }

  /** As if the 30 seconds had passed after which the lease of a dead process lapses. */
  async function lapse(holder: string): Promise<void> {
    await db.transaction((tx) =>
      tx.execute(sql`update leases set until = clock_timestamp() - interval '1 second' where holder = ${holder}`),
    );
  }

  async function assertFactsAreTrue(): Promise<void> {
    for (const [index, siteId] of usher.siteIds.entries()) {
      const truth = await simulator.truth(SITES[index]!);
      const facts = await syncedFacts(db, siteId);
      assert.deepEqual(facts.spaces.map((each) => each.id).toSorted(), truth.spaces.map((each) => each.id).toSorted());
      assert.deepEqual(facts.groups.map((each) => each.id).toSorted(), truth.groups.map((each) => each.id).toSorted());
      assert.deepEqual(facts.productAccessGroups, truth.productAccessGroups.toSorted());
      for (const [group, members] of Object.entries(truth.memberships)) {
        assert.deepEqual(facts.memberships[group]?.toSorted(), members.toSorted(), `members of ${group}`);
      }
    }
    for (const table of ["account_versions", "group_versions", "memberships", "space_versions", "space_permissions"]) {
      const [row] = await db.query<{ closed: number }>(
        sql`select count(*) as closed from ${rawSql(table)} where valid_to is not null`,
      );
      assert.equal(row?.closed, 0, `a first sync closes nothing of ${table}`);
    }
  }

  it("share the sites; one that is killed is taken over by the other, and the facts are the truth", async () => {
    await startWorkers(2);
    await usher.publish();
    const shared = await sharedSites();
    const { processes } = await usher.client.call(getStatus, {});
    const victim = workers.find((each) => each.holder === shared.get(usher.siteIds[0]!));

    await victim!.stop("SIGKILL");
    await lapse(victim!.holder);
    const runs = await usher.settledRuns();

    assert.deepEqual([...shared.values()].toSorted(), workers.map((each) => each.holder).toSorted());
    assert.deepEqual(
      processes.map(({ kind, isAlive }) => [kind, isAlive]),
      [
        ["server-only", true],
        ["worker", true],
        ["worker", true],
      ],
    );
    assert.equal(processes.find((each) => each.holder === victim!.holder)?.runs, 1);
    assert.deepEqual(
      runs.map((each) => each.state),
      ["succeeded", "succeeded"],
    );
    const [resumed] = await db.query<{ times: number }>(sql`select sum(resumed)::bigint as times from runs`);
    assert.equal(resumed?.times, 1);
    await assertFactsAreTrue();
  });

  it("killed again and again under faults, they still end with the truth, nothing twice", async () => {
    const random = seeded(20_260_503);
    await simulator.setFaults([
      { kind: "status", status: 429, headers: { "retry-after": "1" }, path: "/membersByGroupId$", times: 2 },
      { kind: "drop-before", path: "/wiki/api/v2/spaces/", times: 3 },
      { kind: "truncate-json", path: "/wiki/rest/api/group$", times: 1 },
    ]);
    await startWorkers(2);
    await usher.publish();
    const deaths: number[] = [];
    for (let kill = 0; kill < 4; kill += 1) {
      const complete = await completeListings();
      const at = complete + 1 + Math.floor(random() * 25);
      const isOver = await until(async () =>
        (await completeListings()) >= at ? "no" : (await areRunsOver()) && "yes",
      );
      if (isOver === "yes") break;
      const index = Math.floor(random() * workers.length);
      const [victim] = workers.splice(index, 1);
      await victim!.stop("SIGKILL");
      await lapse(victim!.holder);
      deaths.push(at);
      await startWorkers(1);
    }
    const runs = await usher.settledRuns();

    assert.ok(deaths.length >= 2, `killed at ${deaths.join(", ")}`);
    assert.deepEqual(
      runs.map((each) => each.state),
      ["succeeded", "succeeded"],
    );
    await assertFactsAreTrue();
  });

  it("stopped in order give their run back at once, and are no longer told of", async () => {
    await startWorkers(1);
    await usher.publish();
    await until(async () => (await completeListings()) > 0);

    const code = await workers[0]!.stop("SIGTERM");
    const leases = await db.query(sql`select name from leases where name like 'site/%'`);
    const { processes } = await usher.client.call(getStatus, {});
    const interrupted = await areRunsOver();
    await startWorkers(1);
    const runs = await usher.settledRuns();

    assert.equal(code, 0);
    assert.deepEqual(leases, []);
    assert.deepEqual(
      processes.map((each) => each.kind),
      ["server-only"],
    );
    assert.equal(interrupted, false);
    assert.deepEqual(
      runs.map((each) => each.state),
      ["succeeded", "succeeded"],
    );
  });

  it("refuse to start with another key file, without one, and on the embedded database", async () => {
    const otherKeys = join(folder, "other-keys.json");
    await copyFile(environment["USHER_KEYS_FILE"]!, otherKeys);
    const key = Buffer.alloc(32, 7).toString("base64");
    await writeFile(otherKeys, JSON.stringify({ encryption: [{ id: "other", key }] }));

    const different = await failedWorker({ ...environment, USHER_KEYS_FILE: otherKeys });
    const missing = await failedWorker({ ...environment, USHER_KEYS_FILE: join(folder, "nowhere.json") });
    const embedded = await failedWorker({ ...environment, DATABASE_URL: "" });

    assert.deepEqual([different.code, missing.code, embedded.code], [1, 1, 1]);
    assert.match(
      different.stderr,
      /is not the one that this installation's credentials are sealed with.*USHER_KEYS_FILE/s,
    );
    assert.match(missing.stderr, /There is no key file .*nowhere\.json.*USHER_KEYS_FILE/s);
    assert.match(embedded.stderr, /DATABASE_URL/);
  });

  it("older than the database do not run", async () => {
    await db.transaction((tx) =>
      tx.execute(sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future.sql', 'now')`),
    );

    const { code, stderr } = await failedWorker(environment);

    assert.equal(code, 1);
    assert.match(stderr, /newer Usher.*update it/s);
    await db.transaction((tx) => tx.execute(sql`delete from kysely_migration where name = '9999-from-the-future.sql'`));
  });

  async function completeListings(): Promise<number> {
    const [row] = await db.query<{ complete: number }>(
      sql`select count(*) as complete from listings where state = 'complete'`,
    );
    return row?.complete ?? 0;
  }

  async function areRunsOver(): Promise<boolean> {
    const [row] = await db.query<{ open: number }>(
      sql`select count(*) as open from runs where state in ('queued', 'running')`,
    );
    return row?.open === 0;
  }
});

/** The same kills each time: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
