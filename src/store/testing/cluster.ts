import { spawn } from "node:child_process";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { systemClock } from "../../lib/clock.ts";
import { findPostmaster, signal } from "../embedded/postmaster.ts";
import { placeAt, readRecord } from "../embedded/place.ts";
import { askServer, connectionTo, type PostgresConnection } from "../embedded/server.ts";

const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));

/** One cluster for all test processes of a checkout, beside the packages, where no version control looks. */
export const TEST_DATA_DIRECTORY = join(CHECKOUT, "node_modules/.cache/usher-tests");

const OWNER_LOG = `${TEST_DATA_DIRECTORY}.log`;

/** By this name, followed by its pid, the owner's session is known to the server. */
export const OWNER_NAME = "test cluster owner";

/** The first start creates the cluster: 1.5 s on two idle cores, more when all test files begin at once. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;

/** Starts an owner again this often, in case the one before stopped just as we came. */
const OWNER_EVERY_MS = 3000;

/** A server this old has had the time to get its owner. */
const OWNER_WITHIN_MS = 10_000;

/**
 * The checkout's test cluster. When none is living, a process of its own is started to own it (`cluster-owner.ts`), which
 * stops it when no test has been connected for a while; so nobody has to clean up, not even after a SIGKILL.
 */
export async function startTestCluster(): Promise<PostgresConnection> {
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    const living = await findTestCluster();
    if (living ? living.isForsaken : waited % OWNER_EVERY_MS === 0) await spawnOwner();
    if (living) return living.connection;
    await systemClock.sleep(POLL_MS);
  }
  throw new Error(`The test cluster did not start; see ${OWNER_LOG}.`);
}

/** Asks the owner to stop the cluster as soon as no test is connected any more. */
export async function releaseTestCluster(): Promise<void> {
  const living = await findTestCluster();
  if (living?.ownerPid) signal(living.ownerPid, "SIGTERM");
}

async function findTestCluster() {
  const record = await readRecord(TEST_DATA_DIRECTORY);
  const postmaster = record && (await findPostmaster(placeAt(record.place).cluster));
  if (!postmaster || !(await askServer(postmaster.socketDirectory))) return null;

  const connection = connectionTo(postmaster.socketDirectory, "postgres");
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query<{ owner: string | null; ageMs: number }>(
    `select (select min(application_name) from pg_stat_activity where starts_with(application_name, $1)) as owner,
            (extract(epoch from now() - pg_postmaster_start_time()) * 1000)::int as "ageMs"`,
    [OWNER_NAME],
  );
  await client.end();
  const { owner, ageMs } = rows[0]!;
  const ownerPid = owner === null ? null : Number(owner.slice(OWNER_NAME.length));
  return { connection, ownerPid, isForsaken: ownerPid === null && ageMs > OWNER_WITHIN_MS };
}

async function spawnOwner(): Promise<void> {
  await mkdir(dirname(TEST_DATA_DIRECTORY), { recursive: true });
  const log = await open(OWNER_LOG, "w");
  const owner = fileURLToPath(new URL("./cluster-owner.ts", import.meta.url));
  spawn(process.execPath, [owner], { detached: true, stdio: ["ignore", log.fd, log.fd], cwd: "/" }).unref();
  await log.close();
}
