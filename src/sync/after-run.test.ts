import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import type { EvidenceKind } from "../model/facts.ts";
import { classOfAccount, isGivenProduct } from "../rules/access.ts";
import type { EvidenceOfKind } from "../rules/evidence.ts";
import { statusOfSeat } from "../rules/seats.ts";
import { afterRun } from "./after-run.ts";
import type { ListingState, RunScope } from "../model/runs.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { findDataAsOf, ROSTER_KINDS } from "../store/freshness.ts";
import { accountClassSql, givenProductSql } from "../store/access-sql.ts";
import { rawSql, sql } from "../store/sql.ts";
import { type TestDatabase, testDatabase } from "../store/testing/database.ts";
import { daysAgo, OBSERVED_AT, type SiteFixture, siteFixture } from "../store/testing/facts.ts";

const clock = manualClock(OBSERVED_AT);

describe("summaries after a run", () => {
  let test: TestDatabase;
  let db: Database;
  let acme: SiteFixture;
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
    acme = await siteFixture(db);
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const summarize = (observedAt = OBSERVED_AT, site = acme) => summarizeRun(db, site, observedAt);
  const summaries = async () => {
    const rows = await db.query<Record<string, unknown>>(sql`
      select a.source_id as account, s.account_class as class, s.seat_status as status, s.spaces_count as spaces,
             s.groups_count as groups
        from account_summaries s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       where s.site_id = ${acme.siteId}
       order by a.source_id
    `);
    return new Map(rows.map(({ account, ...rest }) => [account as string, rest]));
  };
  const seats = () =>
    db.query<{ account: string; since: Date; origin: string; endedAt: Date | null; reason: string | null }>(sql`
      select a.source_id as account, s.since, s.since_origin as origin, s.ended_at as "endedAt", s.end_reason as reason
        from seats s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       order by a.source_id, s.started_at
    `);

  it("opens no seat by the account's own word while every group that gives the product is dropped", async () => {
    await acme.account("ann", { hasAccess: true });
    await acme.group("users", { gives: "user", members: ["ann"] });
    await acme.decide("users", "dropped");

    await summarize();

    assert.deepEqual(await seats(), []);
  });

  it("takes the directory's word on who is suspended before that of a listing which only some runs read", async () => {
    await acme.account("ann", { hasAccess: false, isSuspended: false });
    await acme.account("bob", { hasAccess: false });
    await acme.account("sue", { hasAccess: true, isSuspended: true });
    await acme.group("users", { gives: "user", members: ["ann", "bob", "sue"] });

    await summarize();

    assert.deepEqual(
      (await seats()).map(({ account }) => account),
      ["ann"],
    );
  });

  it("proves no silence of an account of which the source does not tell", async () => {
    for (const name of ["ann", "bob", "cid"]) await acme.account(name);
    await acme.group("users", { gives: "user", members: ["ann", "bob", "cid"] });
    await acme.window("viewed");
    await acme.evidence("ann", "viewed", null);
    await acme.evidence("bob", "viewed", daysAgo(100), { isTold: false });
    await acme.evidence("cid", "viewed", null, { since: OBSERVED_AT, isTold: false });

    await summarize();

    const statuses = [...(await summaries())].map(([account, { status }]) => [account, status]);
    assert.deepEqual(statuses, [
      ["ann", "never-used"],
      ["bob", "no-evidence"],
      ["cid", "no-evidence"],
    ]);
  });

  it("compares accounts with people again only where one came, changed or went", async () => {
    const day = (days: number) => new Date(OBSERVED_AT.getTime() + days * 86_400_000);
    for (const name of ["ann", "bob"]) await acme.account(name);
    const mark = () => db.transaction((tx) => tx.execute(sql`update account_matches set reason = 'not compared'`));
    const marked = async () =>
      (await db.query(sql`select 1 from account_matches where valid_to is null and reason is not null`)).length;
    await summarize();

    await mark();
    await summarize(day(1));
    assert.equal(await marked(), 2);
    await acme.changeAccount("ann", { email: "ann@acme.example" }, day(2));
    await summarize(day(2));
    assert.equal(await marked(), 0);
    await mark();
    await acme.changeAccount("bob", "gone", day(0.5));
    await summarize(day(3));
    assert.equal(await marked(), 1);
    await mark();
    await acme.account("cid");
    await summarize(day(4));
    assert.equal(await marked(), 1);
  });

  it("opens a seat for each active person in a group that gives the product, and for nobody else", async () => {
    await acme.account("ann", { addedAt: daysAgo(400) });
    await acme.account("bob");
    await acme.account("gil", { isGuest: true });
    await acme.account("bot", { type: "app" });
    await acme.account("cus", { type: "customer" });
    await acme.account("lea", { status: "inactive" });
    await acme.account("sue", { isSuspended: true });
    await acme.account("out");
    await acme.group("users", { gives: "user", members: ["ann", "bob", "gil", "bot", "lea", "sue"] });
    await acme.group("friends", { members: ["out", "ann"] });

    await summarize();

    assert.deepEqual(await seats(), [
      { account: "ann", since: daysAgo(400), origin: "organization", endedAt: null, reason: null },
      { account: "bob", since: OBSERVED_AT, origin: "first-seen", endedAt: null, reason: null },
    ]);
    const classes = new Map([...(await summaries())].map(([account, { class: each }]) => [account, each]));
    assert.deepEqual(Object.fromEntries(classes), {
      ann: "licensed",
      bob: "licensed",
      bot: "app",
      cus: "customer",
      gil: "guest",
      lea: "deactivated",
      out: "no-access",
      sue: "no-access",
    });
  });

  it("ends a seat with its reason and opens another one when access comes back", async () => {
    const later = new Date(OBSERVED_AT.getTime() + 86_400_000);
    const muchLater = new Date(OBSERVED_AT.getTime() + 2 * 86_400_000);
    await acme.account("ann", { addedAt: daysAgo(400) });
    await acme.account("bob");
    await acme.account("eve");
    await acme.group("users", { gives: "user", members: ["ann", "bob", "eve"] });
    await summarize();

    await acme.leave("users", "ann", later);
    await acme.changeAccount("bob", { status: "closed" }, later);
    await acme.changeAccount("eve", "gone", later);
    await summarize(later);
    await acme.join("users", "ann");
    await summarize(muchLater);

    assert.deepEqual(await seats(), [
      { account: "ann", since: daysAgo(400), origin: "organization", endedAt: later, reason: "no-access" },
      // The directory's date is that of the first seat: this one is known only since it was seen again.
      { account: "ann", since: muchLater, origin: "first-seen", endedAt: null, reason: null },
      { account: "bob", since: OBSERVED_AT, origin: "first-seen", endedAt: later, reason: "deactivated" },
      { account: "eve", since: OBSERVED_AT, origin: "first-seen", endedAt: later, reason: "account-gone" },
    ]);
    assert.equal((await summaries()).has("eve"), false);
  });

  it("learns the true date of a seat from an organization key that came later", async () => {
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    await summarize();

    const later = new Date(OBSERVED_AT.getTime() + 86_400_000);
    await acme.changeAccount("ann", { addedAt: daysAgo(100) }, later);
    await summarize(later);

    assert.deepEqual(await seats(), [
      { account: "ann", since: daysAgo(100), origin: "organization", endedAt: null, reason: null },
    ]);
  });

  it("manages seats of found groups and of those a person added, but a dropped group goes on giving access", async () => {
    await acme.account("ann");
    await acme.account("bob");
    await acme.group("found", { gives: "user", members: ["ann"] });
    await acme.group("missed", { members: ["bob"] });
    await summarize();
    assert.equal((await summaries()).get("bob")?.class, "no-access");

    await acme.decide("found", "dropped");
    await acme.decide("missed", "added");
    await summarize();

    assert.equal((await summaries()).get("ann")?.class, "licensed");
    assert.equal((await summaries()).get("bob")?.class, "licensed");
    assert.deepEqual(
      (await seats()).map(({ account, endedAt, reason }) => [account, endedAt !== null, reason]),
      [
        ["ann", true, "licensed"],
        ["bob", false, null],
      ],
    );
  });

  it("gives no seat to an account that the source says may not use the product, whatever group it is in", async () => {
    await acme.account("ann", { hasAccess: true });
    await acme.account("sue", { hasAccess: false });
    await acme.group("users", { gives: "user", members: ["ann", "sue"] });

    await summarize();

    assert.equal((await summaries()).get("ann")?.class, "licensed");
    assert.equal((await summaries()).get("sue")?.class, "no-access");
  });

  it("takes the source's word about an account only where no group is known to give the product", async () => {
    await acme.account("ann", { hasAccess: true });
    await acme.account("bob");
    await summarize();
    assert.equal((await summaries()).get("ann")?.class, "licensed");
    assert.equal((await summaries()).get("bob")?.class, "no-access");

    await acme.group("users", { gives: "user", members: ["bob"] });
    await summarize();

    assert.equal((await summaries()).get("ann")?.class, "no-access");
    assert.equal((await summaries()).get("bob")?.class, "licensed");
  });

  it("counts the spaces an account reaches through direct rights, groups and classes, each once", async () => {
    await acme.account("ann");
    await acme.account("boss");
    await acme.account("gil", { isGuest: true });
    await acme.account("lea", { status: "inactive" });
    await acme.group("users", { gives: "user", members: ["ann"] });
    await acme.group("admins", { gives: "admin", members: ["boss"] });
    await acme.group("team", { members: ["ann", "lea"] });
    for (const key of ["OPEN", "TEAM", "MINE", "ADM", "WEB", "ALL", "NONE"]) await acme.space(key);
    await acme.permit("OPEN", "access-class", "all-licensed-users");
    await acme.permit("OPEN", "group", "team");
    await acme.permit("TEAM", "group", "team");
    await acme.permit("MINE", "user", "ann", "administer");
    await acme.permit("MINE", "user", "gil");
    await acme.permit("MINE", "user", "lea");
    await acme.permit("ADM", "access-class", "all-product-admins", "administer");
    await acme.permit("WEB", "access-class", "anonymous-users");
    await acme.permit("ALL", "access-class", "authenticated-users");
    await acme.permit("NONE", "group", "team", "other");

    await summarize();

    const spaces = Object.fromEntries([...(await summaries())].map(([account, row]) => [account, row["spaces"]]));
    assert.deepEqual(spaces, { ann: 4, boss: 3, gil: 2, lea: 0 });
  });

  it("counts rights by permissions and by role assignments alike, and each space once", async () => {
    const roles = await siteFixture(db, { name: "roles", roleMode: "transition" });
    await roles.account("ann");
    await roles.group("users", { gives: "user", members: ["ann"] });
    for (const key of ["OLD", "VIEW", "BOTH", "NOTHING"]) await roles.space(key);
    await roles.role("Viewer", "read");
    await roles.role("Mute", "nothing");
    await roles.permit("OLD", "user", "ann");
    await roles.assign("VIEW", "group", "users", "Mute", "Viewer");
    await roles.assign("NOTHING", "user", "ann", "Mute");
    await roles.permit("BOTH", "user", "ann");
    await roles.assign("BOTH", "user", "ann", "Viewer");

    await summarize(OBSERVED_AT, roles);

    const rows = await db.query(
      sql`select spaces_count as spaces from account_summaries where site_id = ${roles.siteId}`,
    );
    assert.deepEqual(rows, [{ spaces: 3 }]);
  });

  it("says that the number of spaces is unknown while no rights were read", async () => {
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });

    await summarize();

    assert.equal((await summaries()).get("ann")?.spaces, null);
  });

  it("shows the latest use with its event, and counts events of ninety days", async () => {
    await acme.account("ann");
    await acme.group("users", { gives: "user", members: ["ann"] });
    await acme.window("viewed");
    await acme.evidence("ann", "viewed", daysAgo(9));
    await acme.evidence("ann", "contributed", daysAgo(4), { since: daysAgo(90) });
    await acme.event("ann", daysAgo(4), { summary: 'edited "Q2 close"' });
    await acme.event("ann", daysAgo(8));
    await acme.event("ann", daysAgo(91));

    await summarize();

    const [row] = await db.query(sql`
      select last_activity_at as at, last_activity_kind as kind, last_activity_summary as summary, events_90d as events,
             seat_status as status, price_minor as price, edition
        from account_summaries
    `);
    assert.deepEqual(row, {
      at: daysAgo(4),
      kind: "contributed",
      summary: 'edited "Q2 close"',
      events: 2,
      status: "active",
      price: 655,
      edition: "standard",
    });
  });

  it("adds the sites of a person up, and says nothing of money when one edition has no list price", async () => {
    const labs = await siteFixture(db, { name: "labs", edition: "enterprise" });
    for (const site of [acme, labs]) {
      await site.account("ann", { addedAt: site === acme ? daysAgo(300) : daysAgo(20) });
      await site.group("users", { gives: "user", members: ["ann"] });
      await site.window("viewed");
      await site.space("HOME");
      await site.permit("HOME", "group", "users");
    }
    await acme.evidence("ann", "viewed", daysAgo(200));
    await labs.evidence("ann", "viewed", daysAgo(2));

    await summarize();
    await summarize(OBSERVED_AT, labs);

    const people = await db.query(sql`
      select seats_count as seats, seat_status as status, spaces_count as spaces, groups_count as groups,
             price_minor as price, seat_since as since, last_activity_at as at
        from person_summaries
    `);
    assert.deepEqual(people, [
      { seats: 2, status: "active", spaces: 2, groups: 2, price: null, since: daysAgo(300), at: daysAgo(2) },
    ]);
  });

  it("writes nothing when nothing changed", async () => {
    for (const name of ["ann", "bob", "gil"]) await acme.account(name, { isGuest: name === "gil" });
    await acme.group("users", { gives: "user", members: ["ann", "bob"] });
    await acme.space("HOME");
    await acme.permit("HOME", "group", "users");
    await acme.window("viewed");
    await acme.evidence("ann", "viewed", daysAgo(3));
    await summarize();
    const versions = () =>
      db.query(sql`
        select 'account' as kind, account_id as id, xmin::text as written_by from account_summaries
         union all
        select 'person', person_id, xmin::text from person_summaries
         union all
        select 'seat', id, xmin::text from seats
         order by kind, id
      `);
    const before = await versions();

    await summarize();

    assert.equal(before.length, 8);
    assert.deepEqual(await versions(), before);
  });

  it("notes which kinds were read to their end, and keeps the older date of those that were not", async () => {
    const later = new Date(OBSERVED_AT.getTime() + 86_400_000);
    const memberships = async () =>
      (await db.query<{ asOf: Date }>(sql`select as_of as "asOf" from site_freshness where kind = 'memberships'`))[0]
        ?.asOf;
    const read = async (observedAt: Date, scope: RunScope, states: ListingState[]) => {
      const runId = await acme.run(
        observedAt,
        scope,
        states.map((state, n) => ({ kind: "memberships", scope: `${n}`, state })),
      );
      await afterRun(db, { ...contextOf(acme, observedAt), runId, scope });
    };

    await read(OBSERVED_AT, "full", ["complete", "complete"]);
    await read(later, "full", ["complete", "failed"]);
    await read(later, "license", ["complete"]);
    assert.deepEqual(await memberships(), OBSERVED_AT);
    await read(later, "full", ["complete", "complete"]);

    assert.deepEqual(await memberships(), later);
    assert.deepEqual(await findDataAsOf(db, ROSTER_KINDS), later);
    assert.equal(await findDataAsOf(db, ["spaces"]), null);
  });
});

describe("what SQL and rules both decide", () => {
  let test: TestDatabase;
  let db: Database;
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });

  const kinds: EvidenceKind[] = ["viewed", "contributed", "administered", "authenticated"];
  /** Around every edge that a status has: the threshold of 60 days, the lateness of 60 hours, to the millisecond. */
  const instant = fc
    .tuple(fc.constantFrom(0, 1, 2.5, 59, 60, 61, 90, 400), fc.constantFrom(-1, 0, 1))
    .map(([days, ms]) => new Date(daysAgo(days).getTime() + ms));
  const known = fc.record({ since: fc.option(instant), until: instant });
  const ofAccount = fc.record({ since: fc.option(instant), until: instant, isTold: fc.boolean() });
  const evidence = fc.dictionary(
    fc.constantFrom(...kinds),
    fc.record({ lastAt: fc.option(instant), known: ofAccount }),
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  );

  it("a seat's status is the same by SQL as by the rule, for any evidence", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(evidence, { minLength: 20, maxLength: 20 }),
        fc.dictionary(fc.constantFrom(...kinds), known, { maxKeys: 2, noNullPrototype: true }),
        async (accounts, windows) => {
          const site = await siteFixture(db, { name: `site-${round++}` });
          const names = accounts.map((_, index) => `${site.siteId}-${index}`);
          for (const name of names) await site.account(name);
          await site.group("users", { gives: "user", members: names });
          for (const [kind, { since, until }] of Object.entries(windows)) {
            await site.window(kind as EvidenceKind, { since, until });
          }
          for (const [index, each] of accounts.entries()) {
            for (const [kind, { lastAt, known: span }] of Object.entries(each)) {
              await site.evidence(names[index] ?? "", kind as EvidenceKind, lastAt, span);
            }
          }

          await summarizeRun(db, site, OBSERVED_AT);

          const rows = await db.query<{ name: string; status: string; kind: string | null; at: Date | null }>(sql`
            select a.source_id as name, s.seat_status as status, s.last_activity_kind as kind, s.last_activity_at as at
              from account_summaries s
              join accounts a on a.site_id = s.site_id and a.id = s.account_id
             where s.site_id = ${site.siteId}
          `);
          const bySql = new Map(rows.map(({ name, ...rest }) => [name, rest]));
          for (const [index, each] of accounts.entries()) {
            const ofSite = Object.entries(windows)
              .filter(([kind]) => each[kind as EvidenceKind]?.known.isTold !== false)
              .map(([kind, span]) => evidenceOf(kind, null, span));
            const own = Object.entries(each).map(([kind, { lastAt, known: span }]) => ({
              ...evidenceOf(kind, lastAt, span),
              isTold: span.isTold,
            }));
            const use = statusOfSeat([...own, ...ofSite], OBSERVED_AT, { idleAfterDays: 60, lateHoursMax: 60 });
            const last = use.because[0];
            assert.deepEqual(bySql.get(names[index] ?? ""), {
              status: use.status,
              kind: last?.code === "last-used" ? last.kind : null,
              at: last?.code === "last-used" ? last.at : null,
            });
          }
        },
      ),
      { numRuns: 12, seed: 1121 },
    );
  });

  it("who is given the product is the same by SQL as by the rule, for any account of either source", async () => {
    const flags = [true, false, null];
    const facts = (["confluence-cloud", "confluence-data-center"] as const).flatMap((source) =>
      flags.flatMap((hasAccess) =>
        flags.flatMap((isSuspended) =>
          [true, false].flatMap((isInGroup) =>
            [true, false].map((areGroupsKnown) => ({ source, hasAccess, isSuspended, isInGroup, areGroupsKnown })),
          ),
        ),
      ),
    );

    const given = { source: sql`v.source`, isInGroup: sql`v.is_in_group`, areGroupsKnown: sql`v.are_groups_known` };
    const rows = await db.query<{ isGiven: boolean }>(sql`
      select ${givenProductSql("v", given)} as "isGiven"
        from jsonb_to_recordset(${JSON.stringify(
          facts.map((each, position) => ({
            position,
            source: each.source,
            has_access: each.hasAccess,
            is_suspended: each.isSuspended,
            is_in_group: each.isInGroup,
            are_groups_known: each.areGroupsKnown,
          })),
        )}::jsonb) as v (${rawSql(
          "position integer, source text, has_access boolean, is_suspended boolean, is_in_group boolean, are_groups_known boolean",
        )})
       order by v.position
    `);

    assert.deepEqual(
      rows.map((row) => row.isGiven),
      facts.map(isGivenProduct),
    );
  });

  it("an account's class is the same by SQL as by the rule, for any account", async () => {
    const types = ["atlassian", "app", "customer", "unknown"] as const;
    const statuses = ["active", "inactive", "closed", "unknown"] as const;
    const flags = [true, false, null];
    const facts = types.flatMap((accountType) =>
      statuses.flatMap((status) =>
        [true, false].flatMap((isGuest) =>
          flags.flatMap((isSuspended) =>
            [true, false].map((isGivenProduct) => ({
              accountType,
              status,
              isGuest,
              isSuspended,
              isGivenProduct,
            })),
          ),
        ),
      ),
    );

    const rows = await db.query<{ class: string }>(sql`
      select ${accountClassSql("v", sql`v.gives`)} as class
        from jsonb_to_recordset(${JSON.stringify(
          facts.map((each, position) => ({
            position,
            account_type: each.accountType,
            status: each.status,
            is_guest: each.isGuest,
            is_suspended: each.isSuspended,
            gives: each.isGivenProduct,
          })),
        )}::jsonb) as v (${rawSql(
          "position integer, account_type text, status text, is_guest boolean, is_suspended boolean, gives boolean",
        )})
       order by v.position
    `);

    assert.deepEqual(
      rows.map((row) => row.class),
      facts.map(classOfAccount),
    );
  });
});

function evidenceOf(kind: string, lastAt: Date | null, span: { since: Date | null; until: Date }): EvidenceOfKind {
  return { kind: kind as EvidenceKind, source: "import", lastAt, knownSince: span.since, knownUntil: span.until };
}

function contextOf({ siteId, connectionId, settings }: SiteFixture, observedAt: Date) {
  return { siteId, connectionId, settings, runId: "run_000000000000", scope: "full" as const, observedAt };
}

function summarizeRun(db: Database, site: SiteFixture, observedAt: Date): Promise<void> {
  return afterRun(db, contextOf(site, observedAt));
}
