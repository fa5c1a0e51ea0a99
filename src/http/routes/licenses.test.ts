import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

describe("licenses over HTTP", () => {
  let server: TestServer;
  let headers: { authorization: string };
  let siteId: string;
  let otherSiteId: string;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(new Date("2026-11-21T12:00:00Z"));
    ({ siteId } = await siteFixture(server.db, { name: "acme" }));
    ({ siteId: otherSiteId } = await siteFixture(server.db, { name: "beta", edition: "premium" }));
    headers = server.authorization(await server.makeToken(["licenses:write", "journal:read"]));
  });

  after(() => server.close());

  const call = async (method: "GET" | "POST" | "PATCH", path: string, body?: object, ifMatch?: string) => {
    const answer = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...headers, ...(ifMatch === undefined ? {} : { "if-match": ifMatch }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, etag: answer.headers["etag"], body: answer.json() };
  };

  const terms = (name: string, site = siteId) => ({
    name,
    siteIds: [site],
    edition: "standard",
    metric: "monthly-seats",
    pricing: {
      kind: "bands",
      steps: [
        { upTo: 100, priceMinor: 655 },
        { upTo: null, priceMinor: 510 },
      ],
    },
    currency: "USD",
    termStart: "2026-01-15",
  });

  it("suggest what is seen at sites that no license covers, then add, change, end and tell what was said before", async () => {
    const before = await call("GET", "/licenses/suggestions");
    assert.deepEqual(
      before.body.items.map((each: { site: string; metric: string }) => [each.site, each.metric]),
      [
        ["acme", "monthly-seats"],
        ["beta", "monthly-seats"],
      ],
    );

    const made = await call("POST", "/licenses", terms("Acme standard"));
    assert.equal(made.status, 201);
    assert.equal(made.etag, '"1"');
    assert.deepEqual(
      [made.body.state, made.body.nextBillingOn, made.body.bestDayToReclaim, made.body.sites],
      ["in-force", "2026-12-15", "2026-12-13", ["acme"]],
    );
    const { id } = made.body;

    const changed = await call("PATCH", `/licenses/${id}`, { quantity: 120, note: "by invoice" }, '"1"');
    assert.equal(changed.status, 200);
    assert.equal(changed.body.revision, 2);
    assert.equal((await call("PATCH", `/licenses/${id}`, { quantity: 130 }, '"1"')).status, 412);
    assert.equal((await call("PATCH", `/licenses/${id}`, { quantity: 120 }, '"2"')).body.revision, 2);

    const versions = await call("GET", `/licenses/${id}/versions`);
    assert.deepEqual(
      versions.body.items.map((each: { revision: number; terms: { quantity: number | null } }) => [
        each.revision,
        each.terms.quantity,
      ]),
      [
        [2, 120],
        [1, null],
      ],
    );

    const ended = await call("POST", `/licenses/${id}/end`, { on: "2026-11-21" }, '"2"');
    assert.deepEqual([ended.status, ended.body.state], [200, "ended"]);
    assert.equal((await call("PATCH", `/licenses/${id}`, { note: null }, "*")).body.code, "license-ended");
    assert.equal((await call("GET", "/licenses")).body.items.length, 0);
    assert.equal((await call("GET", "/licenses?state=ended")).body.items.length, 1);
    const entries = await call("GET", "/journal?limit=50");
    const named = entries.body.items.map((each: { entry: string }) => each.entry);
    assert.deepEqual(named.filter((each: string) => each.startsWith("license.")).toSorted(), [
      "license.added",
      "license.changed",
      "license.ended",
    ]);
  });

  it("say field by field what does not go together, and save nothing", async () => {
    const wrong = await call("POST", "/licenses", {
      ...terms("Wrong", otherSiteId),
      metric: "annual-seats",
      currency: "ABC",
      termEnd: "2026-01-01",
      pricing: {
        kind: "bands",
        steps: [
          { upTo: null, priceMinor: 1 },
          { upTo: 5, priceMinor: 1 },
        ],
      },
    });

    assert.equal(wrong.status, 422);
    assert.deepEqual(
      wrong.body.errors.map((each: { field: string }) => each.field),
      ["body.currency", "body.quantity", "body.pricing.steps.0.upTo", "body.termEnd"],
    );
    assert.equal((await call("GET", "/licenses?q=wrong")).body.items.length, 0);
  });

  it("let one license cover a site at a time", async () => {
    assert.equal((await call("POST", "/licenses", terms("Beta", otherSiteId))).status, 201);

    const second = await call("POST", "/licenses", { ...terms("Beta again", otherSiteId), termStart: "2026-12-01" });
    const sameName = await call("POST", "/licenses", terms("BETA"));

    assert.deepEqual([second.status, second.body.code], [409, "site-already-covered"]);
    assert.match(second.body.detail, /is covered by "Beta"/);
    assert.equal(sameName.body.code, "name-taken");
  });
});
