import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import type { ListingKind, ListingState, RunScope } from "../model/runs.ts";
import { listAccessPaths } from "../store/access.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { listKnowledge } from "../store/known-since.ts";
import { saveProductAccessDecision } from "../store/product-access.ts";
import { sql } from "../store/sql.ts";
import { type TestDatabase, testDatabase } from "../store/testing/database.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../store/testing/facts.ts";
import { afterRun } from "./after-run.ts";

const DAY_MS = 86_400_000;
const day = (number: number) => new Date(OBSERVED_AT.getTime() + number * DAY_MS);

describe("what is known of earlier days", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(OBSERVED_AT), log: silentLog });
    acme = await siteFixture(db);
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  async function run(
    observedAt: Date,
    states: Partial<Record<ListingKind, ListingState>>,
    scope: RunScope = "full",
  ): Promise<void> {
    const { siteId, connectionId, settings } = acme;
    const listings = Object.entries(states).map(([kind, state]) => ({ kind: kind as ListingKind, state }));
    const runId = await acme.run(observedAt, scope, listings);
    await afterRun(db, { siteId, connectionId, runId, scope, observedAt, settings });
  }

  const since = async (needed: Parameters<typeof listKnowledge>[1]["needed"], also: typeof needed = []) =>
    (await listKnowledge(db, { needed, also }, [acme.siteId]))[0]?.since;

  it("begins with the first run that read a kind to its end, and stays there", async () => {
    await run(day(0), { accounts: "complete", memberships: "failed" });
    await run(day(1), { accounts: "complete", memberships: "complete" }, "license");
    await run(day(2), { accounts: "complete", memberships: "complete" });
    await run(day(3), { accounts: "complete", memberships: "complete" });

    assert.deepEqual(await since(["accounts"]), day(0));
    assert.deepEqual(await since(["accounts", "memberships"]), day(2));
    assert.deepEqual(await since(["accounts"], ["memberships"]), day(2));
    assert.equal(await since(["accounts", "groups"]), null);
    assert.deepEqual(await since(["accounts"], ["groups"]), day(0));
  });

  it("begins with the first rights that were seen where a credential never sees all of them", async () => {
    await acme.space("HOME");
    await acme.permit("HOME", "user", "ann");
    await run(day(1), { spaces: "complete", "space-permissions": "not-allowed" });

    assert.deepEqual(await since(["rights"]), OBSERVED_AT);
    assert.equal(await since(["role-assignments"]), null);
  });

  it("judges each day by the model of rights that the site had", async () => {
    const accountId = await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    const spaceId = await acme.space("HOME");
    await acme.permit("HOME", "user", "ann");
    await run(day(0), { spaces: "complete", "space-permissions": "complete" });
    await db.transaction((tx) => tx.execute(sql`update sites set role_mode = 'roles' where id = ${acme.siteId}`));
    await acme.role("viewer", "read");
    await acme.assign("HOME", "group", "users", "viewer");
    // The run that first reads the other model closes what the former one left.
    await db.transaction(async (tx) => {
      await tx.execute(sql`update role_assignments set valid_from = ${day(2)}`);
      await tx.execute(sql`update space_permissions set valid_to = ${day(2)}`);
    });
    await run(day(2), { spaces: "complete", "space-roles": "complete", "role-assignments": "complete" });
    const ways = async (at: Date | null) =>
      (await listAccessPaths(db, acme.siteId, { accountIds: [accountId], spaceIds: [spaceId] }, at)).map(
        ({ through, roles }) => [through, ...roles],
      );

    assert.deepEqual(await ways(day(1)), [["direct"]]);
    assert.deepEqual(await ways(day(2)), [["group", "viewer"]]);
    assert.deepEqual(await ways(null), [["group", "viewer"]]);
  });

  it("keeps each decision about a group beside the newest one", async () => {
    const groupId = await acme.group("users");
    const [operator] = await db.query<{ id: string }>(sql`select id from operators limit 1`);
    const decide = (state: "added" | "dropped", at: Date) =>
      db.transaction((tx) =>
        saveProductAccessDecision(tx, {
          siteId: acme.siteId,
          groupId,
          state,
          reason: null,
          decidedBy: operator?.id ?? "",
          at,
        }),
      );

    await decide("added", day(1));
    await decide("dropped", day(2));

    const kept = await db.query<{ state: string; from: Date; to: Date | null }>(sql`
      select state, valid_from as "from", valid_to as "to" from product_access_decision_versions order by valid_from
    `);
    assert.deepEqual(kept, [
      { state: "added", from: day(1), to: day(2) },
      { state: "dropped", from: day(2), to: null },
    ]);
  });
});
