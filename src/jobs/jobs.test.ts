import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { PgBoss } from "pg-boss";
import { startJob } from "../commands/jobs/start-job.ts";
import type { Context } from "../commands/context.ts";
import { Fault } from "../lib/errors.ts";
import { manualClock, systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { createSecretBox } from "../lib/secret-box.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { endJobResult, ensureJob, findJob, type Job } from "../store/jobs.ts";
import { takeLease } from "../store/leases.ts";
import { beginRun, endRun, findRun, requestRun } from "../store/runs.ts";
import { rawSql, sql } from "../store/sql.ts";
import { testDatabase, type TestDatabase } from "../store/testing/database.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { startJobs } from "./jobs.ts";
import { startSchedules } from "./schedules.ts";
import { jobParts } from "./testing/parts.ts";

const NOW = new Date("2026-05-03T12:00:00.000Z");

describe("jobs", () => {
  let database: TestDatabase;
  let db: Database;
  let context: Context;
  let operatorId: string;
  let connectionId: string;
  const clock = manualClock(NOW);

  before(async () => {
    database = await testDatabase();
    db = openDatabase(database.connection, { clock, log: silentLog });
    const secrets = createSecretBox([{ id: "test", key: randomBytes(32) }]);
    const rows = await db.query<{ operatorId: string; connectionId: string }>(sql`
      with operator as (
        insert into operators (kind, name, created_at) values ('person', 'Petra', ${NOW}) returning id
      )
      insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
      select 'acme', 'confluence-cloud', 'published', '{roster}', '{}', id, ${NOW}, ${NOW} from operator
      returning id as "connectionId", created_by as "operatorId"
    `);
    ({ operatorId, connectionId } = rows[0]!);
    context = { db, clock, secrets, actor: { operatorId, through: "api" } };
  });

  after(async () => {
    await db.close();
    await database.drop();
  });

  beforeEach(async () => {
    clock.moveTo(NOW);
    for (const table of ["job_results", "jobs", "staged_rows", "run_events", "runs", "leases"]) {
      await db.query(rawSql(`delete from ${table}`));
    }
  });

  async function makeSite(): Promise<string> {
    const [site] = await db.query<{ id: string }>(sql`
      insert into sites (source, source_key, base_url, name, created_at)
      values ('confluence-cloud', ${randomBytes(8).toString("hex")}, 'https://acme.example', 'acme', ${NOW})
      returning id
    `);
    await db.query(sql`
      insert into connection_sites (connection_id, site_id, added_at) values (${connectionId}, ${site!.id}, ${NOW})
    `);
    return site!.id;
  }

  async function makeJob(siteId: string): Promise<string> {
    const [job] = await db.query<{ id: string }>(sql`
      insert into jobs (name, kind, connection_id, site_id, cron, created_at)
      values ('Refresh acme', 'refresh-site', ${connectionId}, ${siteId}, '17 3 * * *', ${NOW})
      returning id
    `);
    return job!.id;
  }

  function makeDispatcher(executeRun: (runId: string, signal: AbortSignal) => Promise<unknown>): Dispatcher {
    return createDispatcher({ ...jobParts({ db, clock, log: silentLog }), executeRun, runsMax: 2 });
  }

  async function succeed(runId: string): Promise<void> {
    await db.transaction(async (tx) => {
      await beginRun(tx, runId, clock.now());
      await endRun(tx, runId, { state: "succeeded", at: clock.now(), held: null, error: null });
    });
  }

  async function queueRun(siteId: string): Promise<string> {
    const request = { siteId, connectionId, scope: "full", trigger: "person", requestedBy: operatorId } as const;
    const queued = await db.transaction((tx) => requestRun(tx, { ...request, requestedAt: clock.now() }));
    assert.ok(queued.ok);
    return queued.value;
  }

  async function jobOf(jobId: string): Promise<Job> {
    const job = await findJob(db, jobId);
    assert.ok(job);
    return job;
  }

  it("a job run now queues a run, and its result takes the state of the run", async () => {
    const jobId = await makeJob(await makeSite());
    const dispatcher = makeDispatcher(succeed);

    const started = await startJob(context, jobId, "person");
    await dispatcher.look();
    await dispatcher.settled();

    assert.ok(started.ok);
    const { lastResult } = await jobOf(jobId);
    assert.deepEqual(
      [lastResult?.id, lastResult?.state, lastResult?.trigger],
      [started.value.id, "succeeded", "person"],
    );
    assert.deepEqual(lastResult?.finishedAt, NOW);
  });

  it("a job that cannot begin tells a person why, and keeps the reason when its time came", async () => {
    const siteId = await makeSite();
    const jobId = await makeJob(siteId);
    await queueRun(siteId);

    const byPerson = await startJob(context, jobId, "person");
    const bySchedule = await startJob(context, jobId, "schedule");

    assert.deepEqual(byPerson, { ok: false, error: "run-under-way" });
    assert.ok(bySchedule.ok);
    assert.deepEqual(
      [bySchedule.value.state, bySchedule.value.message],
      ["skipped", "A run of this site was already queued or under way."],
    );
  });

  it("several sites are read at once, and no more than there is room for", async () => {
    const runs = [await queueRun(await makeSite()), await queueRun(await makeSite()), await queueRun(await makeSite())];
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const dispatcher = makeDispatcher(async (runId) => {
      begun.push(runId);
      await gate.promise;
      await succeed(runId);
    });

    await dispatcher.look();
    await dispatcher.look();
    const atFirst = [...begun];
    gate.resolve();
    await dispatcher.settled();
    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(atFirst, runs.slice(0, 2));
    assert.deepEqual(begun, runs);
  });

  it("a run whose process died is taken up again once its site's lease has lapsed", async () => {
    const siteId = await makeSite();
    const runId = await queueRun(siteId);
    await db.transaction((tx) => beginRun(tx, runId, clock.now()));
    await db.transaction((tx) => takeLease(tx, `site/${siteId}`, "another process", 30));
    const begun: string[] = [];
    const dispatcher = makeDispatcher(async (id) => {
      begun.push(id);
      await succeed(id);
    });

    await dispatcher.look();
    const whileHeld = [...begun];
    await db.query(sql`update leases set until = clock_timestamp() - interval '1 second'`);
    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(whileHeld, []);
    assert.deepEqual(begun, [runId]);
    assert.equal((await findRun(db, runId))?.state, "succeeded");
  });

  it("a run whose execution threw is tried again, but not at once", async () => {
    const runId = await queueRun(await makeSite());
    let tries = 0;
    const dispatcher = makeDispatcher(async (id) => {
      tries += 1;
      if (tries === 1) throw new Error("the database went away");
      await succeed(id);
    });

    await dispatcher.look();
    await dispatcher.settled();
    await dispatcher.look();
    await dispatcher.settled();
    const soon = tries;
    clock.moveBy(30_000);
    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual([soon, tries], [1, 2]);
    assert.equal((await findRun(db, runId))?.state, "succeeded");
  });

  it("a run that another process has begun is left to it, and is no fault", async () => {
    await queueRun(await makeSite());
    const complaints: string[] = [];
    const log = { ...silentLog, error: (_: object, message: string) => void complaints.push(message) };
    const executeRun = () =>
      Promise.reject(
        new Fault("held", { code: "run.site-held", publicMessage: "Another process is reading the site." }),
      );
    const dispatcher = createDispatcher({ ...jobParts({ db, clock, log }), executeRun });

    await dispatcher.look();
    await dispatcher.settled();

    assert.deepEqual(complaints, []);
  });

  it("stopping tells runs under way to stop, waits for them and begins no other", async () => {
    await queueRun(await makeSite());
    const begun = Promise.withResolvers<void>();
    let saved = false;
    const dispatcher = makeDispatcher(
      (_runId, signal) =>
        new Promise<void>((resolve) => {
          begun.resolve();
          signal.addEventListener("abort", () => {
            saved = true;
            resolve();
          });
        }),
    );

    await dispatcher.look();
    await begun.promise;
    await dispatcher.stop();
    await queueRun(await makeSite());
    await dispatcher.look();

    assert.equal(saved, true);
  });

  it("housekeeping deletes logs after 90 days and results after 14, but never the last result of a job", async () => {
    const siteId = await makeSite();
    const jobId = await makeJob(siteId);
    const runId = await queueRun(siteId);
    await db.query(sql`
      insert into run_events (run_id, seq, at, level, event, message) values (${runId}, 1, ${NOW}, 'info', 'begun', 'Begun')
    `);
    await succeed(runId);
    for (const day of [0, 1]) {
      clock.moveTo(new Date(NOW.getTime() + day * 86_400_000));
      const started = await startJob(context, jobId, "schedule");
      assert.ok(started.ok && started.value.runId);
      await succeed(started.value.runId);
      await db.transaction((tx) =>
        endJobResult(tx, started.value.id, { state: "succeeded", at: clock.now(), message: null }),
      );
    }
    clock.moveTo(new Date(NOW.getTime() + 91 * 86_400_000));
    await db.transaction((tx) =>
      ensureJob(tx, { kind: "housekeeping", name: "Housekeeping", cron: "17 3 * * *" }, clock.now()),
    );
    const [housekeeping] = await db.query<{ id: string }>(sql`select id from jobs where kind = 'housekeeping'`);
    const dispatcher = makeDispatcher(succeed);

    await startJob(context, housekeeping!.id, "schedule");
    await dispatcher.look();
    await dispatcher.settled();

    const counts = await db.query(sql`
      select (select count(*) from run_events) as events,
             (select count(*) from job_results where job_id = ${jobId}) as results
    `);
    assert.deepEqual(counts, [{ events: 0, results: 1 }]);
    const { lastResult } = await jobOf(housekeeping!.id);
    assert.deepEqual([lastResult?.state, lastResult?.message], ["succeeded", "Deleted 1 log entries, 1 job results."]);
  });

  it("a run that is queued while everything is up begins when its transaction commits", async () => {
    const begun = Promise.withResolvers<string>();
    const jobs = await startJobs({
      ...jobParts({ db, clock: systemClock, log: silentLog }),
      connection: database.connection,
      executeRun: async (runId) => {
        await succeed(runId);
        begun.resolve(runId);
      },
    });
    try {
      const runId = await queueRun(await makeSite());

      assert.equal(await begun.promise, runId);
    } finally {
      await jobs.close();
    }
    const [housekeeping] = await db.query(sql`select cron, enabled from jobs where kind = 'housekeeping'`);
    assert.deepEqual(housekeeping, { cron: "17 3 * * *", enabled: true });
  });

  it("the schedule follows the jobs that are on, and begins what is due", async () => {
    const jobId = await makeJob(await makeSite());
    const due = Promise.withResolvers<string>();
    const schedules = await startSchedules({
      reader: db,
      connection: database.connection,
      log: silentLog,
      onDue: async (id) => due.resolve(id),
      pollSeconds: 0.5,
    });
    const scheduled = () => db.query<{ key: string; cron: string }>(rawSql("select key, cron from pgboss.schedule"));
    try {
      await schedules.follow();
      const first = await scheduled();
      await db.query(sql`update jobs set cron = '5 4 * * *'`);
      await schedules.follow();
      const moved = await scheduled();
      const clockOfBoss = new PgBoss({
        ...database.connection,
        schema: "pgboss",
        max: 1,
        supervise: false,
        schedule: false,
      });
      clockOfBoss.on("error", () => {});
      await clockOfBoss.start();
      await clockOfBoss.send("due-jobs", { jobId });
      const heard = await due.promise;
      await clockOfBoss.stop();
      await db.query(sql`update jobs set enabled = false`);
      await schedules.follow();
      const off = await scheduled();

      assert.deepEqual(first, [{ key: jobId, cron: "17 3 * * *" }]);
      assert.deepEqual(moved, [{ key: jobId, cron: "5 4 * * *" }]);
      assert.equal(heard, jobId);
      assert.deepEqual(off, []);
    } finally {
      await schedules.stop();
    }
  });

  it("several processes begin what is due once", async () => {
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    const startOne = () =>
      startSchedules({
        reader: db,
        connection: database.connection,
        log: silentLog,
        onDue: async (id) => {
          heard.push(id);
          if (new Set(heard).size === 20) all.resolve();
        },
        pollSeconds: 0.5,
      });
    const schedules = [await startOne(), await startOne(), await startOne()];
    const due = Array.from({ length: 20 }, (_, index) => `job ${index}`);
    const clockOfBoss = new PgBoss({
      ...database.connection,
      schema: "pgboss",
      max: 1,
      supervise: false,
      schedule: false,
    });
    clockOfBoss.on("error", () => {});
    try {
      await clockOfBoss.start();
      for (const jobId of due) await clockOfBoss.send("due-jobs", { jobId });
      await all.promise;
    } finally {
      await clockOfBoss.stop();
      // What was fetched a second time is heard before a process has stopped.
      for (const each of schedules) await each.stop();
    }

    assert.deepEqual(heard.toSorted(), due.toSorted());
  });

  it("several processes keep one schedule for each job, whoever of them looks", async () => {
    await makeJob(await makeSite());
    const start = () =>
      startSchedules({ reader: db, connection: database.connection, log: silentLog, onDue: async () => {} });
    const schedules = [await start(), await start()];
    try {
      await Promise.all(schedules.map((each) => each.follow()));

      const kept = await db.query(rawSql("select key from pgboss.schedule"));
      const [jobs] = await db.query<{ count: number }>(sql`select count(*) as count from jobs where enabled`);
      assert.equal(kept.length, jobs?.count);
    } finally {
      for (const each of schedules) await each.stop();
    }
  });
});
