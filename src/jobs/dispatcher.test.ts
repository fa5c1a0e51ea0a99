import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startJob } from "../commands/jobs/start-job.ts";
import { manualClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { ensureJob, listJobsOfKinds } from "../store/jobs.ts";
import { takeLease } from "../store/leases.ts";
import { rawSql, sql } from "../store/sql.ts";
import { testDatabase, type TestDatabase } from "../store/testing/database.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import type { JobKind } from "./kinds.ts";
import { startSchedules } from "./schedules.ts";
import { jobParts } from "./testing/parts.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");
const noRun = () => Promise.reject(new Error("There is no run in this test."));

describe("jobs that are no runs", () => {
  let test: TestDatabase;
  let db: Database;
  const clock = manualClock(NOW);
  before(async () => {
    test = await testDatabase();
    db = openDatabase(test.connection, { clock, log: silentLog });
  });
  after(async () => {
    await db.close();
    await test.drop();
  });
  beforeEach(async () => {
    for (const table of ["job_results", "jobs", "leases"]) await db.query(rawSql(`delete from ${table}`));
  });

  /** A process of its own, as far as the database can tell. */
  function processWith(holder: string, kind: JobKind): Dispatcher {
    const parts = jobParts({ db, clock, log: silentLog, holder });
    return createDispatcher({ ...parts, kinds: [kind], executeRun: noRun });
  }

  async function begin(kind: JobKind): Promise<void> {
    await db.transaction((tx) => ensureJob(tx, kind, NOW));
    const [jobId = ""] = await listJobsOfKinds(db, [kind.kind]);
    const actor = { operatorId: "system", through: "job" } as const;
    await startJob({ db, clock, secrets: jobParts({ db, clock, log: silentLog }).secrets, actor }, jobId, "schedule");
  }

  const kindThat = (execute: JobKind["execute"], more: Partial<JobKind> = {}): JobKind => ({
    kind: "count",
    name: "Count",
    cron: "1 1 * * *",
    followsRuns: false,
    execute,
    ...more,
  });

  it("are executed by one process at a time, however many look", async () => {
    const begun: string[] = [];
    const hold = Promise.withResolvers<void>();
    const kind = kindThat(async ({ holder }) => {
      begun.push(holder);
      await hold.promise;
      return { state: "succeeded", message: "Counted." };
    });
    const [one, other] = [processWith("one", kind), processWith("other", kind)];
    await begin(kind);

    await one.look();
    await other.look();
    // The other has looked, seen the lease, and left it.
    await other.settled();
    hold.resolve();
    await one.settled();
    await other.look();
    await other.settled();

    assert.deepEqual(begun, ["one"]);
    assert.deepEqual(await db.query(sql`select state, message from job_results`), [
      { state: "succeeded", message: "Counted." },
    ]);
  });

  it("are begun again by another process when theirs died", async () => {
    const kind = kindThat(async ({ holder }) => ({ state: "succeeded", message: `Counted by ${holder}.` }));
    await begin(kind);
    await db.transaction((tx) => takeLease(tx, "job/count", "one that died", 300));
    const other = processWith("other", kind);

    await other.look();
    await other.settled();
    const whileHeld = await db.query(sql`select state from job_results`);
    await db.query(sql`update leases set until = clock_timestamp() - interval '1 second'`);
    await other.look();
    await other.settled();

    assert.deepEqual(whileHeld, [{ state: "running" }]);
    assert.deepEqual(await db.query(sql`select state, message from job_results`), [
      { state: "succeeded", message: "Counted by other." },
    ]);
  });

  it("tell what they do, in order, beside their result", async () => {
    const kind = kindThat(async ({ tell }) => {
      await tell("Counting.");
      await tell("Counted twelve.");
      return { state: "partial", message: "Not all." };
    });
    await begin(kind);
    const dispatcher = processWith("one", kind);

    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(await db.query(sql`select seq, message from job_result_events order by seq`), [
      { seq: 1, message: "Counting." },
      { seq: 2, message: "Counted twelve." },
    ]);
  });

  it("that are switched off stay so, also where something waits for them", async () => {
    const kind = kindThat(async () => ({ state: "succeeded", message: "Counted." }), { hasWork: async () => true });
    await db.transaction((tx) => ensureJob(tx, kind, NOW));
    await db.query(sql`update jobs set enabled = false`);
    const dispatcher = processWith("one", kind);

    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(await db.query(sql`select id from job_results`), []);
  });

  it("that were due while nothing ran are made up for once", async () => {
    // The clock of the schedules is the database's: a time of day that was half an hour ago, whenever this runs.
    const [row] = await db.query<{ cron: string }>(sql`
      select extract(minute from past) || ' ' || extract(hour from past) || ' * * *' as cron
        from (select (clock_timestamp() - interval '30 minutes') at time zone 'UTC' as past) half_an_hour_ago
    `);
    const kind = kindThat(async () => ({ state: "succeeded", message: "Counted." }), { cron: row!.cron });
    await db.transaction((tx) => ensureJob(tx, kind, NOW));
    const [jobId = ""] = await listJobsOfKinds(db, [kind.kind]);
    const heard = Promise.withResolvers<string>();
    const start = () =>
      startSchedules({
        reader: db,
        connection: test.connection,
        log: silentLog,
        onDue: async (id) => heard.resolve(id),
        pollSeconds: 0.5,
      });
    const before = await start();
    await before.follow();
    await before.stop();
    const longAgo = sql`clock_timestamp() - interval '5 days'`;
    await db.query(sql`update pgboss.schedule set created_on = ${longAgo}, updated_on = ${longAgo}`);
    await db.query(sql`update pgboss.version set cron_on = ${longAgo}`);

    const schedules = await start();
    const due = await heard.promise;
    await schedules.stop();

    assert.equal(due, jobId);
    const sent = await db.query(rawSql("select id from pgboss.job where name = 'due-jobs'"));
    assert.equal(sent.length, 1);
  });
});
