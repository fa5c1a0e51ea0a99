import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { REFRESH_SITE } from "../../store/connection-jobs.ts";
import { insertCredential } from "../../store/credentials.ts";
import { ensurePerson } from "../../store/operators.ts";
import { requestRun } from "../../store/runs.ts";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("lists of connections", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let beta: SiteFixture;
  let headers: { authorization: string };
  before(async () => {
    server = await startTestServer();
    const { db, clock } = server;
    acme = await siteFixture(db, { name: "acme" });
    beta = await siteFixture(db, { name: "beta" });
    headers = server.authorization(await server.makeToken(["*"]));
    const at = clock.now();
    await db.query(sql`update connection_sites set added_at = ${at}`);
    await db.query(sql`update sites set health = 'degraded', mode = 'act' where id = ${beta.siteId}`);
    await db.query(sql`update sites set health = 'connected', last_synced_at = ${at} where id = ${acme.siteId}`);
    await db.query(sql`
      insert into connection_owners (connection_id, email, added_at) values (${acme.connectionId}, 'petra@acme.example', ${at})
    `);
    await db.query(sql`
      insert into jobs (name, kind, connection_id, site_id, cron, created_at)
      values ('Refresh acme', ${REFRESH_SITE}, ${acme.connectionId}, ${acme.siteId}, '17 3 * * *', ${at})
    `);
    await acme.run(at, "full", [
      { kind: "accounts", state: "complete" },
      { kind: "audit-activity", state: "not-allowed" },
    ]);
  });
  after(() => server.close());

  async function get(path: string, as = headers) {
    const response = await server.app.inject({ url: `/api/v1${path}`, headers: as });
    return { status: response.statusCode, body: JSON.parse(response.payload) };
  }
  const idsOf = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id);

  it("tell of each its health, when it is read next, what was covered and when a credential ends", async () => {
    const expiresAt = new Date("2026-08-01T00:00:00Z");
    await server.db.transaction((tx) =>
      insertCredential(tx, {
        connectionId: acme.connectionId,
        kind: "api-token",
        label: "token",
        accountEmail: "usher@acme.example",
        username: null,
        clientId: null,
        askedScopes: null,
        organizationId: null,
        directoryId: null,
        expiresAt,
        at: server.clock.now(),
      }),
    );
    const { items } = (await get("/connections?sort=name")).body;

    assert.deepEqual(
      items.map((each: { health: string }) => each.health),
      ["connected", "degraded"],
    );
    const [first, second] = items;
    assert.deepEqual([first.nextRunAt, second.nextRunAt], ["2026-05-04T03:17:00.000Z", null]);
    assert.deepEqual(first.coverage, { listings: 2, complete: 1, notAllowed: 1, failed: 0 });
    assert.deepEqual([first.credentialExpiresAt, second.coverage], [expiresAt.toISOString(), null]);
    assert.deepEqual([first.lastSyncedAt, first.people, first.wantedSites], ["2026-05-03T12:00:00.000Z", 0, 0]);
  });

  it("let through by health, mode, site, owner and text", async () => {
    assert.deepEqual(idsOf(await get("/connections?health=degraded,needs-reauthorization")), [beta.connectionId]);
    assert.deepEqual(idsOf(await get("/connections?mode=act")), [beta.connectionId]);
    assert.deepEqual(idsOf(await get(`/connections?siteId=${acme.siteId}`)), [acme.connectionId]);
    assert.deepEqual(idsOf(await get("/connections?owner=Petra@acme.example")), [acme.connectionId]);
    assert.deepEqual(idsOf(await get("/connections?q=BETA")), [beta.connectionId]);
  });

  it("know whose they are: a service account owns none", async () => {
    assert.deepEqual(idsOf(await get("/connections?mine=true")), []);
    assert.equal(idsOf(await get("/connections?mine=false")).length, 2);
  });

  it("know whose they are: a person's are those that name their e-mail", async () => {
    const { id } = await server.db.transaction((tx) =>
      ensurePerson(tx, { name: "Petra", email: "Petra@acme.example" }, server.clock.now()),
    );
    await server.db.query(sql`update api_tokens set operator_id = ${id} where revoked_at is null`);

    assert.deepEqual(idsOf(await get("/connections?mine=true")), [acme.connectionId]);
  });

  it("the timeline of one has its runs and what was changed of it, its site and its jobs, and nothing of others", async () => {
    const { siteId, connectionId } = acme;
    const asked = { trigger: "person", requestedBy: "operator_1", requestedAt: server.clock.now() } as const;
    const run = await server.db.transaction((tx) => requestRun(tx, { siteId, connectionId, scope: "full", ...asked }));
    assert.ok(run.ok);
    server.clock.moveBy(60_000);
    await server.db.transaction(async (tx) => {
      const by = { actorId: "operator_1", through: "api" } as const;
      tx.record({ ...by, entry: "connection.changed", subjectId: connectionId, detail: {}, personal: { name: "x" } });
      tx.record({ ...by, entry: "site.mode-set", subjectId: siteId, detail: { mode: "observe" } });
      tx.record({ ...by, entry: "connection.changed", subjectId: beta.connectionId, detail: {} });
    });

    const all = await get(`/connections/${connectionId}/timeline?total=true`);
    const changes = await get(`/connections/${connectionId}/timeline?kind=change&siteId=${siteId}`);
    const unknown = await get("/connections/connection_000000000000/timeline");

    assert.deepEqual(
      all.body.items
        .slice(0, 3)
        .map((each: { entry: string | null; runId: string | null }) => each.entry ?? each.runId),
      ["site.mode-set", "connection.changed", run.value],
    );
    assert.equal(all.body.items.length, all.body.total);
    assert.deepEqual(
      changes.body.items.map((each: { entry: string; siteName: string }) => [each.entry, each.siteName]),
      [["site.mode-set", "acme"]],
    );
    assert.deepEqual([unknown.status, unknown.body.code], [404, "no-such-connection"]);
  });
});
