import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { type Database, openDatabase, type Tx } from "../database.ts";
import { requestRun } from "../runs.ts";
import { sql } from "../sql.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { siteFixture } from "../testing/facts.ts";
import { type AccountRow, mergeAccounts, mergeAccountStatuses } from "./accounts.ts";
import { addContentEvents, advanceContentEvidence, type EvidenceWindow, saveEvidenceWindow } from "./activity.ts";
import { mergeGroups } from "./groups.ts";
import { directRows, type MergeContext } from "./incoming.ts";
import { mergeMembers } from "./memberships.ts";
import { mergeOrganization } from "./organization.ts";
import { mergeSpacePermissions } from "./space-access.ts";
import { mergeSpaces } from "./spaces.ts";

const DAY_1 = new Date("2026-11-20T12:00:00Z");
const DAY_2 = new Date("2026-11-21T12:00:00Z");

describe("merging", () => {
  let test: TestDatabase;
  let db: Database;
  let siteId: string;
  let runId: string;
  beforeEach(async () => {
    test = await testDatabase();
    const clock = manualClock(DAY_1);
    db = openDatabase(test.connection, { clock, log: silentLog });
    const site = await siteFixture(db);
    ({ siteId } = site);
    const request = { siteId, connectionId: site.connectionId, scope: "full", trigger: "person" } as const;
    const made = await db.transaction((tx) => requestRun(tx, { ...request, requestedBy: "test", requestedAt: DAY_1 }));
    if (!made.ok) throw new Error(made.error.message);
    runId = made.value;
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const merge = <T>(at: Date, work: (tx: Tx, context: MergeContext) => Promise<T>) =>
    db.transaction((tx) => work(tx, { siteId, runId, observedAt: at }));
  const person = (id: string, fields: Partial<AccountRow> = {}): AccountRow => ({
    source_id: id,
    fallback_name: id,
    sort_key: id,
    ...fields,
  });
  const search = (at: Date, ...rows: AccountRow[]) =>
    merge(at, (tx, context) => mergeAccounts(tx, context, directRows(rows), { noteMissing: true }));
  const statuses = (at: Date, asked: string[], ...rows: AccountRow[]) =>
    merge(at, (tx, context) => mergeAccountStatuses(tx, context, directRows(rows), asked, { trustsDirectory: false }));
  const group = (id: string, name = id) => ({ source_id: id, name, managed_by: null, usage: null, sort_key: id });
  const directory = (at: Date, accounts: object[], groups: object[]) => {
    const views: EvidenceWindow = { kind: "viewed", source: "organization", knownSince: null, knownUntil: at };
    return merge(at, (tx, context) => mergeOrganization(tx, context, directRows(accounts), directRows(groups), views));
  };
  async function versions(): Promise<Record<string, unknown>[]> {
    return db.query(sql`
      select a.source_id as id, v.display_name as name, v.email, v.status, v.origins, v.valid_to as until
        from account_versions v
        join accounts a on a.id = v.account_id
       where v.site_id = ${siteId}
       order by a.source_id, v.valid_from
    `);
  }

  it("gives the same account whichever of its listings ends first", async () => {
    const found = person("ann", { display_name: "Ann", email: "ann@search.example" });
    const listed = person("ann", { display_name: "A. Smith", email: "ann@directory.example", status: "inactive" });
    const entry = { ...listed, group_source_ids: [], has_product: true, last_active_at: null };
    const bob = { found: { ...found, source_id: "bob" }, entry: { ...entry, source_id: "bob" } };

    await search(DAY_1, found);
    await directory(DAY_1, [entry, bob.entry], []);
    await search(DAY_1, found, bob.found);

    const [ann, other] = await versions();
    assert.deepEqual({ ...other, id: "ann" }, ann);
    assert.deepEqual(ann, {
      id: "ann",
      name: "Ann",
      email: "ann@directory.example",
      status: "inactive",
      origins: { displayName: "user-search", email: "organization", status: "organization" },
      until: null,
    });
  });

  it("takes back what the directory gave of an account that it no longer lists", async () => {
    const entry = {
      ...person("ann", { status: "active", email: "ann@directory.example" }),
      group_source_ids: [],
      has_product: true,
      last_active_at: null,
    };
    await search(DAY_1, person("ann", { display_name: "Ann" }));
    await directory(DAY_1, [entry], []);

    await directory(DAY_2, [], []);

    const [, now] = await versions();
    assert.deepEqual([now?.["email"], now?.["status"]], [null, "unknown"]);
  });

  it("tells the planner how much evidence a first directory brought, before it looks for whom nothing was told", async () => {
    const entries = Array.from({ length: 4_000 }, (_, index) => ({
      ...person(`person-${index}`, { status: "active" }),
      group_source_ids: [],
      has_product: true,
      last_active_at: null,
    }));

    await directory(DAY_1, entries, []);

    const [planned] = await db.query<{ rows: number }>(sql`
      select reltuples::integer as rows from pg_class where oid = 'evidence'::regclass
    `);
    assert.equal(planned?.rows, 4_000);
  });

  it("notes of whom the directory tells no use, once, until it tells of them", async () => {
    const entry = (id: string, last: string | null) => ({
      ...person(id, { status: "active" }),
      group_source_ids: [],
      has_product: true,
      last_active_at: last,
    });
    const known = () =>
      db.query(sql`
        select a.source_id as id, e.last_at as last, e.known_until as until, e.is_told as told
          from evidence e
          join accounts a on a.id = e.account_id
         order by a.source_id
      `);
    await search(DAY_1, person("ann"), person("bob"));
    await directory(DAY_1, [entry("bob", "2026-11-01T00:00:00Z")], []);
    const bob = { id: "bob", last: new Date("2026-11-01T00:00:00Z"), until: DAY_1 };
    assert.deepEqual(await known(), [
      { id: "ann", last: null, until: DAY_1, told: false },
      { ...bob, told: true },
    ]);

    await directory(DAY_2, [entry("ann", null)], []);

    assert.deepEqual(await known(), [
      { id: "ann", last: null, until: DAY_2, told: true },
      { ...bob, told: false },
    ]);
    await directory(DAY_2, [entry("ann", null), entry("bob", null)], []);
    assert.deepEqual((await known())[1], { ...bob, until: DAY_2, told: true });
  });

  it("writes nothing for what is the same, and one closed and one open row for what is not", async () => {
    await search(DAY_1, person("ann", { display_name: "Ann" }), person("bob", { display_name: "Bob" }));

    const result = await search(
      DAY_2,
      person("ann", { display_name: "Ann" }),
      person("bob", { display_name: "Robert" }),
    );

    assert.deepEqual(result, { added: 0, changed: 1 });
    assert.deepEqual(
      (await versions()).map(({ id, name, until }) => [id, name, until]),
      [
        ["ann", "Ann", null],
        ["bob", "Bob", DAY_2],
        ["bob", "Robert", null],
      ],
    );
  });

  it("counts an account once that two pages show", async () => {
    const result = await search(DAY_1, person("ann", { display_name: "Ann" }), person("ann", { display_name: "Ann" }));

    assert.deepEqual(result, { added: 1, changed: 0 });
  });

  it("gives one person to the same account id on two sites", async () => {
    const other = await siteFixture(db, { name: "other" });
    await search(DAY_1, person("ann"));

    await db.transaction((tx) =>
      mergeAccounts(tx, { siteId: other.siteId, runId, observedAt: DAY_1 }, directRows([person("ann")]), {
        noteMissing: false,
      }),
    );

    const people = await db.query(sql`select distinct person_id from accounts`);
    assert.equal(people.length, 1);
  });

  it("takes the same user key on two Data Center sites for two people", async () => {
    const other = await siteFixture(db, { name: "other" });
    await db.transaction((tx) => tx.execute(sql`update sites set source = 'confluence-data-center'`));

    for (const site of [siteId, other.siteId]) {
      await db.transaction((tx) =>
        mergeAccounts(tx, { siteId: site, runId, observedAt: DAY_1 }, directRows([person("admin")]), {
          noteMissing: true,
        }),
      );
    }

    const people = await db.query(sql`select distinct person_id from accounts`);
    assert.equal(people.length, 2);
  });

  it("keeps a closed account that the search still shows, and notes one that it does not", async () => {
    const closed = (id: string) => person(id, { status: "closed", display_name: "Former user" });
    await search(DAY_1, person("ann"), person("bob"));
    await search(DAY_2, person("ann"));

    await statuses(DAY_2, ["ann", "bob"], closed("ann"), closed("bob"));

    const noted = await db.query(sql`
      select a.source_id as id from unseen u join accounts a on a.id = u.subject where u.kind = 'accounts'
    `);
    assert.deepEqual(noted, [{ id: "bob" }]);
    assert.equal(
      (await versions()).find((each) => each["id"] === "ann" && each["until"] === null)?.["status"],
      "closed",
    );
  });

  it("takes memberships in bulk only where the directory counts as many as it lists", async () => {
    const entry = (id: string, ...groups: string[]) => ({
      ...person(id),
      group_source_ids: groups,
      has_product: true,
      last_active_at: null,
    });
    await merge(DAY_1, (tx, context) =>
      mergeGroups(tx, context, directRows([group("red"), group("blue"), group("empty")])),
    );

    const result = await directory(
      DAY_1,
      [entry("ann", "red", "blue"), entry("bob", "red", "elsewhere")],
      [
        { source_id: "red", member_count: 2 },
        { source_id: "blue", member_count: 2 },
        { source_id: "empty", member_count: 0 },
      ],
    );

    assert.deepEqual(result.disputedGroups, ["blue"]);
    const edges = await db.query(sql`
      select g.source_id as group from memberships m join groups g on g.id = m.group_id order by 1
    `);
    assert.deepEqual(edges, [{ group: "red" }, { group: "red" }]);
  });

  it("compares a group's members only within that group", async () => {
    const member = (scope: string, id: string) => ({ scope, ...person(id) });
    await merge(DAY_1, (tx, context) => mergeGroups(tx, context, directRows([group("red"), group("blue")])));
    await merge(DAY_1, (tx, context) =>
      mergeMembers(tx, context, directRows([member("red", "ann"), member("blue", "ann")]), ["red", "blue"]),
    );

    await merge(DAY_2, (tx, context) => mergeMembers(tx, context, directRows([]), ["red"]));

    const missing = await db.query(sql`
      select g.source_id as group, u.verdict from unseen u join groups g on g.id = u.scope where u.kind = 'memberships'
    `);
    assert.deepEqual(missing, [{ group: "red", verdict: "missing" }]);
  });

  it("joins what two pages say of one principal as one page would, and derives reading and administering", async () => {
    const space = {
      source_id: "s1",
      key: "S1",
      name: "S1",
      type: "global",
      status: "current",
      owner_source_id: null,
      created_at: null,
      sort_key: "s1",
    };
    const right = (...keys: string[]) => ({
      scope: "s1",
      principal_type: "group",
      principal_id: "red",
      operations: keys.map((key) => ({ key, target: "space", sourceId: key })),
    });
    const mergeRights = (at: Date, rows: ReturnType<typeof right>[], isOncePerPrincipal: boolean) =>
      merge(at, (tx, context) => mergeSpacePermissions(tx, context, directRows(rows), ["s1"], { isOncePerPrincipal }));
    await merge(DAY_1, (tx, context) => mergeSpaces(tx, context, directRows([space])));
    await mergeRights(DAY_1, [right("read"), right("manage_users"), right("read")], false);

    const unchanged = await mergeRights(DAY_2, [right("manage_users", "read")], true);

    assert.deepEqual(unchanged, { added: 0, changed: 0 });
    const rows = await db.query(sql`
      select jsonb_array_length(operations) as operations, can_read as read, can_administer as administer from space_permissions
    `);
    assert.deepEqual(rows, [{ operations: 2, read: true, administer: false }]);
  });

  it("adds an event once and moves evidence forward only, by what was seen since it was last whole", async () => {
    const window: EvidenceWindow = {
      kind: "contributed",
      source: "content-search",
      knownSince: DAY_1,
      knownUntil: DAY_2,
    };
    const event = (id: string, at: Date) => ({
      event_id: id,
      account_source_id: "ann",
      type: "page",
      summary: "edited",
      occurred_at: at.toISOString(),
      space_key: null,
      path: null,
    });
    const add = (...rows: ReturnType<typeof event>[]) =>
      merge(DAY_2, (tx, context) => addContentEvents(tx, context, rows));
    const lastAt = async () => {
      await db.transaction((tx) => advanceContentEvidence(tx, siteId, window));
      return db.query(sql`select last_at from evidence`);
    };

    const counts = [await add(event("1", DAY_2)), await add(event("1", DAY_2), event("2", DAY_1))];

    assert.deepEqual(counts, [1, 1]);
    assert.deepEqual(await lastAt(), [{ last_at: DAY_2 }]);
    await db.transaction((tx) => saveEvidenceWindow(tx, siteId, window));
    await db.transaction((tx) => tx.execute(sql`delete from evidence`));
    assert.deepEqual(await lastAt(), [], "what was seen before the window ended counts no more");
  });
});
