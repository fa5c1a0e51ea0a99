import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { WritableSite } from "../../actions/testing/site-writer.ts";
import { applyPlan } from "../../commands/plans/apply-plan.ts";
import type { ActSite } from "../../commands/plans/testing/act-site.ts";
import { type Database, StoreFailure } from "../../store/database.ts";
import { findCandidate } from "../../store/candidates/candidates.ts";
import { sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { codesOf, PEOPLE, type Reclaiming, reclaiming } from "../testing/reclaiming.ts";

describe("carrying out a plan", () => {
  let parts: Reclaiming;
  let world: ActSite;
  let site: WritableSite;
  beforeEach(async () => {
    parts = await reclaiming();
    ({ world, site } = parts);
  });
  afterEach(() => world.close());
  const applied = (...names: string[]) => parts.applied(...names);
  const outcome = (plan: { id: string }) => parts.outcome(plan);
  const execute = (holder?: string, db?: Database) => parts.execute(holder, db);
  const groupsOf = (name: string) => parts.groupsOf(name);

  it("takes each seat out of the groups that give it, and out of no other", async () => {
    const plan = await applied();

    await execute();

    const after = await outcome(plan);
    assert.equal(after.plan?.state, "applied");
    for (const name of PEOPLE) assert.deepEqual(groupsOf(name), ["team"]);
    assert.equal(site.made.length, 5);
    assert.equal(site.closed, 1);
  });

  it("sends nothing for what is so already", async () => {
    const plan = await applied("ann");
    site.accounts.get("ann")?.groups.delete("users");

    await execute();

    const { rows } = await outcome(plan);
    assert.deepEqual(codesOf(rows), [["done", "already-so"]]);
    assert.deepEqual(site.made, []);
  });

  it("leaves out who was used since, and says when", async () => {
    const plan = await applied("ann", "bob");
    world.clock.moveBy(1000);
    site.uses.set("ann", [{ kind: "viewed", source: "import", at: world.clock.now() }]);

    await execute();

    const { rows, plan: finished } = await outcome(plan);
    assert.deepEqual(codesOf(rows), [
      ["left-out", "used"],
      ["done", null],
    ]);
    assert.deepEqual(groupsOf("ann"), ["team", "users"]);
    assert.equal(finished?.state, "partial");
  });

  it("leaves out who is in another group by now that gives the product", async () => {
    const plan = await applied("ann");
    site.accounts.get("ann")?.groups.add("admins");

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["left-out", "memberships-changed"]]);
    assert.deepEqual(site.made, []);
  });

  it("leaves out who was excluded meanwhile", async () => {
    const plan = await applied("ann");
    await world.db.transaction(async (tx) => {
      const [rule] = await tx.query<{ id: string }>(sql`
        insert into exclusion_rules (name, condition, effects, reason, expires_at, created_at, updated_at)
        values ('Board', '{}', '{no-reclaim}', 'They said so.', '2027-01-01', '2026-01-01', '2026-01-01') returning id
      `);
      await tx.execute(sql`
        insert into exclusion_hits (rule_id, site_id, account_id, effects, since)
        select ${rule?.id}, site_id, id, '{no-reclaim}', '2026-01-01' from accounts where source_id = 'ann'
      `);
    });

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["left-out", "excluded"]]);
    assert.deepEqual(site.made, []);
  });

  it("takes a decided seat by its candidate, and leaves out one whose decision no longer stands", async () => {
    const { siteId } = world.site;
    const taken = await candidateFixture(world.db, siteId, "ann", { state: "scheduled" });
    const unsure = await candidateFixture(world.db, siteId, "bob", { state: "scheduled" });
    const seats = await world.seats("ann", "bob");
    const plan = await parts.planned([], {
      seats: seats.map((seat, index) => ({ ...seat, candidateId: [taken.id, unsure.id][index] ?? null })),
    });
    await parts.apply(plan);
    await world.db.transaction((tx) =>
      tx.execute(sql`
      update candidates set lacks_evidence = true where id = ${unsure.id}
    `),
    );

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [
      ["done", null],
      ["left-out", "not-decided"],
    ]);
    assert.equal((await findCandidate(world.db, taken.id))?.state, "reclaimed");
    assert.deepEqual(groupsOf("bob"), ["team", "users"]);
  });

  it("does not send again what was made though its answer was lost", async () => {
    const plan = await applied("ann");
    site.faults.set("ann", ["lost-after"]);

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["done", null]]);
    assert.equal(site.made.length, 1);
    assert.deepEqual(site.repeated, []);
  });

  it("sends again what was lost before it was made, once it had the time to show", async () => {
    const plan = await applied("ann");
    site.faults.set("ann", ["lost-before"]);

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["done", null]]);
    assert.equal(site.made.length, 1);
  });

  it("waits for a source that shows a change late", async () => {
    const plan = await applied("ann");
    site.lagMs = 30_000;

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["done", null]]);
    assert.deepEqual(site.repeated, []);
  });

  it("calls unverified what the source took and never shows", async () => {
    const plan = await applied("ann");
    site.lagMs = 3_600_000;

    await execute();

    assert.deepEqual(codesOf((await outcome(plan)).rows), [["unverified", "not-seen"]]);
    assert.equal(site.made.length, 1);
  });

  it("gives up in words where the source refuses for good, and says of each group what became of it", async () => {
    const plan = await applied("dee");
    site.faults.set("dee", ["source.missing-role"]);

    await execute();

    const { rows } = await outcome(plan);
    assert.deepEqual(codesOf(rows), [["failed", "source.missing-role"]]);
    assert.deepEqual(groupsOf("dee"), ["admins", "team", "users"]);
    const states = await world.db.query<{ state: string }>(sql`select state from actions order by id`);
    assert.deepEqual(
      states.map((each) => each.state),
      ["failed", "skipped"],
    );
  });

  it("tries again what was not taken, and gives up after some times", async () => {
    const plan = await applied("ann", "bob");
    site.faults.set("ann", ["source.rate-limited", "source.conflict"]);
    site.faults.set(
      "bob",
      Array.from({ length: 20 }, () => "source.rate-limited" as const),
    );

    for (let time = 0; time < 12; time += 1) {
      await execute();
      world.clock.moveBy(600_000);
    }

    assert.deepEqual(codesOf((await outcome(plan)).rows), [
      ["done", null],
      ["failed", "source.rate-limited"],
    ]);
    assert.deepEqual(groupsOf("bob"), ["team", "users"]);
  });

  it("takes a group that is gone for one that was left", async () => {
    const plan = await applied("ann");
    site.faults.set("ann", ["source.not-found"]);
    site.checkpoint = (what) => void (what === "before a change" && site.accounts.get("ann")?.groups.delete("users"));

    await execute();

    assert.equal((await outcome(plan)).rows[0]?.state, "done");
  });

  it("stops when the site is set to Observe only, and sends nothing more", async () => {
    const plan = await applied();
    await world.db.transaction((tx) => tx.execute(sql`update sites set mode = 'observe'`));

    await execute();

    assert.equal((await outcome(plan)).plan?.paused?.by, "site");
    assert.deepEqual(site.made, []);
  });

  it("stops a plan that nobody looked at when its rule is paused, and says so in the journal", async () => {
    const plan = await applied("ann", "bob");
    await world.db.query(sql`
      with rule as (
        insert into reclamation_rules (name, status, condition, settings, created_at, updated_at)
        values ('Idle', 'paused', '{"is": "idle", "days": 60}', '{}', now(), now())
        returning id)
      update plans set is_unattended = true, rule_id = rule.id from rule
    `);

    await execute();

    const after = await outcome(plan);
    assert.equal(after.plan?.paused?.by, "rule");
    assert.deepEqual(site.made, []);
    const journaled = await world.db.query(sql`select seq from journal_entries where entry = 'plan.paused'`);
    assert.equal(journaled.length, 1);
  });

  it("pauses when more seats fail than the limit allows", async () => {
    const plan = await applied();
    await world.db.transaction((tx) => tx.execute(sql`update plans set canary_until = 1`));
    site.faults.set("ann", ["source.missing-role"]);

    await execute();

    const after = await outcome(plan);
    assert.equal(after.plan?.paused?.by, "canary");
    assert.deepEqual(
      after.rows.map((row) => row.state),
      ["failed", "executing", "executing", "executing"],
    );
    assert.deepEqual(site.made, []);
  });

  it("pauses while most seats were not begun, when those before them fail", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `p${index}`);
    for (const name of many) {
      await world.site.account(name);
      await world.site.join("users", name);
      site.accounts.set(name, { groups: new Set(["users"]), isActive: true, isSuspended: false, products: [] });
      site.faults.set(name, ["source.missing-role"]);
    }
    await world.settle();
    const plan = await parts.planned(many);
    await world.db.transaction((tx) => tx.execute(sql`update plans set canary_size = 0`));
    await applyPlan(world.context, { planId: plan.id, hash: plan.hash, confirmCount: 40 });

    await execute();

    const after = await outcome(plan);
    assert.equal(after.plan?.paused?.by, "failures");
    assert.ok(after.rows.filter((row) => row.state === "failed").length <= 20);
    const journaled = await world.db.query(sql`select seq from journal_entries where entry = 'plan.paused'`);
    assert.equal(journaled.length, 1);
  });

  it("leaves a seat out that another plan is changing when it is applied", async () => {
    const first = await parts.planned(["ann"]);
    const second = await parts.planned(["ann", "bob"]);

    await parts.apply(first);
    await parts.apply(second);
    await execute();

    assert.deepEqual(codesOf((await outcome(first)).rows), [["done", null]]);
    assert.deepEqual(codesOf((await outcome(second)).rows), [
      ["left-out", "in-other-plan"],
      ["done", null],
    ]);
    assert.equal(site.repeated.length, 0);
  });

  it("goes on after the first batch went well", async () => {
    const plan = await applied();
    await world.db.transaction((tx) => tx.execute(sql`update plans set canary_until = 1`));

    await execute();

    assert.equal((await outcome(plan)).plan?.state, "applied");
  });

  it("writes the journal before anything is sent, and what became of it after", async () => {
    await applied("ann");

    await execute();

    const entries = await world.db.query<{ entry: string }>(sql`select entry from journal_entries order by seq`);
    assert.deepEqual(
      entries.map((each) => each.entry),
      ["plan.created", "plan.applied", "seat.reclaim-sent", "seat.reclaimed", "plan.finished"],
    );
  });

  it("changes each seat once and journals it, wherever the process ends", async () => {
    let crashes = 0;
    for (let step = 0; ; step += 1) {
      parts.settleSite();
      const plan = await applied();
      const life = { steps: step, isOver: false };
      const checkpoint = () => {
        if (life.isOver || life.steps-- <= 0) {
          life.isOver = true;
          throw new StoreFailure(new Error("the process is gone"), "");
        }
      };
      site.checkpoint = checkpoint;
      await execute(`process ${step}`, mortal(world.db, checkpoint)).catch(() => (crashes += 1));
      site.checkpoint = () => undefined;

      await execute(`heir of ${step}`);

      const after = await outcome(plan);
      assert.equal(
        after.plan?.state,
        "applied",
        `after a crash at step ${step}: ${JSON.stringify(codesOf(after.rows))}`,
      );
      for (const name of PEOPLE) assert.deepEqual(groupsOf(name), ["team"]);
      assert.deepEqual([site.made.length, site.repeated.length], [5, 0], `step ${step}`);
      const ended = await world.db.query<{ count: number }>(sql`
        select count(*) as count
          from journal_entries
         where entry = 'seat.reclaimed' and detail ->> 'planId' = ${plan.id}
      `);
      assert.equal(ended[0]?.count, PEOPLE.length);
      // So that no plan counts against what one person may take in a day.
      await world.db.transaction((tx) => tx.execute(sql`update plans set applied_at = applied_at - interval '1 day'`));
      if (!life.isOver) break;
    }
    assert.ok(crashes > 30, `${crashes} crashes`);
  });
});

/** A database whose process may end before each transaction, and after each commit. */
function mortal(db: Database, checkpoint: () => void): Database {
  return {
    ...db,
    async query(statement) {
      checkpoint();
      return db.query(statement);
    },
    async transaction(work, options) {
      checkpoint();
      const value = await db.transaction(work, options);
      checkpoint();
      return value;
    },
  };
}
