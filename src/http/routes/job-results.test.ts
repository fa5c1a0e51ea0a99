import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { insertJobResult, insertJobResultEvent, endJobResult, ensureJob } from "../../store/jobs.ts";
import { appendRunEvents } from "../../store/run-events.ts";
import { beginRun, endRun, requestRun } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("results of jobs and runs over HTTP", () => {
  let server: TestServer;
  let site: SiteFixture;
  let headers: { authorization: string };
  let runId: string;
  let resultId: string;
  let jobId: string;
  before(async () => {
    server = await startTestServer();
    site = await siteFixture(server.db, { name: "acme" });
    headers = server.authorization(await server.makeToken(["runs:read"]));
    const at = server.clock.now();
    const later = new Date(at.getTime() + 90_000);
    await server.db.transaction(async (tx) => {
      const { siteId, connectionId } = site;
      const asked = { siteId, connectionId, trigger: "person", requestedBy: "operator_1", requestedAt: at } as const;
      const queued = await requestRun(tx, { ...asked, scope: "full" });
      assert.ok(queued.ok);
      runId = queued.value;
      await beginRun(tx, runId, at, "worker-1");
      const line = { at, level: "info", event: "run.started", message: "Started a full run.", data: {} } as const;
      await appendRunEvents(tx, runId, [line, { ...line, event: "progress", message: "0 of 1", data: { done: 0 } }]);
      await endRun(tx, runId, { state: "succeeded", at: later, held: null, error: null });
      await ensureJob(tx, { kind: "compute-position", name: "Compute license position", cron: "47 4 * * *" }, at);
    });
    const [job] = await server.db.query<{ id: string }>(sql`select id from jobs where kind = 'compute-position'`);
    jobId = job?.id ?? "";
    await server.db.transaction(async (tx) => {
      const began = { jobId, state: "running", trigger: "run", runId: null, at: later, message: null } as const;
      resultId = (await insertJobResult(tx, began)).id;
      await insertJobResultEvent(tx, { resultId, at: later, message: "Counting\nseats." });
      const end = { state: "partial", at: new Date(later.getTime() + 2_000), message: "Two sites are stale." } as const;
      await endJobResult(tx, resultId, end);
    });
  });
  after(() => server.close());

  async function get(path: string) {
    const response = await server.app.inject({ url: `/api/v1${path}`, headers });
    return { status: response.statusCode, text: response.payload, body: () => JSON.parse(response.payload) };
  }

  it("lists runs and other jobs together, newest first, with what each took and when it is next", async () => {
    const { items } = (await get("/job-results")).body();

    assert.deepEqual(
      items.map((each: Record<string, unknown>) => [each.id, each.kind, each.state, each.tookMs, each.worker]),
      [
        [resultId, "compute-position", "partial", 2_000, null],
        [runId, "refresh-site", "succeeded", 90_000, "worker-1"],
      ],
    );
    assert.deepEqual([items[0].nextAt, items[0].runId, items[1].siteName], ["2026-05-04T04:47:00.000Z", null, "acme"]);
  });

  it("pages them, and lets through what is asked for", async () => {
    const first = (await get("/job-results?limit=1&total=true")).body();
    const second = (await get(`/job-results?limit=1&cursor=${encodeURIComponent(first.next)}`)).body();
    const ofSite = (await get(`/job-results?siteId=${site.siteId}&connectionId=${site.connectionId}`)).body();
    const ofJob = (await get(`/job-results?jobId=${jobId}&state=partial,failed&kind=compute-position`)).body();
    const none = (await get("/job-results?trigger=schedule")).body();

    assert.deepEqual([first.total, first.items[0].id, second.items[0].id, second.next], [2, resultId, runId, null]);
    assert.deepEqual([ofSite.items.length, ofSite.items[0].id], [1, runId]);
    assert.deepEqual([ofJob.items.length, ofJob.items[0].id], [1, resultId]);
    assert.deepEqual(none.items, []);
  });

  it("gives the log of either as text and as JSON lines", async () => {
    const ofRun = await get(`/job-results/${runId}/log`);
    const ofJob = await get(`/job-results/${resultId}/log`);
    const lines = await get(`/job-results/${runId}/log?as=jsonl`);

    assert.equal(ofRun.text, "2026-05-03T12:00:00.000Z  info   run.started: Started a full run.\n");
    assert.deepEqual(ofJob.text.trim().split("\n"), [
      "2026-05-03T12:01:30.000Z  info   started: Compute license position was begun after a run.",
      "2026-05-03T12:01:30.000Z  info   Counting seats.",
      "2026-05-03T12:01:32.000Z  warn   partial: Two sites are stale.",
    ]);
    assert.deepEqual(
      lines.text
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each).event),
      ["run.started", "progress"],
    );
  });

  it("knows no other id", async () => {
    const unknown = await get("/job-results/result_000000000000");
    const malformed = await get("/job-results/plan_000000000000/log");

    assert.deepEqual([unknown.status, unknown.body().code], [404, "no-such-result"]);
    assert.equal(malformed.status, 400);
  });
});
