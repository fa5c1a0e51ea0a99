import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { manualClock } from "../../lib/clock.ts";
import { Fault } from "../../lib/errors.ts";
import { silentLog } from "../../lib/log.ts";
import type { EmbeddedUsherOptions, EmbeddedUsherReport } from "../testing/embedded-usher.ts";
import { findPackage, installBinaries, type PostgresPackage } from "./binaries.ts";
import { claimInstallation } from "./claim.ts";
import { placeAt, readRecord, writeRecord } from "./place.ts";
import { isAlive } from "./postmaster.ts";
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./supervisor.ts";

const isRoot = process.getuid?.() === 0;
const needsRoot = isRoot ? {} : { skip: "only root can become another user" };

/** `nobody` of every Linux; any uid with a name does. */
const ORDINARY_UID = 65534;
/** No system gives this uid a name by itself. */
const NAMELESS_UID = 54_321;
const UNTIL_MS = 20_000;
const SCRATCH = "usher-supervisor-";

/**
 * Deaths are survived by servers that write as they do for real. The others, which only start and stop, leave the flushing
 * out: it is most of their time.
 */
const DURABLE = { durable: true };

let scratch: string;
/** PostgreSQL where every user may read it, as the checkout of an ordinary user would be. */
let from: PostgresPackage;
const ushers = new Set<ChildProcess>();
const servers = new Set<EmbeddedPostgres>();

before(async () => {
  await removeLeftovers();
  scratch = await mkdtemp(join(tmpdir(), `${SCRATCH}${process.pid}-`));
  await chmod(scratch, 0o755);
  const found = await findPackage();
  from = { directory: await installBinaries(found, scratch, { durable: false }), version: found.version };
});

after(async () => {
  for (const each of ushers) if (each.connected) each.disconnect();
  await Promise.all([...ushers].map((each) => each.exitCode ?? each.signalCode ?? once(each, "exit")));
  for (const each of servers) await each.stop();
  await rm(scratch, { recursive: true, force: true });
});

describe("the first start", () => {
  it("makes a database with checksums that only its users' processes reach, and no network", async () => {
    const postgres = await start({ dataDir: await newDirectory("first"), ...DURABLE });

    const [facts] = await query(
      postgres,
      `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as addresses,
              current_setting('fsync') as fsync, current_setting('server_encoding') as encoding, lower('ÄÉ') as lower,
              (select string_agg(type || ' ' || auth_method, ',') from pg_hba_file_rules) as rules`,
    );

    assert.deepEqual(facts, {
      checksums: "on",
      addresses: "",
      fsync: "on",
      encoding: "UTF8",
      lower: "äé",
      rules: "local peer",
    });
    assert.equal((await stat(postgres.connection.host)).mode & 0o777, 0o700);
    assert.equal(postgres.adopted, false);
    await stop(postgres);
  });

  it("as root, runs PostgreSQL as another user and lets in exactly that user and root", needsRoot, async () => {
    const postgres = await start({ dataDir: await newDirectory("as-root") });

    const mapped = await query(postgres, "select sys_name as name from pg_ident_file_mappings order by name desc");
    const owner = (await stat(`/proc/${postgres.pid()}`)).uid;

    assert.notEqual(owner, 0);
    assert.deepEqual(
      mapped.map((each) => each["name"]),
      ["root", userName(owner)].sort().reverse(),
    );
    assert.equal(mayEnter(postgres.connection.host, ORDINARY_UID), false);
    await stop(postgres);
  });

  it("as an ordinary user, runs PostgreSQL as that user and lets in nobody else", needsRoot, async () => {
    const dataDir = await newDirectory("ordinary", ORDINARY_UID);
    const usher = await startUsher({ dataDir, uid: ORDINARY_UID });
    assert.equal(usher.report.event, "ready");

    const { place } = (await readRecord(dataDir))!;
    assert.equal((await stat(`/proc/${usher.report.pid}`)).uid, ORDINARY_UID);
    assert.equal(
      await readFile(join(place, "config/pg_ident.conf"), "utf8"),
      `usher "${userName(ORDINARY_UID)}" usher\n`,
    );
    await usher.end();
    assert.equal(isAlive(usher.report.pid), false);
  });

  it("as root, keeps the data elsewhere when the data directory lies below one of mode 0700", needsRoot, async () => {
    const closed = await newDirectory("closed");
    await chmod(closed, 0o700);
    const dataDir = join(closed, "checkout/.usher");

    const first = await start({ dataDir });
    await query(first, "create table kept (n int)");
    await stop(first);
    const { place } = (await readRecord(dataDir))!;
    const second = await start({ dataDir });

    assert.match(place, /^\/var\/lib\/usher\/[0-9a-f]{16}$/);
    assert.deepEqual(await query(second, "select n from kept"), []);
    await stop(second);
    await rm(place, { recursive: true });
  });

  it("is repeated when it was killed half-way", async () => {
    const dataDir = await newDirectory("half-way");
    const usher = forkUsher({ dataDir, from, durable: false });
    await until(async () => (await list(join(dataDir, "postgres"))).some((name) => name.startsWith("cluster.new-")));
    usher.kill("SIGKILL");
    await once(usher, "exit");

    const postgres = await start({ dataDir });

    assert.deepEqual(
      (await list(join(dataDir, "postgres"))).filter((name) => name.includes(".new-")),
      [],
    );
    assert.equal(postgres.adopted, false);
    await stop(postgres);
  });

  it("by two at once makes one database", async () => {
    const dataDir = await newDirectory("two");

    const [one, other] = await Promise.all([startUsher({ dataDir }), startUsher({ dataDir })]);

    assert.equal(one.report.event, "ready");
    assert.equal(other.report.event, "ready");
    assert.equal(one.report.pid, other.report.pid);
    assert.deepEqual([one.report.claimed, other.report.claimed].sort(), [false, true]);
    await Promise.all([one.end(), other.end()]);
  });
});

describe("a death", () => {
  let dataDir: string;

  before(async () => {
    dataDir = await newDirectory("deaths");
    const postgres = await start({ dataDir, ...DURABLE });
    await query(postgres, "create table deaths (name text)");
    await stop(postgres);
  });

  it("of Node leaves PostgreSQL running, and the next Usher adopts it", async (t) => {
    const usher = await startUsher({ dataDir, ...DURABLE });
    assert.equal(usher.report.event, "ready");
    await query(usher.report, "insert into deaths values ('node')");
    await usher.kill();

    const began = performance.now();
    const postgres = await start({ dataDir, ...DURABLE });
    t.diagnostic(`adopted in ${(performance.now() - began).toFixed(1)} ms`);
    const claim = await claimInstallation(postgres.connection);

    assert.equal(postgres.adopted, true);
    assert.equal(postgres.pid(), usher.report.pid);
    assert.equal(await countDeaths(postgres, "node"), 1);
    assert.ok(claim.ok, "the dead Usher's claim ended with it");
    await claim.value();
    await stop(postgres);
  });

  it("of PostgreSQL loses nothing that was committed, even while a statement goes on", async () => {
    const postgres = await start({ dataDir, ...DURABLE });
    const first = postgres.pid();
    await query(postgres, "insert into deaths values ('postgres')");
    const busy = query(postgres, "select count(*) from generate_series(1, 1e9)").catch(() => "broken");
    await until(
      async () => (await query(postgres, "select from pg_stat_activity where query like '%1e9%'")).length > 1,
    );
    const claim = await claimInstallation(postgres.connection);
    assert.ok(claim.ok);

    process.kill(first, "SIGKILL");
    await until(() => postgres.pid() !== first);

    assert.equal(await countDeaths(postgres, "postgres"), 1);
    assert.equal(await busy, "broken");
    await until(async () => (await query(postgres, "select from pg_locks where locktype = 'advisory'")).length === 1);
    await claim.value();
    await stop(postgres);
  });

  it("of both loses nothing that was committed", async () => {
    const usher = await startUsher({ dataDir, ...DURABLE });
    assert.equal(usher.report.event, "ready");
    await query(usher.report, "insert into deaths values ('both')");
    process.kill(usher.report.pid, "SIGKILL");
    await usher.kill();

    const postgres = await start({ dataDir, ...DURABLE });

    assert.equal(postgres.adopted, false);
    assert.equal(await countDeaths(postgres, "both"), 1);
    await stop(postgres);
  });

  it("of PostgreSQL after it was adopted is noticed as well", async () => {
    const usher = await startUsher({ dataDir, ...DURABLE });
    assert.equal(usher.report.event, "ready");
    await usher.kill();
    const postgres = await start({ dataDir, ...DURABLE });

    process.kill(postgres.pid(), "SIGKILL");
    await until(() => postgres.pid() !== (usher.report.event === "ready" && usher.report.pid));

    assert.equal(await countDeaths(postgres, "both"), 1);
    await stop(postgres);
  });

  it("of PostgreSQL keeps the socket's place, also where the data directory's path is too long for one", async () => {
    const postgres = await start({ dataDir: join(scratch, "long".padEnd(90, "-")) });
    const first = postgres.pid();

    process.kill(first, "SIGKILL");
    await until(() => postgres.pid() !== first);

    assert.deepEqual(await query(postgres, "select 1 as one"), [{ one: 1 }]);
    assert.ok(postgres.connection.host.length < 60, postgres.connection.host);
    await stop(postgres);
    await assert.rejects(stat(postgres.connection.host), { code: "ENOENT" });
  });

  it("of PostgreSQL again and again is given up with words", async () => {
    const givenUp: Fault[] = [];
    const postgres = await start({
      dataDir,
      clock: { ...manualClock(new Date(0)), sleep: (ms, signal) => wait(Math.min(ms, 10), undefined, { signal }) },
      onGivenUp: (fault) => givenUp.push(fault),
    });

    for (let death = 1; death <= 6; death++) {
      const pid = postgres.pid();
      process.kill(pid, "SIGKILL");
      await until(() => postgres.pid() !== pid || givenUp.length > 0);
    }

    assert.equal(givenUp[0]?.code, "embedded-postgres.keeps-dying");
    await stop(postgres);
  });

  it("asked for by Ctrl-C in Node's terminal is not PostgreSQL's", async () => {
    const usher = await startUsher({ dataDir, ...DURABLE });
    assert.equal(usher.report.event, "ready");

    process.kill(-usher.process.pid!, "SIGINT");

    assert.equal(await countDeaths(usher.report, "both"), 1);
    await usher.end();
  });
});

describe("a data directory", () => {
  let dataDir: string;

  before(async () => {
    dataDir = await newDirectory("shared");
  });

  it("has one living Usher; the second is refused and leaves the first alone", async () => {
    const usher = await startUsher({ dataDir });
    assert.equal(usher.report.event, "ready");

    const second = await start({ dataDir });
    const claim = await claimInstallation(second.connection);
    await second.leave();
    servers.delete(second);

    assert.deepEqual(claim, { ok: false, error: "already-running" });
    assert.deepEqual(await query(usher.report, "select 1 as one"), [{ one: 1 }]);
    await usher.end();
  });

  it("without its record, as a first start killed at its very end leaves it, keeps its database", async () => {
    const first = await start({ dataDir });
    await query(first, "create table kept (n int)");
    await stop(first);
    await rm(join(dataDir, "postgres.json"));

    const second = await start({ dataDir });

    assert.deepEqual(await query(second, "select n from kept"), []);
    await stop(second);
  });

  it("that was moved keeps its database", async () => {
    const moved = join(scratch, "moved");
    await rename(dataDir, moved);
    const there = await start({ dataDir: moved });

    assert.deepEqual(await query(there, "select n from kept"), []);
    await stop(there);
    await rename(moved, dataDir);
  });

  it("whose database is another than at first is refused, living or not", async () => {
    const usher = await startUsher({ dataDir });
    assert.equal(usher.report.event, "ready");
    const record = (await readRecord(dataDir))!;
    await writeRecord(dataDir, { ...record, systemIdentifier: "7000000000000000001" });

    await assert.rejects(start({ dataDir }), hasCode("foreign-cluster"));
    await usher.end();
    await assert.rejects(start({ dataDir }), hasCode("foreign-cluster"));
    await writeRecord(dataDir, record);
  });

  it("whose database another major version wrote is refused with the way out", async () => {
    const { cluster } = placeAt((await readRecord(dataDir))!.place);
    const written = await readFile(join(cluster, "PG_VERSION"), "utf8");
    await writeFile(join(cluster, "PG_VERSION"), "17\n");

    await assert.rejects(start({ dataDir }), hasCode("other-version"));
    await writeFile(join(cluster, "PG_VERSION"), written);
  });

  it("whose database is gone is told, and not begun anew", async () => {
    const gone = await newDirectory("gone");
    await writeRecord(gone, { systemIdentifier: "1", place: join(gone, "postgres"), dataDir: gone });

    await assert.rejects(start({ dataDir: gone }), hasCode("missing-cluster"));
  });

  it("opens although the pid of a server that died is now another program's", async () => {
    const { cluster } = placeAt((await readRecord(dataDir))!.place);
    const { uid, gid } = await stat(cluster);
    const other = spawn("sleep", ["60"], { ...(isRoot ? { uid, gid } : {}), cwd: "/", stdio: "ignore" });
    await writeFile(join(cluster, "postmaster.pid"), `${other.pid}\n${cluster}\n0\n5432\n/nowhere\n\n`);
    await chown(join(cluster, "postmaster.pid"), uid, gid);

    const postgres = await start({ dataDir });

    assert.deepEqual(await query(postgres, "select 1 as one"), [{ one: 1 }]);
    await stop(postgres);
    other.kill();
  });

  it("that is a file, or that this user may not write, is told in words", async () => {
    const file = join(scratch, "a-file");
    await writeFile(file, "");
    const locked = await newDirectory("locked");
    await chmod(locked, 0o555);
    const usher = await startUsher({ dataDir: join(locked, "data"), uid: ORDINARY_UID });

    await assert.rejects(start({ dataDir: join(file, "data") }), hasCode("not-a-directory"));
    assert.equal(usher.report.event, "fault");
    assert.match(usher.report.publicMessage, /may not read and write .*DATABASE_URL/);
  });

  it("of a uid without a name is refused with the way out", needsRoot, async () => {
    const usher = await startUsher({ dataDir: await newDirectory("nameless", NAMELESS_UID), uid: NAMELESS_UID });

    assert.equal(usher.report.event, "fault");
    assert.equal(usher.report.code, "embedded-postgres.nameless-user");
    assert.match(usher.report.publicMessage, /uid 54321 .*DATABASE_URL/);
  });
});

it("asks for DATABASE_URL where there is no PostgreSQL for the system", async () => {
  await assert.rejects(findPackage("win32", "x64"), hasCode("unsupported-platform"));
});

/** Of a run that was killed. PostgreSQL looks for its lock file every minute, and ends when it is gone. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(SCRATCH) && name.slice(SCRATCH.length).split("-")[0]);
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function newDirectory(name: string, uid?: number): Promise<string> {
  const directory = join(scratch, name);
  await mkdir(directory);
  await chmod(directory, 0o755);
  if (uid !== undefined && isRoot) await chown(directory, uid, uid);
  return directory;
}

async function start(options: Omit<EmbeddedPostgresOptions, "log">): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ from, log: silentLog, durable: false, ...options });
  servers.add(postgres);
  return postgres;
}

async function stop(postgres: EmbeddedPostgres): Promise<void> {
  await postgres.stop();
  servers.delete(postgres);
}

function forkUsher(options: EmbeddedUsherOptions): ChildProcess {
  const script = fileURLToPath(new URL("../testing/embedded-usher.ts", import.meta.url));
  const child = fork(script, [JSON.stringify(options)], { detached: true, execArgv: [], cwd: "/" });
  ushers.add(child);
  return child;
}

async function startUsher(options: Pick<EmbeddedUsherOptions, "dataDir" | "uid"> & { durable?: boolean }) {
  const child = forkUsher({ durable: false, ...options, from });
  const [report] = (await once(child, "message")) as [EmbeddedUsherReport];
  return {
    process: child,
    report,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    /** As `usher serve` ends: the claim is released and PostgreSQL stopped. */
    async end() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function query(at: Pick<EmbeddedPostgres, "connection">, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(at.connection);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function countDeaths(at: Pick<EmbeddedPostgres, "connection">, name: string): Promise<unknown> {
  return (await query(at, `select count(*)::int as times from deaths where name = '${name}'`))[0]?.["times"];
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + UNTIL_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < endsAt, `not so within ${UNTIL_MS} ms`);
    await wait(5);
  }
}

function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof Fault &&
    error.code === `embedded-postgres.${code}` &&
    error.publicMessage.includes("DATABASE_URL");
}

function userName(uid: number): string {
  return execFileSync("id", ["-un", String(uid)], { encoding: "utf8" }).trim();
}

function mayEnter(directory: string, uid: number): boolean {
  try {
    execFileSync("/bin/sh", ["-c", 'test -x "$0"', directory], { uid, gid: uid, cwd: "/" });
    return true;
  } catch {
    // The test's answer is its exit status.
    return false;
  }
}
