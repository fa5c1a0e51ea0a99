import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import type { Condition, ConditionTerms } from "../model/conditions.ts";
import type { SeatFacts } from "../model/seats.ts";
import { checkCondition } from "../rules/conditions/check.ts";
import { evaluateCondition } from "../rules/conditions/evaluate.ts";
import { conditionSql } from "./conditions.ts";
import { openDatabase, type Database } from "./database.ts";
import { SEAT_FACTS_COLUMNS, toSeatFacts, type SeatFactsRow } from "./seat-facts.ts";
import { sql } from "./sql.ts";
import { findStandings } from "./standings.ts";
import { anyCondition, anySeatFacts, anyTerms } from "./testing/arbitraries.ts";
import { testDatabase, type TestDatabase } from "./testing/database.ts";
import { OBSERVED_AT } from "./testing/facts.ts";
import { siteWithSeatFacts } from "./testing/seat-facts.ts";

type Judged = SeatFactsRow & { matches: boolean | null; lacksEvidence: boolean | null };

describe("a condition over many seats and over one", () => {
  let test: TestDatabase;
  let db: Database;
  let capacities: Record<string, number>;

  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    const seats = fc.sample(anySeatFacts, { numRuns: 300, seed: 41 });
    const [large, small] = [
      await siteWithSeatFacts(db, "large", seats.slice(0, 200)),
      await siteWithSeatFacts(db, "small", seats.slice(200)),
    ];
    const held = large.filter(({ seatId }) => seatId !== null).length;
    // The other site has no known capacity.
    capacities = { [large[0]?.siteId ?? ""]: held, [`${small[0]?.siteId}-gone`]: 5 };
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  async function judge(condition: Condition, terms: ConditionTerms): Promise<Judged[]> {
    const { matches, lacksEvidence } = conditionSql(condition, terms);
    return db.query<Judged>(sql`
      select ${SEAT_FACTS_COLUMNS}, ${matches} as matches, ${lacksEvidence} as "lacksEvidence" from seat_facts f
    `);
  }

  it("gives one answer", async () => {
    let matched = 0;
    let lacking = 0;
    await fc.assert(
      fc.asyncProperty(anyCondition, anyTerms, async (condition, given) => {
        fc.pre(checkCondition(condition).ok);
        const terms = { ...given, capacities };
        const rows = await judge(condition, terms);
        const standings = await findStandings(
          db,
          terms,
          rows.map(({ accountId }) => accountId),
        );

        for (const { matches, lacksEvidence, ...row } of rows) {
          const facts: SeatFacts = toSeatFacts(row);
          const outcome = evaluateCondition(condition, facts, terms, standings.get(facts.accountId) ?? null);
          matched += Number(outcome.matches);
          lacking += Number(outcome.lacksEvidence);
          assert.deepEqual(
            { matches, lacksEvidence },
            { matches: outcome.matches, lacksEvidence: outcome.lacksEvidence },
            JSON.stringify(facts),
          );
        }
      }),
      { numRuns: 120, seed: 7 },
    );

    assert.ok(matched > 1000 && lacking > 1000, `only ${matched} matched and ${lacking} lacked evidence`);
  });
});
