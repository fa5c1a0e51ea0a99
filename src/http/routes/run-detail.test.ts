import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { completeListings, failListing, planListings } from "../../store/listings.ts";
import { appendRunEvents } from "../../store/run-events.ts";
import { addRunCost, addRunCounts, beginRun, endRun, requestRun } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("what a run tells of itself", () => {
  let server: TestServer;
  let site: SiteFixture;
  let headers: { authorization: string };
  before(async () => {
    server = await startTestServer();
    site = await siteFixture(server.db, { name: "acme" });
    headers = server.authorization(await server.makeToken(["runs:read"]));
  });
  after(() => server.close());

  async function begin(): Promise<string> {
    server.clock.moveBy(3_600_000);
    const { siteId, connectionId } = site;
    const at = server.clock.now();
    return server.db.transaction(async (tx) => {
      const asked = { trigger: "person", requestedBy: "operator_1", requestedAt: at, scope: "full" } as const;
      const run = await requestRun(tx, { siteId, connectionId, ...asked });
      assert.ok(run.ok);
      await beginRun(tx, run.value, at, "worker-1");
      return run.value;
    });
  }

  const get = async (path: string) => (await server.app.inject({ url: `/api/v1${path}`, headers })).json();

  it("its steps with how far each is, how fast it was read and what came of it", async () => {
    const runId = await begin();
    const { db, clock } = server;
    const startedAt = clock.now();
    await db.transaction(async (tx) => {
      const kinds = ["accounts", "spaces", "audit-activity"] as const;
      await planListings(
        tx,
        runId,
        kinds.map((kind) => ({ key: kind, kind, scope: null })),
        startedAt,
      );
      await completeListings(tx, runId, [{ key: "accounts", pages: 2, rows: 300 }], { keepStaged: false }, startedAt);
      await addRunCounts(tx, runId, { read: 300, added: 12 }, "accounts");
      await addRunCounts(tx, runId, { changed: 9 }, "accounts");
      await addRunCounts(tx, runId, { gone: 3 }, "memberships");
      const error = { code: "source.forbidden", message: "The edition has none.", fix: null };
      await failListing(tx, runId, "audit-activity", "not-allowed", error, startedAt);
    });
    const tookMs = 6_000;
    const updatedAt = new Date(startedAt.getTime() + tookMs);
    await db.query(sql`update listings set updated_at = ${updatedAt} where run_id = ${runId} and key = 'accounts'`);

    const { progress, worker, state } = await get(`/runs/${runId}`);

    assert.deepEqual([worker, state], ["worker-1", "running"]);
    const steps = new Map<string, Record<string, unknown>>(progress.map((each: { kind: string }) => [each.kind, each]));
    const told = (kind: string, ...fields: string[]) => fields.map((field) => steps.get(kind)?.[field]);
    assert.deepEqual(told("accounts", "state", "rows", "tookMs", "rowsPerSecond"), ["complete", 300, tookMs, 50]);
    assert.deepEqual(told("accounts", "added", "changed", "gone"), [12, 9, 0]);
    assert.deepEqual(told("memberships", "listings", "gone"), [0, 3]);
    assert.deepEqual(told("spaces", "state", "tookMs"), ["waiting", null]);
    assert.deepEqual(told("audit-activity", "state"), ["not-allowed"]);
    await server.db.transaction((tx) =>
      endRun(tx, runId, { state: "partial", at: updatedAt, held: null, error: null }),
    );
  });

  it("its requests by answer, its warnings, until when it waits, and the run before it", async () => {
    const earlierId = await begin();
    const at = server.clock.now();
    await server.db.transaction(async (tx) => {
      await addRunCounts(tx, earlierId, { added: 5 });
      await endRun(tx, earlierId, { state: "succeeded", at, held: null, error: null });
    });
    const runId = await begin();
    const until = new Date(server.clock.now().getTime() + 32_000);
    await server.db.transaction(async (tx) => {
      const cost = { requests: 3, points: 0, waitedMs: 0 };
      await addRunCost(tx, runId, { ...cost, answers: { answered: 2, slowed: 1 } });
      await addRunCost(tx, runId, { ...cost, answers: { answered: 3 } });
      const line = { at: server.clock.now(), level: "warn", event: "rate-limited", message: "Waiting." } as const;
      await appendRunEvents(tx, runId, [{ ...line, data: { until: until.toISOString() } }]);
    });

    const waiting = await get(`/runs/${runId}`);
    server.clock.moveBy(60_000);
    const goesOn = await get(`/runs/${runId}`);

    assert.deepEqual([waiting.answers.answered, waiting.answers.slowed, waiting.answers.silent], [5, 1, 0]);
    assert.deepEqual([waiting.requests, waiting.warnings, waiting.errors], [6, 1, 0]);
    assert.deepEqual([waiting.waitsUntil, goesOn.waitsUntil], [until.toISOString(), null]);
    assert.deepEqual([waiting.earlier.id, waiting.earlier.counts.added], [earlierId, 5]);
  });
});
