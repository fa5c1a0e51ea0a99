import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CandidateSite, candidateSite } from "../commands/candidates/testing/candidate-site.ts";
import { computePosition } from "../commands/position/compute-position.ts";
import { listLines } from "./position/snapshots.ts";
import { gatherMissingSeatFacts } from "./seat-facts.ts";
import { sql } from "./sql.ts";
import { daysAgo } from "./testing/facts.ts";

const facts = (site: CandidateSite) => site.db.query(sql`select * from seat_facts order by site_id, account_id`);

describe("a database whose sites were summarized before seats had facts of their own", () => {
  let site: CandidateSite;
  let known: unknown;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: null });
    known = await facts(site);
    await site.db.query(sql`delete from seat_facts`);
  });
  afterEach(() => site.close());

  it("gets them at once, as a run would gather them", async () => {
    const sites = await site.db.transaction(gatherMissingSeatFacts);

    assert.equal(sites, 1);
    assert.deepEqual(await facts(site), known);
    assert.equal(await site.db.transaction(gatherMissingSeatFacts), 0);
  });

  it("counts its seats without another run", async () => {
    await Promise.all([1, 2].map(() => site.db.transaction(gatherMissingSeatFacts)));

    const { id } = await computePosition(site.context());

    assert.equal((await listLines(site.db, id))[0]?.used, 3);
  });
});
