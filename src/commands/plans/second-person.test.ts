import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Plan } from "../../model/plans.ts";
import { sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { createToken } from "../tokens/create-token.ts";
import { applyPlan } from "./apply-plan.ts";
import { approvePlan } from "./approve-plan.ts";
import { createPlan } from "./create-plan.ts";
import { type ActSite, actSite } from "./testing/act-site.ts";

/** A plan that a second person must look at is made by Petra. */
describe("the second person of a plan", () => {
  let world: ActSite;
  let petra: Context;
  let sam: Context;
  let plan: Plan;

  beforeEach(async () => {
    world = await actSite();
    await world.site.account("ann");
    await world.site.group("users", { gives: "user", members: ["ann"] });
    await world.settle();
    petra = world.context;
    sam = await world.as("sam");
    plan = await planOf(petra);
  });
  afterEach(() => world.close());

  async function planOf(context: Context): Promise<Plan> {
    const wish = { kind: "reclaim", reason: "Nobody uses it.", ruleId: null, isUnattended: false } as const;
    const made = await createPlan(context, { ...wish, seats: await world.seats("ann") });
    assert.ok(made.ok);
    await world.db.transaction((tx) => tx.execute(sql`update plans set approvals_needed = 1`));
    return made.value;
  }

  const approve = async (context: Context, of = plan) => {
    const approved = await approvePlan(context, { planId: of.id, hash: of.hash });
    return approved.ok ? "approved" : approved.error.code;
  };
  const apply = async (context: Context, of = plan) => {
    const applied = await applyPlan(context, { planId: of.id, hash: of.hash, confirmCount: null });
    return applied.ok ? "applied" : applied.error.code;
  };
  /** What somebody does by a token that `maker` made for another operator. */
  async function byTokenOf(maker: Context, owner: Parameters<typeof createToken>[1]["owner"]): Promise<Context> {
    const made = await createToken(maker, { name: "x", scopes: ["*"], expiresInDays: 1, owner, heldScopes: ["*"] });
    assert.ok(made.ok);
    const actor = { operatorId: made.value.operatorId, vouchedBy: maker.actor.operatorId, through: "api" } as const;
    return { ...maker, actor };
  }

  it("is another person than the maker, and then the maker may apply it", async () => {
    assert.equal(await approve(petra), "own-plan");
    assert.equal(await apply(petra), "approval-needed");
    assert.equal(await approve(sam), "approved");
    assert.equal(await apply(petra), "applied");
  });

  it("is no service account, whoever holds its token", async () => {
    const program = await byTokenOf(petra, { kind: "service-account", name: "nightly" });

    assert.equal(await approve(program), "not-a-person");
  });

  it("is not a person whose token the maker made", async () => {
    const puppet = await byTokenOf(petra, { kind: "person", name: "Nobody", email: "nobody@acme.example" });

    assert.equal(await approve(puppet), "own-plan");
  });

  it("is not whoever holds the service account that made the plan", async () => {
    await world.db.transaction((tx) => tx.execute(sql`update plans set state = 'discarded'`));
    const program = await byTokenOf(petra, { kind: "service-account", name: "nightly" });
    const made = await planOf(program);

    assert.equal(await approve(petra, made), "own-plan");
    assert.equal(await approve(sam, made), "approved");
  });

  it("does not count for whoever applies it by a token that the approver made, or the other way round", async () => {
    const ofSam = await byTokenOf(sam, { kind: "service-account", name: "applies" });
    await approve(sam);
    const applied = await apply(ofSam);
    const puppet = await byTokenOf(sam, { kind: "person", name: "Rita", email: "rita@acme.example" });
    await world.db.transaction((tx) => tx.execute(sql`delete from plan_approvals`));
    await approve(puppet);

    assert.equal(applied, "approval-needed");
    assert.equal(await apply(sam), "approval-needed");
    assert.equal(await apply(petra), "applied");
  });
});
