import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { OBSERVED_AT, type SiteFixture, siteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

/** What an answer holds is checked by its schema in the server; a test reads the fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>;

describe("the parts of the overview over HTTP", () => {
  let server: TestServer;
  let acme: SiteFixture;
  let token: string;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    token = await server.makeToken(["*"]);
    acme = await siteFixture(server.db);
    for (const name of ["Ann", "Bob", "Cas"]) await acme.account(name);
    await acme.group("users", { gives: "user", members: ["Ann", "Bob", "Cas"] });
    const { siteId, connectionId, settings } = acme;
    const runId = await acme.run(OBSERVED_AT, "full", [{ kind: "accounts", state: "complete" }]);
    await afterRun(server.db, { siteId, connectionId, runId, scope: "full", observedAt: OBSERVED_AT, settings });
  });
  after(() => server.close());

  async function get(path: string, as = token): Promise<Json> {
    const answer = await server.app.inject({ url: `/api/v1${path}`, headers: server.authorization(as) });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }

  it("tells the counts that were kept with the summaries, and counts where none were kept yet", async () => {
    const kept = await get("/overview");
    await server.db.query(sql`update site_summaries set counts = null`);
    const counted = await get("/overview");

    assert.deepEqual(counted, kept);
    assert.equal(kept["sites"][0].seatsTotal, 3);
    assert.deepEqual(
      kept["sites"][0].productAccessGroups.map((each: Json) => each["members"]),
      [3],
    );
  });

  it("shows list prices as such while no license is known, and then what was bought", async () => {
    const before = await get("/overview/money");
    const added = await server.app.inject({
      method: "POST",
      url: "/api/v1/licenses",
      headers: server.authorization(token),
      payload: {
        name: "Acme",
        siteIds: [acme.siteId],
        edition: "standard",
        metric: "annual-seats",
        quantity: 10,
        pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 6000 }] },
        currency: "EUR",
        termStart: "2026-03-01",
        termEnd: "2027-03-01",
      },
    });
    assert.equal(added.statusCode, 201, added.body);
    const bought = await get("/overview/money");

    assert.deepEqual(before["seats"], { used: 3, owned: null, free: null, short: null });
    assert.deepEqual(before["costs"], [{ currency: "USD", monthMinor: 1965, atListPriceMinor: 1965 }]);
    assert.deepEqual(bought["seats"], { used: 3, owned: 10, free: 7, short: 0 });
    assert.deepEqual(bought["costs"], [{ currency: "EUR", monthMinor: 5000, atListPriceMinor: 0 }]);
    assert.deepEqual(bought["savedThisYear"], []);
    assert.deepEqual(bought["sites"][0].site, "acme");
  });

  it("draws the seats from the first day that any was seen, with renewals", async () => {
    const trend = await get(`/overview/trend?siteId=${acme.siteId}`);

    assert.deepEqual(trend["points"].at(-1), { day: "2026-11-21", used: 3, owned: null });
    assert.deepEqual(trend["forecast"], []);
    assert.deepEqual(
      trend["renewals"].map((each: Json) => each["on"]),
      ["2027-03-01"],
    );
  });

  it("counts in a trend who came and who went, day by day, and what was owned by the last position", async () => {
    await server.app.inject({
      method: "POST",
      url: "/api/v1/position/compute",
      headers: server.authorization(token),
    });
    await server.db.transaction((tx) =>
      tx.execute(sql`
        insert into seats (site_id, account_id, since, since_origin, started_at, ended_at, end_reason)
        select site_id, account_id, '2026-11-10T08:00:00Z', 'first-seen', '2026-11-10T08:00:00Z', '2026-11-12T08:00:00Z', 'no-access'
          from seats
         limit 1
      `),
    );

    const { points } = await get("/overview/trend");

    assert.equal(points[0].day, "2026-11-10");
    assert.deepEqual(
      points.map((each: Json) => each["used"]),
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3],
    );
    assert.deepEqual([points[0].owned, points.at(-1).owned], [null, 10]);
  });

  it("tells each caller of what they may see only", async () => {
    await server.db.transaction(async (tx) => {
      await tx.execute(sql`
        insert into credentials (connection_id, kind, label, state, created_at, updated_at)
        values (${acme.connectionId}, 'oauth', 'app', 'needs-reauthorization', ${OBSERVED_AT}, ${OBSERVED_AT})
      `);
      await tx.execute(sql`
        insert into runs (site_id, connection_id, scope, trigger, state, requested_by, requested_at, finished_at)
        values (${acme.siteId}, ${acme.connectionId}, 'full', 'person', 'held', 'system', ${OBSERVED_AT}::timestamptz + interval '1 hour', ${OBSERVED_AT})
      `);
    });

    const all = await get("/overview/needs-you");
    const some = await get("/overview/needs-you", await server.makeToken(["runs:read"]));

    assert.deepEqual(
      all["items"].map((each: Json) => each["kind"]),
      ["setup-unfinished", "needs-authorization", "run-held"],
    );
    assert.equal(all["items"][1].href, `/connections/${acme.connectionId}`);
    assert.equal(all["items"][1].params.name, "acme");
    assert.deepEqual(
      some["items"].map((each: Json) => each["kind"]),
      ["run-held"],
    );
    assert.match(some["items"][0].href, /^\/runs\/run_/);
  });

  it("asks every question of what waits, also where nothing does", async () => {
    const { items } = await get("/overview/needs-you");

    assert.ok(items.every((each: Json) => each["count"] > 0));
  });

  it("tells how far the set-up is and how fresh each site is", async () => {
    const checklist = await get("/overview/setup-checklist");
    server.clock.moveTo(new Date(OBSERVED_AT.getTime() + 37 * 3_600_000));
    const token2 = await server.makeToken(["inventory:read"]);
    const { sites } = await get("/overview/sync", token2);

    assert.deepEqual(
      checklist["steps"].filter((each: Json) => !each["isDone"]).map((each: Json) => each["step"]),
      ["confirm-groups", "reclamation-rule", "mail"],
    );
    assert.deepEqual(
      sites.map((each: Json) => [each["site"], each["isStale"], each["run"]]),
      [["acme", true, null]],
    );
  });
});
