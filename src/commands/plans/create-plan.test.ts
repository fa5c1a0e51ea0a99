import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { listPlanRows } from "../../store/plans/rows.ts";
import { candidateFixture } from "../../store/testing/candidates.ts";
import { createPlan, type PlanWish } from "./create-plan.ts";
import { type ActSite, actSite } from "./testing/act-site.ts";

describe("making a plan", () => {
  let world: ActSite;
  beforeEach(async () => {
    world = await actSite();
    for (const name of ["ann", "bob", "cy"]) await world.site.account(name);
    await world.site.group("users", { gives: "user", members: ["ann", "bob"] });
    await world.site.group("okta", { gives: "user", managedBy: "external", members: ["cy"] });
    await world.site.group("team", { members: ["ann", "bob"] });
    await world.settle();
  });
  afterEach(() => world.close());

  async function plan(fields: Partial<PlanWish>) {
    const wish = { kind: "reclaim", reason: "Nobody uses them.", ruleId: null, isUnattended: false } as const;
    return createPlan(world.context, { ...wish, seats: await world.seats("ann"), ...fields });
  }
  async function rowsOf(fields: Partial<PlanWish>) {
    const made = await plan(fields);
    assert.ok(made.ok);
    return listPlanRows(world.db, made.value.id);
  }

  it("names exactly the memberships that give the seat", async () => {
    const [row] = await rowsOf({});

    assert.deepEqual(
      row?.memberships.map((each) => each.name),
      ["users"],
    );
    assert.equal(row?.executor, "group-memberships");
  });

  it("names the nested group that the account is in, not those above it", async () => {
    await world.site.group("staff");
    await world.site.nest("users", "staff");
    await world.site.account("dee");
    await world.site.join("staff", "dee");
    await world.settle();

    const [row] = await rowsOf({ seats: await world.seats("dee") });

    assert.deepEqual(
      row?.memberships.map((each) => each.name),
      ["staff"],
    );
  });

  it("leaves groups alone that a person dropped, and says that access through them stays", async () => {
    await world.site.group("partners", { gives: "user", members: ["ann"] });
    await world.site.decide("partners", "dropped");
    await world.settle();

    const [row] = await rowsOf({});

    assert.deepEqual(
      row?.memberships.map((each) => each.name),
      ["users"],
    );
    assert.deepEqual(row?.loses.keepsAccessThrough, ["partners"]);
  });

  it("tells the exact change for a group that an identity provider manages", async () => {
    const [row] = await rowsOf({ seats: await world.seats("cy") });

    assert.equal(row?.executor, "instruction");
    assert.equal(row?.instruction?.why, "An identity provider manages okta.");
    assert.equal(row?.instruction?.text, "Remove the account cy from the group okta (identity provider) of acme.");
  });

  it("counts the spaces that only the removed memberships open", async () => {
    for (const key of ["ALL", "TEAM", "OWN"]) await world.site.space(key);
    await world.site.permit("ALL", "group", "users");
    await world.site.permit("TEAM", "group", "users");
    await world.site.permit("TEAM", "group", "team");
    await world.site.permit("OWN", "group", "users");
    await world.site.permit("OWN", "user", "ann");

    const [ann, bob] = await rowsOf({ seats: await world.seats("ann", "bob") });

    assert.deepEqual([ann?.loses.spaces, ann?.loses.spaceKeys], [1, ["ALL"]]);
    assert.deepEqual([bob?.loses.spaces, bob?.loses.spaceKeys], [2, ["ALL", "OWN"]]);
  });

  it("warns of whoever alone administers a space", async () => {
    await world.site.space("SOLO");
    await world.site.permit("SOLO", "user", "ann", "administer");
    await world.site.space("BOTH");
    await world.site.permit("BOTH", "user", "ann", "administer");
    await world.site.permit("BOTH", "group", "team", "administer");

    const [row] = await rowsOf({});

    assert.deepEqual(row?.loses.lastAdminOf, ["SOLO"]);
  });

  it("leaves out who is excluded, who holds no seat, and what nobody has decided", async () => {
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
    await world.site.account("gone");
    await world.settle();
    const asked = await candidateFixture(world.db, world.site.siteId, "bob", { state: "asking" });
    const seats = await world.seats("ann", "gone", "bob");

    const rows = await rowsOf({
      seats: seats.map((each, index) => (index === 2 ? { ...each, candidateId: asked.id } : each)),
    });

    assert.deepEqual(
      rows.map((row) => [row.state, row.outcome?.code]),
      [
        ["left-out", "excluded"],
        ["left-out", "no-seat"],
        ["left-out", "not-decided"],
      ],
    );
  });

  it("leaves out who was told that they keep it, whoever is asked at the moment, and a candidate of another seat", async () => {
    const { siteId } = world.site;
    const keptUntil = new Date(world.clock.now().getTime() + 86_400_000);
    const kept = await candidateFixture(world.db, siteId, "ann", { state: "kept", keptUntil });
    await world.db.transaction((tx) =>
      tx.execute(sql`update candidates set closed_at = detected_at where id = ${kept.id}`),
    );
    await candidateFixture(world.db, siteId, "bob", { state: "asking" });
    const decided = await candidateFixture(world.db, siteId, "cy", { state: "scheduled" });
    const [ann, bob] = await world.seats("ann", "bob");

    const rows = await rowsOf({ seats: [ann!, bob!] });
    const [misled] = await rowsOf({ seats: [{ ...bob!, candidateId: decided.id }] });

    assert.deepEqual(
      [...rows, misled].map((row) => [row?.state, row?.outcome?.code]),
      [
        ["left-out", "kept"],
        ["left-out", "not-decided"],
        ["left-out", "other-candidate"],
      ],
    );
  });

  it("is a plan of the rule that found every candidate named, by whose limits it goes", async () => {
    const idle = await world.rule("Idle", { secondPersonAbove: 1, canary: 1 });
    const leavers = await world.rule("Leavers");
    const [ann, bob, cy] = await world.seats("ann", "bob", "cy");
    const named = async (account: string, ruleId: string) =>
      (await candidateFixture(world.db, world.site.siteId, account, { state: "scheduled", ruleId })).id;
    const ofAnn = { ...ann!, candidateId: await named("ann", idle) };
    const ofBob = { ...bob!, candidateId: await named("bob", idle) };
    const ofCy = { ...cy!, candidateId: await named("cy", leavers) };

    const ofOne = await plan({ seats: [ofAnn, ofBob] });
    const others = [[ofAnn, ofCy], [ofAnn, bob!], [{ ...bob!, candidateId: ofAnn.candidateId }], [ann!]];
    const ofNone = await Promise.all(others.map((seats) => plan({ seats })));

    assert.ok(ofOne.ok);
    const { ruleId, approvalsNeeded, canarySize } = ofOne.value;
    assert.deepEqual([ruleId, approvalsNeeded, canarySize], [idle, 1, 1]);
    assert.deepEqual(
      ofNone.map((made) => made.ok && [made.value.ruleId, made.value.approvalsNeeded]),
      others.map(() => [null, 0]),
    );
  });

  it("adds up what a month of the seats costs", async () => {
    const made = await plan({ seats: await world.seats("ann", "bob") });

    assert.ok(made.ok);
    assert.deepEqual(
      made.value.money.map(({ seats, currency }) => [seats, currency]),
      [[2, "USD"]],
    );
  });

  it("has another hash for other changes, and the same for the same", async () => {
    const [first, same, other] = [await plan({}), await plan({}), await plan({ seats: await world.seats("bob") })];

    assert.ok(first.ok && same.ok && other.ok);
    assert.equal(first.value.hash, same.value.hash);
    assert.notEqual(first.value.hash, other.value.hash);
  });

  it("refuses more seats in an unattended run than the limits allow", async () => {
    const made = await plan({ isUnattended: true });

    assert.equal(!made.ok && made.error.code, "over-run-limit");
  });
});
