import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "node:test";
import { applyEvidence, previewEvidence } from "../commands/imports/evidence.ts";
import { startJobsAfterRun } from "../commands/jobs/start-jobs-after-run.ts";
import { type CandidateSite, candidateSite } from "../commands/candidates/testing/candidate-site.ts";
import { DEFAULT_RECLAMATION_SETTINGS } from "../model/reclamation.ts";
import { silentLog } from "../lib/log.ts";
import { ensureJob } from "../store/jobs.ts";
import { findSnapshot, listLines } from "../store/position/snapshots.ts";
import { requestRun } from "../store/runs.ts";
import { sql } from "../store/sql.ts";
import { daysAgo, OBSERVED_AT } from "../store/testing/facts.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { JOB_KINDS, type JobKind } from "./kinds.ts";
import { jobParts } from "./testing/parts.ts";

const FOLLOWERS = JOB_KINDS.filter((kind) => kind.followsRuns);

describe("jobs that follow a run", () => {
  let site: CandidateSite;
  beforeEach(async () => {
    site = await candidateSite();
    await site.seats({ ann: daysAgo(90), bob: daysAgo(70), cem: daysAgo(3) });
    for (const kind of FOLLOWERS) await site.db.transaction((tx) => ensureJob(tx, kind, OBSERVED_AT));
  });
  afterEach(() => site.close());

  function processWith(kinds: readonly JobKind[], holder = "one"): Dispatcher {
    const { db, clock } = site;
    return createDispatcher({
      ...jobParts({ db, clock, log: silentLog, holder }),
      kinds,
      executeRun: (runId) =>
        db.query(sql`update runs set state = 'succeeded', finished_at = ${OBSERVED_AT} where id = ${runId}`),
    });
  }

  async function queueRun(): Promise<void> {
    const { siteId, connectionId } = site.acme;
    await site.db.transaction((tx) =>
      requestRun(tx, {
        siteId,
        connectionId,
        scope: "full",
        trigger: "person",
        requestedBy: "system",
        requestedAt: OBSERVED_AT,
      }),
    );
  }

  it("each see what the former left: exclusions, then candidates, then the position", async () => {
    await site.rule();
    const annId = await site.db.query<{ id: string }>(sql`select id from accounts where source_id = 'ann'`);
    const condition = { is: "account", accounts: [annId[0]!.id] };
    await site.db.query(sql`
      insert into exclusion_rules (id, name, condition, effects, reason, expires_at, created_at, updated_at)
      values ('exclusion_1', 'Board', ${JSON.stringify(condition)}, '{no-reclaim}', 'VIP', ${daysAgo(-90)},
              ${OBSERVED_AT}, ${OBSERVED_AT})
    `);
    await queueRun();
    const dispatcher = processWith(JOB_KINDS);

    await dispatcher.look();
    await dispatcher.settled();

    const candidates = await site.db.query<{ account: string }>(sql`
      select a.source_id as account from candidates c join accounts a on a.id = c.account_id where c.closed_at is null
    `);
    const position = await findSnapshot(site.db, "latest");
    const [line] = await listLines(site.db, position!.id);
    assert.deepEqual(candidates, [{ account: "bob" }]);
    assert.equal(line?.pending, candidates.length);
    assert.deepEqual(await states(), [
      "settle-exclusions succeeded",
      "find-candidates succeeded",
      "compute-position succeeded",
    ]);
  });

  it("are begun once more when a run ended while one was under way", async () => {
    const begun: string[] = [];
    const hold = Promise.withResolvers<void>();
    const kinds = FOLLOWERS.map((kind) => ({
      ...kind,
      execute: async () => {
        begun.push(kind.kind);
        if (begun.length === 1) await hold.promise;
        return { state: "succeeded" as const, message: "Done." };
      },
    }));
    const [one, other] = [processWith(kinds), processWith(kinds, "other")];
    await startJobsAfterRun(site.context(), [FOLLOWERS[0]!.kind]);
    await one.look();

    await queueRun();
    await other.look();
    // The run has ended, and what follows it waits for what the first is at.
    await other.settled();
    hold.resolve();
    await one.settled();
    await other.look();
    await other.settled();

    const [first, ...rest] = FOLLOWERS.map(({ kind }) => kind);
    assert.deepEqual(begun, [first, ...rest, first]);
  });

  it("are begun once when a file of evidence was applied, and see what it says", async () => {
    await site.seats({ dee: daysAgo(90), eve: daysAgo(90) }, { reading: false });
    await site.rule({ checkIn: { ...DEFAULT_RECLAMATION_SETTINGS.checkIn, asked: "nobody" } });
    await site.acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await startJobsAfterRun(
      site.context(),
      FOLLOWERS.map(({ kind }) => kind),
    );
    const dispatcher = processWith(JOB_KINDS);
    await dispatcher.look();
    await dispatcher.settled();
    const before = await found();

    site.clock.moveTo(new Date(OBSERVED_AT.getTime() + 60_000));
    await importLogIns(`account,when\neve,${daysAgo(3).toISOString()}\n`);
    for (let look = 0; look < 2; look += 1) {
      await dispatcher.look();
      await dispatcher.settled();
    }

    assert.deepEqual(before, ["ann", "bob"]);
    assert.deepEqual(await found(), ["ann", "bob", "dee"]);
    const once = FOLLOWERS.map(({ kind }) => `${kind} succeeded`);
    assert.deepEqual(await states(), [...once, ...once]);
  });

  /** Every log-in of a year, as a directory tells them. */
  async function importLogIns(csv: string): Promise<void> {
    const [since, until] = [daysAgo(365).toISOString(), OBSERVED_AT.toISOString()];
    const options = {
      siteId: site.acme.siteId,
      kind: "authenticated",
      since,
      until,
      complete: ["authenticated"],
    } as const;
    const records = Readable.from(
      csv
        .trimEnd()
        .split("\n")
        .map((line) => line.split(",")),
    );
    const file = { name: "log-ins.csv", records, sha256: () => "0".repeat(64) };
    const context = site.context();
    const preview = await previewEvidence(context, file, { ...options, complete: [...options.complete] }, new Map());
    assert.ok(preview.ok, JSON.stringify(preview));
    const applied = await applyEvidence(context, preview.value.id, { acceptErrors: false });
    assert.ok(applied.ok, JSON.stringify(applied));
  }

  async function found(): Promise<string[]> {
    const rows = await site.db.query<{ account: string }>(sql`
      select a.source_id as account
        from candidates c
        join accounts a on a.id = c.account_id
       where c.closed_at is null
       order by 1
    `);
    return rows.map(({ account }) => account);
  }

  async function states(): Promise<string[]> {
    const rows = await site.db.query<{ said: string }>(sql`
      select j.kind || ' ' || r.state as said from job_results r join jobs j on j.id = r.job_id order by r.finished_at, r.id
    `);
    return rows.map(({ said }) => said);
  }
});
