import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { AuditObject } from "../../model/facts.ts";
import { activityList } from "../activity.ts";
import { type Database, openDatabase, type Tx } from "../database.ts";
import { pageSql } from "../paging.ts";
import { requestRun } from "../runs.ts";
import { sql } from "../sql.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { siteFixture } from "../testing/facts.ts";
import { type AccountRow, mergeAccounts } from "./accounts.ts";
import type { EvidenceWindow } from "./activity.ts";
import { addEventSubjects, mergeAuditEvents, type AuditRow } from "./audit.ts";
import { directRows, type MergeContext } from "./incoming.ts";

const DAY = new Date("2026-11-20T12:00:00Z");
const LATER = new Date("2026-11-21T12:00:00Z");
const WINDOW: EvidenceWindow = { kind: "administered", source: "audit-log", knownSince: DAY, knownUntil: LATER };

const EVERYTHING: Parameters<typeof activityList>[0] = {
  siteId: null,
  personId: null,
  accountId: null,
  types: null,
  sources: null,
  parts: null,
  spaceKey: null,
  since: null,
  before: null,
};

describe("records of the audit log", () => {
  let test: TestDatabase;
  let db: Database;
  let siteId: string;
  let runId: string;
  beforeEach(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock: manualClock(DAY), log: silentLog });
    const site = await siteFixture(db);
    ({ siteId } = site);
    const request = { siteId, connectionId: site.connectionId, scope: "full", trigger: "person" } as const;
    const made = await db.transaction((tx) => requestRun(tx, { ...request, requestedBy: "test", requestedAt: DAY }));
    if (!made.ok) throw new Error(made.error.message);
    runId = made.value;
  });
  afterEach(async () => {
    await db.close();
    await test.drop();
  });

  const merge = <T>(at: Date, work: (tx: Tx, context: MergeContext) => Promise<T>) =>
    db.transaction((tx) => work(tx, { siteId, runId, observedAt: at }));
  const people = (at: Date, names: Record<string, string>) => {
    const rows = Object.entries(names).map(([id, name]): AccountRow => ({
      source_id: id,
      display_name: name,
      fallback_name: name,
      sort_key: id,
    }));
    return merge(at, (tx, context) => mergeAccounts(tx, context, directRows(rows), { noteMissing: false }));
  };
  const named = (name: string, sourceId: string | null = null): AuditObject => ({ type: "account", sourceId, name });
  const record = (id: string, author: string | null, ...objects: AuditObject[]): AuditRow => ({
    event_id: id,
    author_source_id: author,
    change: "member-added",
    summary: "User added to group editors",
    occurred_at: DAY.toISOString(),
    objects,
  });
  async function read(...rows: AuditRow[]): Promise<void> {
    await merge(LATER, (tx, context) => mergeAuditEvents(tx, context, directRows(rows), WINDOW));
    await merge(LATER, (tx, context) => addEventSubjects(tx, context, directRows(rows)));
  }
  async function listed(filters: Partial<Parameters<typeof activityList>[0]> = {}): Promise<string[]> {
    const list = activityList({ ...EVERYTHING, ...filters });
    const column = list.sorts.occurredAt;
    const page = pageSql({ column, tie: list.tie, descends: true, after: null, limit: 50 });
    const rows = await db.query<{ name: string; part: string; eventId: string }>(list.select(page));
    return rows.map((each) => `${each.eventId} ${each.name} ${each.part}`).toSorted();
  }

  it("are listed under their author and under the one account that bears the name", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo" });

    await read(record("1", "petra", named("Bo")));

    assert.deepEqual(await listed(), ["1 bo concerned", "1 petra author"]);
    assert.deepEqual(await listed({ parts: ["author"] }), ["1 petra author"]);
  });

  it("are nobody's where two accounts have the name", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo", other: "Bo" });

    await read(record("1", "petra", named("Bo")));

    assert.deepEqual(await listed(), ["1 petra author"]);
  });

  it("are nobody's where an account once had the name that another has now", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo", other: "Other" });
    await people(LATER, { petra: "Petra", bo: "Bo Renamed", other: "Bo" });

    await read(record("1", "petra", named("Bo")));

    assert.deepEqual(await listed(), ["1 petra author"]);
  });

  it("are told by id where the record has one, whatever the name", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo", other: "Bo" });

    await read(record("1", null, named("Bo", "other")));

    assert.deepEqual(await listed(), ["1 other concerned"]);
  });

  it("are listed once under who did it to himself", async () => {
    await people(DAY, { petra: "Petra" });

    await read(record("1", "petra", named("Petra")));

    assert.deepEqual(await listed(), ["1 petra author"]);
  });

  it("show use by their author, and none by whom they concern", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo" });

    await read(record("1", "petra", named("Bo")));

    const evidence = await db.query(sql`
      select a.source_id as account, e.kind, e.last_at as "lastAt"
        from evidence e join accounts a on a.id = e.account_id
    `);
    assert.deepEqual(evidence, [{ account: "petra", kind: "administered", lastAt: DAY }]);
  });

  it("that are read again are added once", async () => {
    await people(DAY, { petra: "Petra", bo: "Bo" });
    await read(record("1", "petra", named("Bo")));

    await read(record("1", "petra", named("Bo")), record("2", null, named("Bo")));

    assert.deepEqual(await listed(), ["1 bo concerned", "1 petra author", "2 bo concerned"]);
  });

  it("are found for a list by index, in its order, in both tables", async () => {
    const list = activityList(EVERYTHING);
    const column = list.sorts.occurredAt;
    const { text, values } = list.select(pageSql({ column, tie: list.tie, descends: true, after: null, limit: 50 }));
    const plan = await db.transaction(async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`);
      await tx.execute(sql`set local enable_sort = off`);
      return tx.query<Record<string, string>>({ text: `explain ${text}`, values });
    });

    const lines = plan.map((each) => Object.values(each)[0] ?? "").join("\n");
    assert.match(lines, /Merge Append/);
    assert.match(lines, /activity_events_by_time/);
    assert.match(lines, /activity_event_subjects_by_time/);
    assert.doesNotMatch(lines, /-> +(Incremental )?Sort/);
  });
});
