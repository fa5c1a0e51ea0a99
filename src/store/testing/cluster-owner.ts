// Owns the test cluster of a checkout: starts or adopts it, and stops it when no test has been connected for a while.
import pg from "pg";
import { systemClock } from "../../lib/clock.ts";
import { createLog } from "../../lib/log.ts";
import { startEmbeddedPostgres } from "../embedded/supervisor.ts";
import { templateName } from "./database.ts";
import { OWNER_NAME, TEST_DATA_DIRECTORY } from "./cluster.ts";

/** Long enough to run one test file after the other by hand, short enough to forget about it. */
const IDLE_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** Any number does, as nothing else takes advisory locks in the database `postgres`; this is the first owner's. */
const OWNER_LOCK = 1;

const postgres = await startEmbeddedPostgres({
  dataDir: TEST_DATA_DIRECTORY,
  log: createLog({ level: "warn" }),
  durable: false,
});
const client = new pg.Client({
  ...postgres.connection,
  database: "postgres",
  application_name: `${OWNER_NAME} ${process.pid}`,
});
// A cluster that goes away takes its owner with it; the next test starts both.
client.on("error", () => process.exit(0));
await client.connect();

const { rows } = await client.query<{ first: boolean }>("select pg_try_advisory_lock($1) as first", [OWNER_LOCK]);
if (!rows[0]?.first) process.exit(0);

// The run that is over has asked; another one may still be going on.
const asked = new AbortController();
process.once("SIGTERM", () => asked.abort());
await dropLeftovers();
for (let idleMs = 0; idleMs < IDLE_MS; idleMs += LOOK_EVERY_MS) {
  if ((await countOthers()) > 0) idleMs = 0;
  else if (asked.signal.aborted) break;
  await systemClock.sleep(LOOK_EVERY_MS, asked.signal.aborted ? undefined : asked.signal).catch(() => undefined);
}
await client.end();
await postgres.stop();

async function countOthers(): Promise<number> {
  const { rows: counted } = await client.query<{ others: number }>(
    "select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  return counted[0]!.others;
}

/** Databases of tests that were killed, and templates of migrations that have changed since. */
async function dropLeftovers(): Promise<void> {
  const { rows: leftovers } = await client.query<{ name: string }>(
    `
    select datname as name
      from pg_database
     where (datname like 'test\\_%' or datname like 'template\\_%')
       and not exists (select from pg_stat_activity where pg_stat_activity.datname = pg_database.datname)
       and (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '1 hour'
       and datname <> $1
  `,
    [await templateName()],
  );
  for (const { name } of leftovers)
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}
