import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { settleExclusionsJob } from "../../jobs/kinds/settle-exclusions.ts";
import { jobParts } from "../../jobs/testing/parts.ts";
import type { JobResult } from "../../store/jobs.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { isExcludedSql } from "../../store/exclusions/hits.ts";
import { settleExclusions } from "../../store/exclusions/settle.ts";
import { rawSql, sql } from "../../store/sql.ts";
import { type TestDatabase, testDatabase } from "../../store/testing/database.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import type { Context } from "../context.ts";
import { changeExclusion, endExclusion, renewExclusion, switchExclusion } from "./change-exclusion.ts";
import { createExclusion, type NewExclusion } from "./create-exclusion.ts";

const day = (days: number) => new Date(OBSERVED_AT.getTime() + days * 86_400_000);

describe("exclusions", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  let ctx: Context;
  let operatorId: string;
  const clock = manualClock(OBSERVED_AT);

  beforeEach(async () => {
    clock.moveTo(OBSERVED_AT);
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    acme = await siteFixture(db);
    operatorId = (await db.query<{ id: string }>(sql`select id from operators`))[0]?.id ?? "";
    await db.transaction((tx) => tx.execute(sql`update operators set email = 'petra@acme.example'`));
    ctx = { db, clock, secrets: null as never, actor: { operatorId, through: "api" } };
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  async function run(site = acme, at = OBSERVED_AT): Promise<void> {
    const { siteId, connectionId, settings } = site;
    const runId = await site.run(at, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(db, { siteId, connectionId, runId, scope: "full", observedAt: at, settings });
  }
  const draft = (fields: Partial<NewExclusion> & { condition: unknown }): NewExclusion => ({
    name: "VIPs",
    siteIds: null,
    effects: ["no-reclaim"],
    reason: "The board",
    expiresAt: null,
    ownerId: null,
    ...fields,
  });
  async function made(fields: Partial<NewExclusion> & { condition: unknown }): Promise<string> {
    const outcome = await createExclusion(ctx, draft(fields));
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  }
  /** Whom a rule catches, as `site/account`. */
  async function caught(ruleId: string): Promise<string[]> {
    const rows = await db.query<{ who: string }>(sql`
      select s.name || '/' || a.source_id as who
        from exclusion_hits h
        join accounts a on a.site_id = h.site_id and a.id = h.account_id
        join sites s on s.id = h.site_id
       where h.rule_id = ${ruleId}
       order by 1
    `);
    return rows.map(({ who }) => who);
  }
  async function builtIn(name: string): Promise<string> {
    const [row] = await db.query<{ id: string }>(sql`select id from exclusion_rules where built_in = ${name}`);
    return row?.id ?? "";
  }
  const settle = (at = clock.now()) => db.transaction((tx) => settleExclusions(tx, at));
  const attend = () => settleExclusionsJob.execute(jobParts({ db, clock, log: silentLog }), RESULT, NEVER);
  const entries = async () =>
    (
      await db.query<{ entry: string }>(sql`
        select entry from journal_entries where entry like 'exclusion-rule.%' order by seq
      `)
    ).map(({ entry }) => entry);

  it("leaves out by edition identifier, at every site that has it", async () => {
    const other = await siteFixture(db, { name: "other" });
    for (const site of [acme, other]) {
      await site.account("ann");
      await site.group("users", { gives: "user", members: ["ann"] });
    }
    await db.transaction((tx) =>
      tx.execute(sql`update sites set edition_identifier = 'Community' where id = ${other.siteId}`),
    );
    await run();
    await run(other);

    const ruleId = await made({
      condition: { is: "edition-identifier", identifiers: ["COMMUNITY"] },
      effects: ["not-counted"],
    });

    assert.deepEqual(await caught(ruleId), ["other/ann"]);
  });

  it("leaves out by person, wherever they have an account, also after they turned out to be somebody else", async () => {
    const other = await siteFixture(db, { name: "other" });
    for (const site of [acme, other]) {
      await site.account("ann", { email: "Ann@acme.example" });
      await site.account("bob", { email: "bob@acme.example" });
      await site.group("users", { gives: "user", members: ["ann", "bob"] });
      await run(site);
    }
    const [ann] = await db.query<{ id: string }>(sql`
      select person_id as id from accounts where source_id = 'ann' limit 1
    `);

    const byId = await made({ condition: { is: "person", people: [ann?.id] } });
    const byEmail = await made({ name: "By e-mail", condition: { is: "person", people: ["ANN@ACME.example"] } });
    assert.deepEqual(await caught(byId), ["acme/ann", "other/ann"]);
    assert.deepEqual(await caught(byEmail), ["acme/ann", "other/ann"]);

    // As matching moves the accounts of a person to another one.
    await db.transaction(async (tx) => {
      await tx.execute(sql`
        with next as (insert into people (first_seen_at) values (${OBSERVED_AT}) returning id),
        moved as (update people set moved_to = next.id from next where people.id = ${ann?.id ?? ""} returning moved_to)
        update accounts set person_id = moved.moved_to from moved where source_id = 'ann'
      `);
    });
    await run(acme, day(1));
    await run(other, day(1));
    await settle(day(1));
    assert.deepEqual(await caught(byId), ["acme/ann", "other/ann"]);
  });

  it("leaves out members of a group, also through a group that is nested in it", async () => {
    for (const name of ["ann", "bob", "cid"]) await acme.account(name);
    await acme.group("users", { gives: "user", members: ["ann", "bob", "cid"] });
    const vips = await acme.group("vips", { members: ["ann"] });
    await acme.group("board", { members: ["bob"] });
    await acme.nest("vips", "board");
    await run();

    const ruleId = await made({ condition: { all: [{ is: "group-member", groups: [vips] }] } });
    const others = await made({ name: "Others", condition: { not: { is: "group-member", groups: [vips] } } });

    assert.deepEqual(await caught(ruleId), ["acme/ann", "acme/bob"]);
    assert.deepEqual(await caught(others), ["acme/cid"]);
  });

  it("writes only what changed, and lets go whoever it no longer catches", async () => {
    for (const name of ["ann", "bob"]) await acme.account(name, { department: "Sales" });
    await acme.group("users", { gives: "user", members: ["ann", "bob"] });
    await run();
    const ruleId = await made({ condition: { is: "expression", cel: 'person.department == "Sales"' } });
    assert.deepEqual(await caught(ruleId), ["acme/ann", "acme/bob"]);

    const again = await settle();
    await acme.changeAccount("bob", { department: "Legal" }, day(1));
    await run(acme, day(1));
    const changed = await settle(day(1));

    assert.deepEqual([again.caught, again.released], [0, 0]);
    assert.deepEqual([changed.caught, changed.released], [0, 1]);
    assert.deepEqual(await caught(ruleId), ["acme/ann"]);
  });

  it("holds for 180 days unless something else is said, and ends at that very instant", async () => {
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    await run();
    const ruleId = await made({ condition: { is: "edition", editions: ["standard"] } });
    const isExcludedAt = async (at: Date) =>
      (
        await db.query<{ is: boolean }>(sql`
          select ${isExcludedSql(rawSql("f"), "no-reclaim", at)} as is from seat_facts f
        `)
      )[0]?.is;

    assert.equal(await isExcludedAt(day(179.9)), true);
    assert.equal(await isExcludedAt(day(180)), false);
    clock.moveTo(day(180));
    const { message } = await attend();
    assert.match(message, /1 fewer\. 1 expired\./);
    assert.deepEqual(await caught(ruleId), []);
    assert.deepEqual(await entries(), ["exclusion-rule.created", "exclusion-rule.expired"]);
  });

  it("tells its owner once, fourteen days before it expires, and again before the end it was renewed to", async () => {
    const ruleId = await made({ condition: { is: "edition", editions: ["standard"] }, expiresAt: day(30) });
    const told = () =>
      db.query<{ recipient: string; data: Record<string, unknown> }>(sql`
        select recipient, data from messages where kind = 'exclusion-expires' order by created_at
      `);

    clock.moveTo(day(15));
    await attend();
    assert.equal((await told()).length, 0);
    clock.moveTo(day(16));
    await attend();
    await attend();
    const [message, ...others] = await told();
    assert.deepEqual([message?.recipient, others], ["petra@acme.example", []]);
    assert.deepEqual(message?.data, {
      exclusion: "VIPs",
      exclusionId: ruleId,
      expiresAt: day(30).toISOString(),
      accounts: 0,
    });

    await renewExclusion(ctx, ruleId, null, { expiresAt: day(60), reason: "Still the board" });
    clock.moveTo(day(47));
    await attend();
    assert.equal((await told()).length, 2);
  });

  it("says when nobody can be told that one expires", async () => {
    await made({ condition: { is: "edition", editions: ["standard"] }, expiresAt: day(3) });
    await db.transaction((tx) => tx.execute(sql`update operators set email = null`));

    const { state, message } = await attend();

    assert.equal(state, "partial");
    assert.match(message, /1 expire soon and have no owner with an e-mail address/);
  });

  it("refuses what is not a condition, an end that is too far, a site that is not there and a name that is taken", async () => {
    const condition = { is: "edition", editions: ["standard"] };
    await made({ condition });

    const wrong = await createExclusion(ctx, draft({ name: "a", condition: { is: "edition", editions: ["gold"] } }));
    const far = await createExclusion(ctx, draft({ name: "b", condition, expiresAt: day(731) }));
    const past = await createExclusion(ctx, draft({ name: "c", condition, expiresAt: OBSERVED_AT }));
    const nowhere = await createExclusion(ctx, draft({ name: "d", condition, siteIds: ["site_000000000000"] }));
    const taken = await createExclusion(ctx, draft({ name: "vips", condition }));

    assert.equal(!wrong.ok && typeof wrong.error === "object" && wrong.error.problems[0]?.path, "condition.editions");
    assert.deepEqual(far, { ok: false, error: "expiry-not-allowed" });
    assert.deepEqual(past, { ok: false, error: "expiry-not-allowed" });
    assert.deepEqual(nowhere, { ok: false, error: "no-such-site" });
    assert.deepEqual(taken, { ok: false, error: "name-taken" });
    assert.deepEqual(await entries(), ["exclusion-rule.created"]);
  });

  it("changes only the revision that was seen, and ends with a reason; its name is free then", async () => {
    const ruleId = await made({ condition: { is: "edition", editions: ["standard"] } });
    const changed = await changeExclusion(ctx, ruleId, 1, { effects: ["not-counted"] });

    assert.equal(changed.ok && changed.value.revision, 2);
    assert.deepEqual(await changeExclusion(ctx, ruleId, 1, { reason: "x" }), { ok: false, error: "stale-revision" });
    const ended = await endExclusion(ctx, ruleId, 2, "The board is gone");
    assert.equal(ended.ok, true);
    assert.deepEqual(await changeExclusion(ctx, ruleId, null, { reason: "x" }), { ok: false, error: "has-ended" });
    await made({ condition: { is: "edition", editions: ["standard"] } });
    const [{ personal } = { personal: "" }] = await db.query<{ personal: string }>(sql`
      select p.content as personal from journal_entries e join journal_personal p on p.seq = e.seq
       where e.entry = 'exclusion-rule.ended'
    `);
    assert.match(personal, /The board is gone/);
  });

  describe("that come with Usher", () => {
    it("keep the account of the credential and app accounts out, without being asked", async () => {
      for (const name of ["ann", "reader"]) await acme.account(name);
      await acme.account("bot", { type: "app" });
      await acme.group("users", { gives: "user", members: ["ann", "reader"] });
      await db.transaction((tx) =>
        tx.execute(sql`update sites set last_account_ids = '{reader}' where id = ${acme.siteId}`),
      );
      await run();

      await settle();

      assert.deepEqual(await caught(await builtIn("credential-account")), ["acme/reader"]);
      assert.deepEqual(await caught(await builtIn("app-accounts")), ["acme/bot"]);
    });

    it("keep whoever alone administers a space, through a right of their own or a group", async () => {
      for (const name of ["ann", "bob", "cid", "dan", "eve", "fay"]) await acme.account(name);
      await acme.account("gone", { status: "inactive" });
      await acme.group("users", { gives: "user", members: ["ann", "bob", "cid", "dan", "eve", "fay"] });
      await acme.group("one", { members: ["bob", "gone"] });
      await acme.group("two", { members: ["cid", "dan"] });
      for (const key of ["ANN", "BOB", "TWO", "BOTH", "ALL"]) await acme.space(key);
      await acme.space("EVE", { type: "personal" });
      await acme.permit("ANN", "user", "ann", "administer");
      await acme.permit("ANN", "user", "gone", "administer");
      await acme.permit("ANN", "user", "fay", "read");
      await acme.permit("BOB", "group", "one", "administer");
      await acme.permit("TWO", "group", "two", "administer");
      await acme.permit("BOTH", "user", "cid", "administer");
      await acme.permit("BOTH", "group", "two", "administer");
      await acme.permit("ALL", "user", "fay", "administer");
      await acme.permit("ALL", "access-class", "all-licensed-users", "administer");
      await acme.permit("EVE", "user", "eve", "administer");
      await run();

      await settle();

      assert.deepEqual(await caught(await builtIn("last-space-admin")), ["acme/ann", "acme/bob"]);
    });

    it("catch no break-glass administrator before somebody names them, and those whom somebody names then", async () => {
      for (const name of ["ann", "bob"]) await acme.account(name);
      await acme.group("users", { gives: "user", members: ["ann", "bob"] });
      const group = await acme.group("break-glass", { members: ["bob"] });
      await run();
      const ruleId = await builtIn("break-glass-admins");
      await settle();
      assert.deepEqual(await caught(ruleId), []);

      const named = await changeExclusion(ctx, ruleId, null, { condition: { is: "group-member", groups: [group] } });

      assert.equal(named.ok, true);
      assert.deepEqual(await caught(ruleId), ["acme/bob"]);
    });

    it("cannot be ended, renewed or told to catch somebody else, but switched off with a reason", async () => {
      await acme.account("bot", { type: "app" });
      await run();
      await settle();
      const ruleId = await builtIn("app-accounts");
      const refused = { ok: false, error: "built-in" };

      assert.deepEqual(await endExclusion(ctx, ruleId, null, "x"), refused);
      assert.deepEqual(await renewExclusion(ctx, ruleId, null, { expiresAt: null, reason: "x" }), refused);
      assert.deepEqual(await changeExclusion(ctx, ruleId, null, { effects: ["no-review"] }), refused);
      const off = await switchExclusion(ctx, ruleId, null, { isEnabled: false, reason: "We review robots too" });
      assert.equal(off.ok && off.value.offReason, "We review robots too");
      assert.deepEqual(await caught(ruleId), []);
      await switchExclusion(ctx, ruleId, null, { isEnabled: true, reason: "Back" });
      assert.deepEqual(await caught(ruleId), ["acme/bot"]);
    });
  });
});

const RESULT: JobResult = {
  id: "result_1",
  jobId: "job_1",
  state: "running",
  trigger: "run",
  runId: null,
  startedAt: OBSERVED_AT,
  finishedAt: null,
  message: null,
  worker: null,
};
const NEVER = new AbortController().signal;
