import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { reportAction } from "../../commands/plans/report-action.ts";
import { restoreSeat } from "../../commands/plans/restore-seat.ts";
import { discardPlan, resumePlan } from "../../commands/plans/stop-plan.ts";
import { undoPlan } from "../../commands/plans/undo-plan.ts";
import { chooseExecutor } from "../../commands/sites/choose-executor.ts";
import { addLicense } from "../../commands/licenses/add-license.ts";
import type { LicenseTerms } from "../../model/licenses.ts";
import type { Executor } from "../../model/plans.ts";
import { findCandidate } from "../../store/candidates/candidates.ts";
import { listActionsOfRow } from "../../store/plans/actions.ts";
import { findReclamationRule } from "../../store/reclamation/rules.ts";
import { sql } from "../../store/sql.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { codesOf, PEOPLE, type Reclaiming, reclaiming } from "../testing/reclaiming.ts";

function annualLicense(siteId: string, quantity: number): LicenseTerms {
  return {
    name: "Confluence",
    siteIds: [siteId],
    edition: "standard",
    metric: "annual-seats",
    quantity,
    pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 500 }] },
    currency: "EUR",
    termStart: "2026-01-15",
    termEnd: "2027-01-15",
    billingDay: null,
    renewalOn: null,
    noticeOn: null,
    autoRenew: false,
    renewalQuantity: null,
    costCenter: null,
    ownerId: null,
    note: null,
  };
}

describe("giving seats back", () => {
  let parts: Reclaiming;
  beforeEach(async () => {
    parts = await reclaiming();
  });
  afterEach(() => parts.world.close());

  async function restore(name: string, asked: "holder" | "operator" = "operator") {
    const { world } = parts;
    const accountId = await world.accountId(name);
    const { siteId } = world.site;
    return restoreSeat(world.context, { siteId, accountId, planId: null, asked, reason: "They need it." });
  }

  it("gives a whole plan back, each seat by exactly what was taken", async () => {
    const plan = await parts.applied();
    await parts.execute();

    const undo = await undoPlan(parts.world.context, { planId: plan.id, reason: "A mistake." });
    assert.ok(undo.ok);
    await parts.apply(undo.value);
    await parts.execute();

    assert.deepEqual(parts.groupsOf("ann"), ["team", "users"]);
    assert.deepEqual(parts.groupsOf("dee"), ["admins", "team", "users"]);
    assert.equal((await parts.outcome(plan)).plan?.state, "undone");
    assert.equal((await parts.outcome(undo.value)).plan?.state, "applied");
  });

  it("counts against the rule that found them, whoever made the plan", async () => {
    const { world } = parts;
    const ruleId = await world.rule("Idle");
    const names = PEOPLE.slice(0, 2);
    const seats = await world.seats(...names);
    for (const [index, name] of names.entries()) {
      const { id } = await candidateFixture(world.db, world.site.siteId, name, { state: "scheduled", ruleId });
      seats[index]!.candidateId = id;
    }
    const plan = await parts.apply(await parts.planned(names, { seats }));
    await parts.execute();
    const before = await findReclamationRule(world.db, ruleId);
    const undo = await undoPlan(world.context, { planId: plan.id, reason: "A mistake." });
    assert.ok(undo.ok);
    await parts.apply(undo.value);
    await parts.execute();

    const after = await findReclamationRule(world.db, ruleId);
    assert.deepEqual([before?.status, before?.reclaimed, before?.restored], ["active", 2, 0]);
    assert.deepEqual([after?.status, after?.reclaimed, after?.restored], ["paused", 2, 2]);
    assert.equal(after?.paused?.by, "restores");
  });

  it("gives back only what Usher itself took", async () => {
    const plan = await parts.applied("dee");
    parts.site.accounts.get("dee")?.groups.delete("admins");
    await parts.execute();

    const undo = await undoPlan(parts.world.context, { planId: plan.id, reason: "A mistake." });
    assert.ok(undo.ok);
    await parts.apply(undo.value);
    await parts.execute();

    assert.deepEqual(parts.groupsOf("dee"), ["team", "users"]);
  });

  it("leaves an account as it is that somebody else had suspended before", async () => {
    const { world, site } = parts;
    const choice = {
      executor: "directory",
      managedExecutor: "instruction",
      webhookId: null,
      instructionText: null,
    } as const;
    const chosen = await chooseExecutor(world.context, { siteId: world.site.siteId, ...choice }, null);
    assert.ok(chosen.ok, JSON.stringify(chosen));
    const plan = await parts.applied("ann");
    site.accounts.get("ann")!.isSuspended = true;
    await parts.execute();

    const given = await restore("ann");
    const undo = await undoPlan(world.context, { planId: plan.id, reason: "A mistake." });

    assert.deepEqual(codesOf((await parts.outcome(plan)).rows), [["done", "already-so"]]);
    assert.equal(!given.ok && given.error.code, "nothing-taken");
    assert.equal(!undo.ok && undo.error.code, "nothing-taken");
    assert.equal(site.accounts.get("ann")?.isSuspended, true);
  });

  it("gives nothing back that was given back since, and taken for another reason", async () => {
    const first = await parts.applied("ann");
    await parts.execute();
    const wish = { planId: first.id, reason: "A mistake." };
    const undo = await undoPlan(parts.world.context, wish);
    const other = await undoPlan(parts.world.context, wish);
    assert.ok(undo.ok && other.ok);
    await parts.apply(other.value);
    await parts.execute();
    await parts.applied("ann");
    await parts.execute();

    await parts.apply(undo.value);
    await parts.execute();

    assert.deepEqual(codesOf((await parts.outcome(undo.value)).rows), [["left-out", "given-back"]]);
    assert.deepEqual(parts.groupsOf("ann"), ["team"]);
  });

  it("names what cannot be given back", async () => {
    await parts.applied("dee");
    await parts.execute();
    await parts.world.db.transaction((tx) =>
      tx.execute(sql`update group_versions set valid_to = '2026-11-22' where name = 'admins'`),
    );

    const given = await restore("dee");

    assert.ok(given.ok);
    const { rows } = await parts.outcome(given.value.plan);
    assert.deepEqual(rows[0]?.instruction?.cannotRestore, [
      { name: "admins", why: "The group does not exist any more." },
    ]);
  });

  it("gives a holder the seat at once, and moves the candidate", async () => {
    const { world } = parts;
    const candidate = await candidateFixture(world.db, world.site.siteId, "ann", { state: "scheduled" });
    const [seat] = await world.seats("ann");
    const plan = await parts.planned([], { seats: [{ ...seat!, candidateId: candidate.id }] });
    await parts.apply(plan);
    await parts.execute();
    const taken = await findCandidate(world.db, candidate.id);

    const given = await restore("ann", "holder");
    await parts.execute();

    assert.ok(given.ok);
    assert.equal(given.value.outcome, "under-way");
    assert.deepEqual(parts.groupsOf("ann"), ["team", "users"]);
    assert.equal(taken?.state, "reclaimed");
    assert.equal((await findCandidate(world.db, candidate.id))?.state, "restored");
  });

  it("waits for an operator where the rule does not let its holder", async () => {
    const { world } = parts;
    const candidate = await candidateFixture(world.db, world.site.siteId, "ann", { state: "scheduled" });
    await world.db.transaction((tx) =>
      tx.execute(sql`update candidates set settings = settings || '{"selfServiceRestore": false}'`),
    );
    const [seat] = await world.seats("ann");
    await parts.apply(await parts.planned([], { seats: [{ ...seat!, candidateId: candidate.id }] }));
    await parts.execute();

    const asked = await restore("ann", "holder");
    const again = await restore("ann", "holder");

    assert.ok(asked.ok);
    assert.equal(asked.value.outcome, "requested");
    assert.equal(asked.value.plan.state, "ready");
    assert.equal(!again.ok && again.error.code, "under-way");
  });

  it("gives the one seat that is free to the first of those who ask for theirs", async () => {
    const { world } = parts;
    const bought = await addLicense(world.context, annualLicense(world.site.siteId, PEOPLE.length + 1));
    assert.ok(bought.ok, JSON.stringify(bought));
    await parts.applied("ann", "bob");
    await parts.execute();

    const first = await restore("ann", "holder");
    const second = await restore("bob", "holder");
    await parts.execute();

    assert.deepEqual(
      [first, second].map((each) => each.ok && each.value.outcome),
      ["under-way", "requested"],
    );
    assert.deepEqual(parts.groupsOf("bob"), ["team"]);
  });

  it("refuses its holder when the window is closed, and an operator not", async () => {
    await parts.applied("ann");
    await parts.execute();
    parts.world.clock.moveBy(31 * 86_400_000);

    const byHolder = await restore("ann", "holder");
    const byOperator = await restore("ann");

    assert.equal(!byHolder.ok && byHolder.error.code, "window-closed");
    assert.ok(byOperator.ok);
  });

  it("says that no seat is free where the source says so", async () => {
    await parts.applied("ann");
    await parts.execute();
    parts.site.faults.set("ann", ["source.no-license"]);

    const given = await restore("ann");
    await parts.execute();

    assert.ok(given.ok);
    assert.deepEqual(codesOf((await parts.outcome(given.value.plan)).rows), [["failed", "source.no-license"]]);
  });

  it("gives up the rest of a plan that is stopped, and what was taken stays taken", async () => {
    const plan = await parts.applied();
    await parts.world.db.transaction((tx) => tx.execute(sql`update plans set canary_until = 1`));
    parts.site.faults.set("ann", ["source.missing-role"]);
    await parts.execute();

    await discardPlan(parts.world.context, { planId: plan.id, reason: "Enough." });
    await parts.execute();

    const after = await parts.outcome(plan);
    assert.equal(after.plan?.state, "partial");
    assert.deepEqual(codesOf(after.rows).slice(1), [
      ["left-out", "stopped"],
      ["left-out", "stopped"],
      ["left-out", "stopped"],
    ]);
  });

  it("goes on when a paused plan is resumed, and does not pause again for what was seen", async () => {
    const plan = await parts.applied();
    await parts.world.db.transaction((tx) => tx.execute(sql`update plans set canary_until = 1`));
    parts.site.faults.set("ann", ["source.missing-role"]);
    await parts.execute();

    await resumePlan(parts.world.context, { planId: plan.id });
    await parts.execute();

    const after = await parts.outcome(plan);
    assert.equal(after.plan?.state, "partial");
    assert.deepEqual(
      after.rows.map((row) => row.state),
      ["failed", "done", "done", "done"],
    );
  });
});

describe("other ways to take a seat", () => {
  let parts: Reclaiming;
  beforeEach(async () => {
    parts = await reclaiming();
  });
  afterEach(() => parts.world.close());

  async function by(executor: Executor): Promise<void> {
    const { world } = parts;
    const choice = {
      siteId: world.site.siteId,
      executor,
      managedExecutor: "instruction",
      instructionText: null,
    } as const;
    const webhookId = executor === "webhook" ? "webhook_1" : null;
    const chosen = await chooseExecutor(world.context, { ...choice, webhookId }, null);
    assert.ok(chosen.ok, JSON.stringify(chosen));
  }
  async function theAction(planId: string) {
    const [action] = await listActionsOfRow(parts.world.db, planId, 0);
    assert.ok(action);
    return action;
  }

  it("suspends in the directory, and reinstates", async () => {
    await by("directory");
    const plan = await parts.applied("ann");
    await parts.execute();
    const wasSuspended = parts.site.accounts.get("ann")?.isSuspended;

    const undo = await undoPlan(parts.world.context, { planId: plan.id, reason: "A mistake." });
    assert.ok(undo.ok);
    await parts.apply(undo.value);
    await parts.execute();

    assert.equal(wasSuspended, true);
    assert.equal(parts.site.accounts.get("ann")?.isSuspended, false);
    assert.deepEqual(parts.groupsOf("ann"), ["team", "users"]);
  });

  it("does not suspend who uses another product, unless the plan names it", async () => {
    await by("directory");
    parts.site.accounts.get("ann")!.products = ["jira-software"];
    const plan = await parts.applied("ann");
    await parts.execute();
    const left = await parts.outcome(plan);
    const named = await parts.apply(await parts.planned(["ann"], { acceptsProducts: ["jira-software"] }));
    await parts.execute();

    assert.deepEqual(codesOf(left.rows), [["left-out", "other-products"]]);
    assert.deepEqual(codesOf((await parts.outcome(named)).rows), [["done", null]]);
  });

  it("does not suspend where nobody can tell what else is used", async () => {
    await by("scim");
    parts.site.accounts.get("ann")!.products = null;
    const plan = await parts.applied("ann");

    await parts.execute();

    assert.deepEqual(codesOf((await parts.outcome(plan)).rows), [["left-out", "products-unknown"]]);
  });

  it("waits for the person who carries out an instruction, and reads back what they say", async () => {
    await by("instruction");
    const plan = await parts.applied("ann");
    await parts.execute();
    const action = await theAction(plan.id);
    await reportAction(parts.world.context, { actionId: action.id, outcome: "done", note: null });
    await parts.execute();
    const untrue = await theAction(plan.id);
    parts.site.accounts.get("ann")?.groups.delete("users");
    await reportAction(parts.world.context, { actionId: action.id, outcome: "done", note: null });
    await parts.execute();

    assert.deepEqual([untrue.state, untrue.outcome?.code], ["planned", "not-so"]);
    assert.deepEqual(codesOf((await parts.outcome(plan)).rows), [["done", null]]);
    assert.deepEqual(parts.site.made, []);
  });

  it("asks an outside flow by a webhook, and takes its no for one", async () => {
    await by("webhook");
    const plan = await parts.applied("ann");
    const messages = await parts.world.db.query<{ kind: string; recipient: string }>(sql`
      select kind, recipient from messages
    `);
    const action = await theAction(plan.id);

    const report = await reportAction(parts.world.context, {
      actionId: action.id,
      outcome: "failed",
      note: "Refused.",
    });
    await parts.execute();

    assert.ok(report.ok);
    assert.deepEqual(messages, [{ kind: "seat.reclaim-requested", recipient: "webhook_1" }]);
    const after = await parts.outcome(plan);
    assert.deepEqual(codesOf(after.rows), [["failed", "reported-failed"]]);
    assert.equal(after.plan?.state, "partial");
  });

  it("is not chosen where the source has no such way", async () => {
    const { world } = parts;
    const choice = { siteId: world.site.siteId, executor: "account", managedExecutor: "instruction" } as const;

    const chosen = await chooseExecutor(world.context, { ...choice, webhookId: null, instructionText: null }, null);

    assert.equal(!chosen.ok && chosen.error.code, "not-for-source");
  });
});
