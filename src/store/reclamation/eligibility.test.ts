import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { openDatabase, type Database } from "../database.ts";
import { sql } from "../sql.ts";
import { anySeatFacts } from "../testing/arbitraries.ts";
import { testDatabase, type TestDatabase } from "../testing/database.ts";
import { daysAgo, OBSERVED_AT } from "../testing/facts.ts";
import { siteWithSeatFacts } from "../testing/seat-facts.ts";
import { eligibilityOfAll, eligibilitySql } from "./eligibility.ts";

describe("what a rule leaves alone", () => {
  let test: TestDatabase;
  let db: Database;
  let accountIds: string[];

  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    const seats = await siteWithSeatFacts(db, "acme", fc.sample(anySeatFacts, { numRuns: 60, seed: 3 }));
    accountIds = seats.map(({ accountId }) => accountId);
    const siteId = seats[0]?.siteId;
    await db.transaction(async (tx) => {
      await tx.execute(sql`
        with rule as (
          insert into exclusion_rules (name, condition, effects, reason, expires_at, created_at, updated_at)
          select 'rule ' || n, '{}', '{no-reclaim}', 'because', ${daysAgo(-9)}, ${OBSERVED_AT}, ${OBSERVED_AT}
            from generate_series(1, 2) as n
          returning id)
        insert into exclusion_hits (rule_id, site_id, account_id, effects, until, since)
        select id, ${siteId}, account_id, case when place % 5 = 0 then '{no-review}'::text[] else '{no-reclaim}'::text[] end,
               case when place % 2 = 0 then ${daysAgo(1)}::timestamptz else ${daysAgo(-1)}::timestamptz end, ${daysAgo(30)}
          from rule
         cross join unnest(${accountIds.slice(0, 20)}::text[]) with ordinality as hit (account_id, place)
      `);
      await tx.execute(sql`
        insert into candidates (site_id, account_id, settings, state, because, detected_at, state_since, kept_until, closed_at)
        select ${siteId}, account_id, '{}', state, '[]', ${daysAgo(9)}, ${daysAgo(9)}, kept_until::timestamptz, closed_at::timestamptz
          from unnest(${accountIds.slice(15, 45)}::text[]) as account (account_id)
         cross join (values ('kept', ${daysAgo(-9)}::text, ${daysAgo(5)}::text), ('kept', ${daysAgo(-5)}, ${daysAgo(7)}),
                            ('restored', null, ${daysAgo(5)}), ('detected', null, null)) as state (state, kept_until, closed_at)
         where state.state = 'kept' or state.state = 'restored' and account_id = any (${accountIds.slice(41)}::text[])
            or state.state = 'detected' and account_id = any (${accountIds.slice(35)}::text[])
      `);
    });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  it("is the same seat by seat and over all of them", async () => {
    const settings = { graceDays: 30, coolDownDays: 90 };
    const one = eligibilitySql(settings, OBSERVED_AT);
    const all = eligibilityOfAll(settings, OBSERVED_AT);

    const rows = await db.query<{ one: boolean[]; all: boolean[] }>(sql`
      select array[${one.isExcluded}, ${one.isInGrace}, ${one.isCoolingDown}, ${one.isOpen}] as one,
             array[${all.isExcluded}, ${all.isInGrace}, ${all.isCoolingDown}, ${all.isOpen}] as all
        from seat_facts f
        ${all.joins}
    `);

    assert.equal(rows.length, accountIds.length);
    for (const row of rows) assert.deepEqual(row.all, row.one);
    const held = [0, 1, 2, 3].map((place) => rows.filter((row) => row.one[place]).length);
    assert.ok(
      held.every((count) => count > 0 && count < rows.length),
      String(held),
    );
  });
});
