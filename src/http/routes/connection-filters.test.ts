import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** Long after the test server's time. */
const EXPIRES = new Date("2026-09-01T00:00:00Z");

describe("lists of what a connection reaches", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let beta: SiteFixture;
  let headers: { authorization: string };
  before(async () => {
    server = await startTestServer();
    acme = await siteFixture(server.db, { name: "acme" });
    beta = await siteFixture(server.db, { name: "beta" });
    headers = server.authorization(await server.makeToken(["*"]));
  });
  after(() => server.close());

  async function get(path: string) {
    const { statusCode, payload } = await server.app.inject({ url: `/api/v1${path}`, headers });
    assert.equal(statusCode, 200, payload);
    return JSON.parse(payload).items as { id: string; name: string; identifier: string }[];
  }

  async function post(path: string, payload: object) {
    const answer = await server.app.inject({ method: "POST", url: `/api/v1${path}`, headers, payload });
    assert.equal(answer.statusCode, 201, answer.payload);
  }

  it("hold only edition names that one of its sites tells", async () => {
    const at = server.clock.now();
    await server.db.query(sql`update sites set edition_identifier = 'mystery-1' where id = ${acme.siteId}`);
    await server.db.query(sql`
      insert into edition_identifiers (source, identifier, first_seen_at) values ('confluence-cloud', 'mystery-1', ${at})
    `);

    const ofAcme = await get(`/edition-identifiers?state=unrecognized&connectionId=${acme.connectionId}`);
    const ofSite = await get(`/edition-identifiers?state=unrecognized&siteId=${acme.siteId}`);
    const ofBeta = await get(`/edition-identifiers?state=unrecognized&connectionId=${beta.connectionId}`);

    assert.deepEqual(
      [ofAcme, ofSite, ofBeta].map((items) => items.map(({ identifier }) => identifier)),
      [["mystery-1"], ["mystery-1"], []],
    );
  });

  it("hold exclusions and reclamation rules of its sites and of every site, not those of others", async () => {
    const rule = { reason: "They audit us.", effects: ["no-reclaim"] };
    const robots = { is: "display-name", contains: "bot" };
    const ann = { is: "email", domains: ["acme.example"] };
    await server.db.query(sql`
      insert into exclusion_rules (name, condition, site_ids, effects, reason, expires_at, created_at, updated_at)
      values ('Of acme', ${JSON.stringify(robots)}, ${[acme.siteId]}, ${rule.effects}, ${rule.reason}, ${EXPIRES}, now(), now()),
             ('Of all', ${JSON.stringify({ any: [ann] })}, null, ${rule.effects}, ${rule.reason}, ${EXPIRES}, now(), now())
    `);
    await post("/reclamation-rules", {
      name: "Idle in acme",
      siteIds: [acme.siteId],
      condition: { is: "idle", days: 60 },
    });
    const names = async (path: string) => (await get(path)).map(({ name }) => name).toSorted();

    assert.deepEqual(await names(`/exclusion-rules?builtIn=false&connectionId=${acme.connectionId}`), [
      "Of acme",
      "Of all",
    ]);
    assert.deepEqual(await names(`/exclusion-rules?builtIn=false&connectionId=${beta.connectionId}`), ["Of all"]);
    assert.deepEqual(await names("/exclusion-rules?builtIn=false&about=email"), ["Of all"]);
    assert.deepEqual(await names(`/reclamation-rules?connectionId=${acme.connectionId}`), ["Idle in acme"]);
    assert.deepEqual(await names(`/reclamation-rules?connectionId=${beta.connectionId}`), []);
  });

  it("hold no seat or account of a site that it does not reach", async () => {
    await server.db.query(sql`delete from connection_sites where connection_id = ${beta.connectionId}`);

    assert.deepEqual(await get(`/seats?connectionId=${beta.connectionId}&state=all`), []);
    assert.deepEqual(await get(`/accounts?connectionId=${beta.connectionId}`), []);
  });
});
