import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import { migrate } from "../migrate.ts";
import { startTestCluster } from "./cluster.ts";

export interface TestDatabase {
  connection: pg.ClientConfig & { database: string };
  name: string;
  /** Ends whatever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** Every test process takes this lock of the database `postgres` while it makes the template. */
const TEMPLATE_LOCK = 2;

let serverOnce: Promise<pg.ClientConfig> | undefined;
let templateOnce: Promise<string> | undefined;

/**
 * A database of its own with all migrations applied, empty, in about 65 ms: a file copy of a template made once per
 * set of migrations. The server is the checkout's embedded test cluster, or the one of `USHER_TEST_DATABASE_URL`
 * (15 or newer, by a role that may create databases).
 */
export async function testDatabase(): Promise<TestDatabase> {
  templateOnce ??= makeTemplate();
  return createDatabase(`template ${pg.escapeIdentifier(await templateOnce)} strategy file_copy`);
}

/** As `testDatabase`, without a single table, for the tests of the migrations themselves. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  return createDatabase("template template0");
}

async function createDatabase(from: string): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const connection = await withClient(async (client) => {
    await client.query(`create database ${name} ${from}`);
    return connectionOf(client, name);
  });
  return {
    connection,
    name,
    drop: () => withClient(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}

/** Migrated under another name and then renamed, so that a template that is there is complete. */
async function makeTemplate(): Promise<string> {
  const template = await templateName();
  await withClient(async (client) => {
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [template]);
    if (rowCount) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} template template0`);
    await migrate(connectionOf(client, unfinished));
    await client.query(`alter database ${unfinished} rename to ${template}`);
  });
  return template;
}

/** Another set of migrations is another template. */
export async function templateName(): Promise<string> {
  const folder = new URL("../migrations/", import.meta.url);
  const names = (await readdir(folder)).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update(await readFile(new URL(name, folder)));
  return `template_${hash.digest("hex").slice(0, 16)}`;
}

/** One short connection for each errand, so that nothing keeps a test process running. */
async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The cluster may have stopped since the last errand, for want of anybody connected. */
async function connect(): Promise<pg.Client> {
  serverOnce ??= findServer();
  const client = new pg.Client(await serverOnce);
  try {
    await client.connect();
    return client;
  } catch {
    serverOnce = findServer();
    const again = new pg.Client(await serverOnce);
    await again.connect();
    return again;
  }
}

async function findServer(): Promise<pg.ClientConfig> {
  const url = process.env["USHER_TEST_DATABASE_URL"];
  return url ? { connectionString: url } : startTestCluster();
}

function connectionOf({ host, port, user, password }: pg.Client, database: string): TestDatabase["connection"] {
  return { host, port, user, database, ...(password === null ? {} : { password }) };
}
