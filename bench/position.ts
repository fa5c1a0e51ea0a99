// The license position over seats that are generated straight into the store: its numbers, and all that is kept of it.
import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { addLicense } from "../src/commands/licenses/add-license.ts";
import { computePosition, readPosition } from "../src/commands/position/compute-position.ts";
import { manualClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { sql } from "../src/store/sql.ts";
import { OBSERVED_AT, siteFixture } from "../src/store/testing/facts.ts";
import { testDatabase } from "../src/store/testing/database.ts";
import { percentile } from "./statistics.ts";

/** Budgets of the position's numbers by seats. */
const BUDGETS_MS: Readonly<Record<number, number>> = { 100_000: 200, 1_000_000: 1000 };
const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;

export interface PositionResult {
  seats: number;
  /** Owned, used, free, short, every part and share, and money. */
  numbersMs: { p50: number; max: number };
  /** With the snapshot and the seats behind it: the first time all of them are written, then what changed. */
  keptMs: { first: number; unchanged: number };
}

export async function measurePosition(seats: number): Promise<PositionResult> {
  const database = await testDatabase();
  const clock = manualClock(OBSERVED_AT);
  const db = openDatabase(database.connection, { clock, log: silentLog });
  try {
    const secrets = createSecretBox([{ id: "bench", key: randomBytes(32) }]);
    const ctx = { db, clock, secrets, actor: { operatorId: "system", through: "job" } } as const;
    const { siteId } = await siteFixture(db);
    await makeSeats(db, siteId, seats);
    const made = await addLicense(ctx, {
      name: "Bench",
      siteIds: [siteId],
      edition: "standard",
      metric: "monthly-seats",
      quantity: null,
      pricing: {
        kind: "bands",
        steps: [
          { upTo: 100, priceMinor: 655 },
          { upTo: null, priceMinor: 510 },
        ],
      },
      currency: "USD",
      termStart: "2026-01-01",
      termEnd: null,
      billingDay: null,
      renewalOn: null,
      noticeOn: null,
      autoRenew: false,
      renewalQuantity: null,
      costCenter: null,
      ownerId: null,
      note: null,
    });
    if (!made.ok) throw new Error("The license was refused.");
    await db.query(sql`vacuum analyze`);

    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { tookMs, value } = await timed(() => db.snapshot((reader) => readPosition(reader, clock.now())));
      if (value.lines[0]?.used !== seats) throw new Error(`The position counts ${value.lines[0]?.used} of ${seats}.`);
      if (round >= WARM_UP_ROUNDS) times.push(tookMs);
    }
    const first = await timed(() => computePosition(ctx));
    await db.query(sql`vacuum analyze position_seats`);
    const unchanged = await timed(() => computePosition(ctx));
    return {
      seats,
      numbersMs: { p50: percentile(times, 0.5), max: Math.max(...times) },
      keptMs: { first: first.tookMs, unchanged: unchanged.tookMs },
    };
  } finally {
    await db.close();
    await database.drop();
  }
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ tookMs: number; value: Value }> {
  const began = performance.now();
  const value = await work();
  return { tookMs: performance.now() - began, value };
}

/** Seats of one site as a run leaves them: a fifth idle, a tenth never used, 40 cost centers, 120 departments. */
async function makeSeats(db: Database, siteId: string, seats: number): Promise<void> {
  await db.query(sql`
    insert into people (id, first_seen_at)
    select 'person_' || lpad(n::text, 12, '0'), ${OBSERVED_AT} from generate_series(1, ${seats}::integer) as n
  `);
  await db.query(sql`
    insert into accounts (site_id, id, source_id, person_id, first_seen_at)
    select ${siteId}, 'account_' || lpad(n::text, 12, '0'), 'source-' || n, 'person_' || lpad(n::text, 12, '0'),
           ${OBSERVED_AT}
      from generate_series(1, ${seats}::integer) as n
  `);
  await db.query(sql`
    insert into seats (site_id, id, account_id, edition, since, since_origin, started_at)
    select ${siteId}, 'seat_' || lpad(n::text, 12, '0'), 'account_' || lpad(n::text, 12, '0'), 'standard',
           ${OBSERVED_AT}::timestamptz - n % 900 * interval '1 day', 'first-seen',
           ${OBSERVED_AT}::timestamptz - n % 900 * interval '1 day'
      from generate_series(1, ${seats}::integer) as n
  `);
  await db.query(sql`
    insert into seat_facts (site_id, account_id, person_id, seat_id, edition, granted_at, granted_origin, account_class,
                            account_type, is_managed, email, department, cost_center, groups_count, viewed_at, seat_status)
    select ${siteId}, 'account_' || lpad(n::text, 12, '0'), 'person_' || lpad(n::text, 12, '0'),
           'seat_' || lpad(n::text, 12, '0'), 'standard', ${OBSERVED_AT}::timestamptz - n % 900 * interval '1 day',
           'first-seen', 'licensed', 'atlassian', true, 'person' || n || '@acme.example', 'Department ' || n % 120,
           'CC-' || n % 40, n % 12, ${OBSERVED_AT}::timestamptz - n % 200 * interval '1 day',
           case when n % 10 = 0 then 'never-used' when n % 10 < 3 then 'idle' when n % 10 = 9 then 'no-evidence'
                else 'active' end
      from generate_series(1, ${seats}::integer) as n
  `);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.slice(2).map(Number);
  for (const seats of sizes.length > 0 ? sizes : Object.keys(BUDGETS_MS).map(Number)) {
    const { numbersMs, keptMs } = await measurePosition(seats);
    const budget = BUDGETS_MS[seats];
    const told = budget === undefined ? "" : ` (budget ${budget} ms)`;
    console.log(
      `Position of ${seats} seats: p50 ${numbersMs.p50.toFixed(0)} ms, most ${numbersMs.max.toFixed(0)} ms${told}; ` +
        `kept to the seat ${(keptMs.first / 1000).toFixed(1)} s the first time, then ${(keptMs.unchanged / 1000).toFixed(1)} s.`,
    );
    if (budget !== undefined && numbersMs.p50 > budget) process.exitCode = 1;
  }
}
