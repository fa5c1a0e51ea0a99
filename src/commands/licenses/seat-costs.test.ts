import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { sql } from "../../store/sql.ts";
import { OBSERVED_AT, siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { testDatabase, type TestDatabase } from "../../store/testing/database.ts";
import { monthSavings, seatCosts } from "./seat-costs.ts";

describe("the cost of a seat", () => {
  let database: TestDatabase;
  let db: Database;
  let site: SiteFixture;

  before(async () => {
    database = await testDatabase();
    db = openDatabase(database.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    site = await siteFixture(db, { name: "acme", edition: "standard" });
    for (const name of ["ada", "ben", "cem"]) {
      const accountId = await site.account(name);
      await db.query(sql`
        insert into seats (site_id, account_id, edition, since, since_origin, started_at)
        values (${site.siteId}, ${accountId}, 'standard', ${OBSERVED_AT}, 'first-seen', ${OBSERVED_AT})
      `);
    }
  });

  after(async () => {
    await db.close();
    await database.drop();
  });

  beforeEach(async () => {
    await db.query(sql`delete from license_sites`);
    await db.query(sql`delete from licenses`);
  });

  async function license(fields: { metric: string; pricing: object; currency?: string; termEnd?: string | null }) {
    await db.query(sql`
      with made as (
        insert into licenses (name, edition, metric, pricing, currency, term_start, term_end, billing_day, auto_renew,
                              quantity_since, settled_to, created_by, created_at, updated_at)
        values ('acme', 'standard', ${fields.metric}, ${JSON.stringify(fields.pricing)}, ${fields.currency ?? "EUR"},
                '2026-01-01', ${fields.termEnd ?? null}, 15, false, ${OBSERVED_AT}, '2026-01-01', 'test', ${OBSERVED_AT},
                ${OBSERVED_AT})
        returning id
      )
      insert into license_sites (license_id, site_id) select id, ${site.siteId} from made
    `);
  }

  const cost = async () => (await seatCosts(db, [site.siteId], OBSERVED_AT)).get(site.siteId);

  it("is the list price of the edition where nobody has entered a license", async () => {
    assert.deepEqual(await cost(), {
      siteId: site.siteId,
      monthMinor: 655,
      currency: "USD",
      saving: { kind: "next-bill", from: null },
      basis: "list-price",
    });
  });

  it("is the price of the band that the last seat lies in, saved from the next bill on", async () => {
    const steps = [
      { upTo: 2, priceMinor: 900 },
      { upTo: null, priceMinor: 500 },
    ];
    await license({ metric: "monthly-seats", pricing: { kind: "bands", steps } });

    assert.deepEqual(await cost(), {
      siteId: site.siteId,
      monthMinor: 500,
      currency: "EUR",
      saving: { kind: "next-bill", from: new Date("2026-12-15T00:00:00Z") },
      basis: "license",
    });
  });

  it("is a twelfth of a year's price where the year is paid, saved at the renewal", async () => {
    const steps = [{ upTo: null, priceMinor: 6000 }];
    await license({ metric: "annual-seats", pricing: { kind: "bands", steps }, termEnd: "2027-03-01" });

    const found = await cost();

    assert.equal(found?.monthMinor, 500);
    assert.deepEqual(found?.saving, { kind: "renewal", from: new Date("2027-03-01T00:00:00Z") });
  });

  it("is what the tier below saves where one seat less reaches it, and nothing within a tier", async () => {
    const steps = [
      { upTo: 2, priceMinor: 100_000 },
      { upTo: 10, priceMinor: 150_000 },
    ];
    await license({ metric: "data-center-tier", pricing: { kind: "tiers", steps }, termEnd: "2027-03-01" });

    const reached = await cost();
    await db.query(
      sql`update seats set ended_at = ${OBSERVED_AT}, end_reason = 'no-access' where id = (select min(id) from seats)`,
    );
    const below = await cost();
    await db.query(sql`update seats set ended_at = null, end_reason = null`);

    assert.equal(reached?.monthMinor, 4167);
    assert.equal(reached?.saving.kind, "lower-tier");
    assert.equal(below?.monthMinor, 0);
  });

  it("of several seats is what the bill would be lower by: bands from the top, a tier once", async () => {
    const several = async (count: number) => monthSavings(db, new Map([[site.siteId, count]]), OBSERVED_AT);
    const atListPrice = await several(2);
    const bands = [
      { upTo: 2, priceMinor: 900 },
      { upTo: null, priceMinor: 500 },
    ];
    await license({ metric: "monthly-seats", pricing: { kind: "bands", steps: bands } });
    const overBands = await several(3);
    await db.query(sql`delete from license_sites`);
    await db.query(sql`delete from licenses`);
    const tiers = [
      { upTo: 2, priceMinor: 100_000 },
      { upTo: 10, priceMinor: 150_000 },
    ];
    await license({
      metric: "data-center-tier",
      pricing: { kind: "tiers", steps: tiers },
      termEnd: "2027-03-01",
    });
    const overTiers = await several(3);

    const told = ({ savings }: typeof overTiers) => savings.map(({ monthMinor, seats }) => [monthMinor, seats]);
    assert.deepEqual(told(atListPrice), [[2 * 655, 2]]);
    assert.deepEqual(told(overBands), [[500 + 2 * 900, 3]]);
    assert.deepEqual(told(overTiers), [[4167, 3]]);
  });

  it("is by list price again once the term has ended", async () => {
    await license({
      metric: "monthly-seats",
      pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 500 }] },
      termEnd: "2026-11-01",
    });

    assert.equal((await cost())?.basis, "list-price");
  });

  it("leaves out a site that nobody knows", async () => {
    assert.equal((await seatCosts(db, ["site_000000000000"], OBSERVED_AT)).size, 0);
  });
});
