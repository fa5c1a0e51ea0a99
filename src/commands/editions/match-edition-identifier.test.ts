import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { settleSiteEdition } from "../../store/editions/settle.ts";
import { saveSiteDescription } from "../../store/sites.ts";
import { sql } from "../../store/sql.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { type TestDatabase, testDatabase } from "../../store/testing/database.ts";
import type { Context } from "../context.ts";
import { matchEditionIdentifier } from "./match-edition-identifier.ts";

const day = (days: number) => new Date(OBSERVED_AT.getTime() + days * 86_400_000);

describe("matching an edition identifier", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  let ctx: Context;
  const clock = manualClock(OBSERVED_AT);
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    acme = await siteFixture(db);
    const [operator] = await db.query<{ id: string }>(sql`select id from operators`);
    ctx = { db, clock, secrets: null as never, actor: { operatorId: operator?.id ?? "", through: "api" } };
    for (const name of ["ann", "bob"]) await acme.account(name);
    await acme.group("users", { gives: "user", members: ["ann", "bob"] });
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  /** A run at which the site calls its edition so. */
  async function runTelling(editionIdentifier: string, at: Date): Promise<void> {
    const { siteId, connectionId, settings } = acme;
    const edition = editionIdentifier === "STANDARD" ? "standard" : "unrecognized";
    await db.transaction(async (tx) => {
      await saveSiteDescription(tx, siteId, { edition, editionIdentifier });
      await settleSiteEdition(tx, siteId, at);
    });
    const runId = await acme.run(at, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(db, { siteId, connectionId, runId, scope: "full", observedAt: at, settings });
  }
  const identifiers = (state: "unrecognized" | "recognized") =>
    db.query<{ id: string; identifier: string }>(sql`
      select id, identifier
        from edition_identifiers
       where (edition is null) = ${state === "unrecognized"} and first_seen_at is not null
       order by identifier
    `);
  const seats = () =>
    db.query<Record<"edition" | "price", unknown>>(sql`
      select a.source_id as account, s.edition, s.edition_identifier as identifier, s.ended_at is null as "isHeld",
             m.price_minor as price, f.edition as fact
        from seats s
        join accounts a on a.id = s.account_id
        left join account_summaries m on m.seat_id = s.id
        left join seat_facts f on f.seat_id = s.id
       order by a.source_id, s.started_at
    `);

  it("leaves what nobody knows unrecognized, with its seats counted and without a price", async () => {
    await runTelling("COMMUNITY", OBSERVED_AT);

    assert.deepEqual(
      (await identifiers("unrecognized")).map(({ identifier }) => identifier),
      ["COMMUNITY"],
    );
    assert.deepEqual((await seats())[0], {
      account: "ann",
      edition: "unrecognized",
      identifier: "COMMUNITY",
      isHeld: true,
      price: null,
      fact: "unrecognized",
    });
  });

  it("applies a mapping to the past: seats that ended under the name are of that edition too, earlier ones are not", async () => {
    await acme.account("old");
    await acme.join("users", "old");
    await runTelling("STANDARD", day(-3));
    await acme.leave("users", "old", day(-2));
    await runTelling("STANDARD", day(-2));
    await runTelling("COMMUNITY", day(-1));
    await acme.leave("users", "bob", day(0));
    await runTelling("COMMUNITY", day(0));
    const [waiting] = await identifiers("unrecognized");

    const matched = await matchEditionIdentifier(ctx, waiting?.id ?? "", "premium");

    assert.deepEqual(matched, { ok: true, value: { sites: 1, seats: 2 } });
    assert.deepEqual(await identifiers("unrecognized"), []);
    assert.deepEqual(await seats(), [
      { account: "ann", edition: "premium", identifier: "COMMUNITY", isHeld: true, price: 1287, fact: "premium" },
      { account: "bob", edition: "premium", identifier: "COMMUNITY", isHeld: false, price: null, fact: null },
      { account: "old", edition: "standard", identifier: "STANDARD", isHeld: false, price: null, fact: null },
    ]);
    const [entry] = await db.query(sql`
      select entry, detail from journal_entries where entry like 'edition-identifier.%'
    `);
    assert.deepEqual(entry, {
      entry: "edition-identifier.matched",
      detail: {
        source: "confluence-cloud",
        identifier: "COMMUNITY",
        edition: "premium",
        before: null,
        sites: 1,
        seats: 2,
      },
    });
  });

  it("knows the name at every later run and at every other site, whatever its case", async () => {
    await runTelling("COMMUNITY", OBSERVED_AT);
    const [waiting] = await identifiers("unrecognized");
    await matchEditionIdentifier(ctx, waiting?.id ?? "", "standard");

    await runTelling("Community", day(1));

    assert.deepEqual(await identifiers("unrecognized"), []);
    assert.deepEqual(
      (await seats()).map(({ edition, price }) => [edition, price]),
      [
        ["standard", 655],
        ["standard", 655],
      ],
    );
  });

  it("keeps which name a site had when", async () => {
    await runTelling("STANDARD", OBSERVED_AT);
    await runTelling("STANDARD", day(1));
    await runTelling("COMMUNITY", day(2));

    const versions = await db.query(sql`
      select identifier, valid_from as "from", valid_to as "to" from site_edition_versions order by valid_from
    `);
    assert.deepEqual(versions, [
      { identifier: "STANDARD", from: OBSERVED_AT, to: day(2) },
      { identifier: "COMMUNITY", from: day(2), to: null },
    ]);
  });

  it("takes a mapping back, and refuses one of what is known by itself", async () => {
    await runTelling("COMMUNITY", OBSERVED_AT);
    const [waiting] = await identifiers("unrecognized");
    const id = waiting?.id ?? "";
    await matchEditionIdentifier(ctx, id, "premium");

    const back = await matchEditionIdentifier(ctx, id, null);
    await runTelling("STANDARD", day(1));
    const [known] = await identifiers("recognized");

    assert.equal(back.ok, true);
    assert.deepEqual(
      (await identifiers("unrecognized")).map((each) => each.id),
      [id],
    );
    assert.deepEqual(await matchEditionIdentifier(ctx, known?.id ?? "", "free"), {
      ok: false,
      error: "known-by-itself",
    });
    assert.deepEqual(await matchEditionIdentifier(ctx, "identifier_000000000000", "free"), {
      ok: false,
      error: "no-such-identifier",
    });
  });
});
