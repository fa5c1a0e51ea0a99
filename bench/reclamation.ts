import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { simulateRule } from "../src/http/simulate-rule.ts";
import { startTestServer, TEST_NOW } from "../src/http/testing/server.ts";
import type { Condition } from "../src/model/conditions.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../src/model/reclamation.ts";
import { ruleTerms } from "../src/rules/reclamation/rule-terms.ts";
import type { Database } from "../src/store/database.ts";
import { countSimulation } from "../src/store/reclamation/simulate.ts";
import { sql } from "../src/store/sql.ts";
import { percentile } from "./statistics.ts";

/** Counts, money and histogram of a simulation: 200 ms over 100,000 seats, 1 s over 1,000,000. */
export function simulationBudgetMs(seats: number): number {
  return seats <= 100_000 ? 200 : 1000;
}

const ROUNDS = 9;

const CONDITIONS: Record<string, Condition> = {
  idle: { is: "idle", days: 60 },
  "idle or never used": {
    any: [
      { is: "idle", days: 60 },
      { is: "never-used", grantedDays: 30 },
    ],
  },
  "with an expression": {
    all: [
      { any: [{ is: "idle", days: 90 }, { is: "person-left" }, { is: "duplicate-account" }] },
      { not: { is: "expression", cel: 'person.department in ["Legal", "Audit"] || account.email.startsWith("svc-")' } },
    ],
  },
};

export interface SimulationResult {
  condition: string;
  wouldTake: number;
  countsMs: number;
  pageMs: number;
}

/** Fills a database of its own with so many seats on two sites, and measures the sums and the first page. */
export async function measureSimulation(seats: number): Promise<SimulationResult[]> {
  const server = await startTestServer();
  try {
    await makeSeats(server.db, seats);
    await server.db.query(sql`vacuum analyze`);
    const results: SimulationResult[] = [];
    for (const [name, condition] of Object.entries(CONDITIONS)) {
      const rule = { siteIds: null, condition, settings: DEFAULT_RECLAMATION_SETTINGS };
      const terms = ruleTerms(rule.settings, TEST_NOW);
      const counts = await measured(() => countSimulation(server.db, rule, terms));
      const whole = await measured(() =>
        simulateRule(server.db, rule, TEST_NOW, { outcomes: ["would-take"], cursor: null, limit: 50 }),
      );
      const { outcomes } = whole.value;
      results.push({ condition: name, wouldTake: outcomes["would-take"], countsMs: counts.ms, pageMs: whole.ms });
    }
    return results;
  } finally {
    await server.close();
  }
}

/** The median of the rounds after one to warm up, and the last value. */
async function measured<Value>(work: () => Promise<Value>): Promise<{ ms: number; value: Value }> {
  let value = await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    value = await work();
    times.push(performance.now() - began);
  }
  return { ms: percentile(times, 0.5), value };
}

/** Two sites; a tenth never used, a tenth without evidence, the others used up to 200 days ago. */
export async function makeSeats(db: Database, seats: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into sites (id, source, source_key, base_url, name, edition, created_at)
      select 'site_00000000000' || n, 'confluence-cloud', 'bench-' || n, 'https://bench-' || n || '.example',
             'bench-' || n, 'standard', ${TEST_NOW}
        from generate_series(1, 2) as n
    `);
    await tx.execute(sql`
      insert into people (id, first_seen_at)
      select 'person_' || lpad(n::text, 12, '0'), ${TEST_NOW} from generate_series(1, ${seats}) as n
    `);
    await tx.execute(sql`
      insert into accounts (site_id, id, source_id, person_id, first_seen_at)
      select 'site_00000000000' || (1 + n % 2), 'account_' || lpad(n::text, 12, '0'), n::text,
             'person_' || lpad(n::text, 12, '0'), ${TEST_NOW}
        from generate_series(1, ${seats}) as n
    `);
    await tx.execute(sql`
      insert into seat_facts
        (site_id, account_id, person_id, seat_id, edition, granted_at, granted_origin, account_class, account_type,
         is_managed, email, person_status, department, job_title, groups_count, spaces_count, viewed_at,
         contributed_at, viewed_known_since, viewed_known_until, seat_status)
      select 'site_00000000000' || (1 + n % 2), 'account_' || lpad(n::text, 12, '0'),
             'person_' || lpad(n::text, 12, '0'), 'seat_' || lpad(n::text, 12, '0'), 'standard',
             ${TEST_NOW}::timestamptz - n % 1000 * interval '1 day', 'organization', 'licensed', 'atlassian', true,
             'person.' || n || '@bench.example', case when n % 50 = 0 then 'left' else 'active' end,
             (array['Sales', 'Legal', 'Finance', 'Engineering'])[1 + n % 4], 'Consultant', n % 9, n % 300,
             case when n % 10 > 1 then ${TEST_NOW}::timestamptz - n % 200 * interval '1 day' end,
             case when n % 3 = 0 then ${TEST_NOW}::timestamptz - n % 400 * interval '1 day' end,
             case when n % 10 > 0 then '-infinity'::timestamptz end,
             case when n % 10 > 0 then ${TEST_NOW}::timestamptz - interval '6 hours' end, 'active'
        from generate_series(1, ${seats}) as n
    `);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100_000, 1_000_000];
  for (const seats of sizes) {
    const budgetMs = simulationBudgetMs(seats);
    for (const { condition, wouldTake, countsMs, pageMs } of await measureSimulation(seats)) {
      console.log(
        `${String(seats).padStart(9)} seats, ${condition.padEnd(20)} takes ${String(wouldTake).padStart(7)}: counts, ` +
          `money and histogram ${countsMs.toFixed(0)} ms (budget ${budgetMs}), with the first page ${pageMs.toFixed(0)} ms`,
      );
      if (countsMs > budgetMs) process.exitCode = 1;
    }
  }
}
