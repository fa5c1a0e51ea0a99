// node bench/journal.ts [--entries 200000]: verifies a journal of its own and fails below 50,000 entries a second.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { manualClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { openDatabase } from "../src/store/database.ts";
import { verifyJournal } from "../src/store/journal.ts";
import { recordEntries } from "../src/store/testing/journal.ts";
import { releaseTestCluster } from "../src/store/testing/cluster.ts";
import { testDatabase } from "../src/store/testing/database.ts";
import { sql } from "../src/store/sql.ts";

const ENTRIES_PER_SECOND_MIN = 50_000;
const ROUNDS = 3;
const ENTRIES_PER_TRANSACTION = 5000;

const { values } = parseArgs({ options: { entries: { type: "string", default: "200000" } } });
const entries = Number(values.entries);

const test = await testDatabase();
const db = openDatabase(test.connection, { clock: manualClock(new Date("2026-05-03T12:00:00Z")), log: silentLog });
try {
  const began = performance.now();
  await recordEntries(db, entries, ENTRIES_PER_TRANSACTION);
  await db.query(sql`analyze`);
  console.log(`recorded ${entries} entries, ${perSecond(entries, began)} a second`);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const found = await db.snapshot((reader) => verifyJournal(reader));
    if (!found.intact || found.checked !== entries) throw new Error(`It verified wrongly: ${JSON.stringify(found)}`);
    rates.push(perSecond(entries, start));
  }
  const best = Math.max(...rates);
  console.log(`verified at ${rates.join(", ")} entries a second; at least ${ENTRIES_PER_SECOND_MIN} are wanted`);
  if (best < ENTRIES_PER_SECOND_MIN) process.exitCode = 1;
} finally {
  await db.close();
  await test.drop();
  await releaseTestCluster();
}

function perSecond(count: number, since: number): number {
  return Math.round(count / ((performance.now() - since) / 1000));
}
