import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { OBSERVED_AT, siteFixture, type SiteFixture } from "../../store/testing/facts.ts";
import { afterRun } from "../../sync/after-run.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

const DAY_MS = 86_400_000;

describe("the license position over HTTP", () => {
  let server: TestServer;
  let headers: { authorization: string };
  let site: SiteFixture;

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(OBSERVED_AT);
    headers = server.authorization(await server.makeToken(["licenses:write"]));
    site = await siteFixture(server.db, { name: "acme" });
    const names = ["ada", "ben", "cem", "dan", "eve"];
    for (const name of names) await site.account(name, { email: `${name}@acme.example`, department: "Finance" });
    await site.account("gus", { isGuest: true });
    await site.group("users", { gives: "user", members: names });
    const since = new Date(OBSERVED_AT.getTime() - 90 * DAY_MS);
    await site.window("viewed", { since, until: OBSERVED_AT });
    await site.evidence("ada", "viewed", new Date(OBSERVED_AT.getTime() - DAY_MS), { since, until: OBSERVED_AT });
    await site.evidence("ben", "viewed", new Date(OBSERVED_AT.getTime() - 80 * DAY_MS), { since, until: OBSERVED_AT });
    await summarize();
  });

  after(() => server.close());

  const summarize = (observedAt = server.clock.now()) =>
    afterRun(server.db, {
      siteId: site.siteId,
      connectionId: site.connectionId,
      runId: "run_000000000000",
      scope: "full",
      observedAt,
      settings: site.settings,
    });

  const call = async (method: "GET" | "POST", path: string, body?: object) => {
    const answer = await server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };

  it("is unknown, with money by list price, until somebody says what was bought", async () => {
    const { status, body } = await call("POST", "/position/compute");

    assert.equal(status, 201);
    assert.deepEqual(
      body.lines.map(({ level, status: each, owned, used, guests, idle }: Record<string, unknown>) => [
        level,
        each,
        owned,
        used,
        guests,
        idle,
      ]),
      [
        ["product", "unknown", null, 5, 1, 1],
        ["edition", "unknown", null, 5, 1, 1],
      ],
    );
    const [money] = body.lines[1].money;
    assert.deepEqual([money.basis, money.costMinor, money.avoidableMinor], ["list-price", 5 * 655, 4 * 655]);
    assert.deepEqual(
      body.lines[1].ways.map((each: { kind: string }) => each.kind),
      ["enter-license"],
    );
  });

  it("says what is short, what it costs, and what can be done instead", async () => {
    const made = await call("POST", "/licenses", {
      name: "Acme",
      siteIds: [site.siteId],
      edition: "standard",
      metric: "annual-seats",
      quantity: 3,
      pricing: {
        kind: "bands",
        steps: [
          { upTo: 4, priceMinor: 7000 },
          { upTo: null, priceMinor: 5000 },
        ],
      },
      currency: "EUR",
      termStart: "2026-03-01",
      termEnd: "2027-03-01",
      autoRenew: true,
    });
    assert.equal(made.status, 201);

    const { body } = await call("POST", "/position/compute");

    const line = body.lines.find((each: { level: string }) => each.level === "license");
    assert.deepEqual([line.status, line.owned, line.used, line.short, line.free], ["short", 3, 5, 2, 0]);
    assert.deepEqual(line.money, [
      {
        currency: "EUR",
        period: "year",
        basis: "license",
        costMinor: 21_000,
        trueUpMinor: 12_000,
        overMinor: 0,
        avoidableMinor: 5000 + 3 * 7000,
        avoidableFrom: "2027-03-01",
        nextSeatMinor: 5000,
        lowerTier: null,
        realizedMinor: 0,
      },
    ]);
    assert.deepEqual(
      line.ways.map((each: { kind: string; seats: number; costMinor: number }) => [
        each.kind,
        each.seats,
        each.costMinor,
      ]),
      [
        ["buy", 2, 12_000],
        ["reclaim", 2, 0],
      ],
    );
    assert.deepEqual(
      line.shares.map((each: { by: string; value: string; costMinor: number }) => [
        each.by,
        each.value,
        each.costMinor,
      ]),
      [
        ["cost-center", null, 21_000],
        ["department", "Finance", 21_000],
      ],
    );
  });

  it("opens the seats behind each of its numbers", async () => {
    const position = (await call("GET", "/position/latest")).body;
    const numbers: Record<string, number> = {
      used: 5,
      guests: 1,
      active: 1,
      idle: 1,
      "never-used": 3,
      "no-evidence": 0,
      excluded: 0,
      pending: 0,
      unmapped: 0,
    };

    for (const [part, seats] of Object.entries(numbers)) {
      const { body } = await call("GET", `/position/${position.id}/seats?part=${part}&total=true`);
      assert.deepEqual([part, body.items.length, body.total], [part, seats, seats]);
    }
    const idle = await call("GET", "/position/latest/seats?part=idle&department=Finance");
    assert.deepEqual(
      idle.body.items.map((each: { name: string }) => each.name),
      ["ben"],
    );
  });

  it("keeps what it said, and says which seats came and went since", async () => {
    const earlier = (await call("GET", "/position/latest")).body;
    server.clock.moveBy(DAY_MS);
    await site.leave("users", "cem", server.clock.now());
    await site.account("fay");
    await site.join("users", "fay");
    await summarize();
    const later = (await call("POST", "/position/compute")).body;

    const compared = await call("GET", `/position/${later.id}/comparison?since=${earlier.id}`);
    const changes = await call("GET", `/position/latest/changes?since=${earlier.id}`);
    const kept = await call("GET", `/position/${earlier.id}/seats?part=never-used`);

    assert.deepEqual([compared.body.came, compared.body.went, compared.body.changed], [1, 1, 0]);
    assert.deepEqual(
      changes.body.items.map(({ name, change, before, after: now }: Record<string, unknown>) => [
        name,
        change,
        before,
        now,
      ]),
      [
        ["cem", "went", "never-used", null],
        ["fay", "came", null, "never-used"],
      ],
    );
    assert.equal(kept.body.items.length, 3);
    assert.deepEqual((await call("GET", `/position/${earlier.id}`)).body, earlier);
  });

  it("opens of a license the seats of the sites that it was for then", async () => {
    const { body: position } = await call("GET", "/position/latest");
    const { licenseId, used } = position.lines.find((each: { level: string }) => each.level === "license");
    const other = await siteFixture(server.db, { name: "other" });
    const { items } = (await call("GET", "/licenses")).body;
    const moved = await server.app.inject({
      method: "PATCH",
      url: `/api/v1/licenses/${licenseId}`,
      headers: { ...headers, "if-match": `"${items[0].revision}"` },
      payload: { siteIds: [other.siteId] },
    });
    assert.equal(moved.statusCode, 200);

    const { body } = await call("GET", `/position/${position.id}/seats?part=used&licenseId=${licenseId}`);

    assert.equal(body.items.length, used);
    await server.app.inject({
      method: "PATCH",
      url: `/api/v1/licenses/${licenseId}`,
      headers: { ...headers, "if-match": "*" },
      payload: { siteIds: [site.siteId] },
    });
  });

  it("draws a trend of each line", async () => {
    const { body } = await call("GET", `/position/trend?siteId=${site.siteId}`);

    assert.deepEqual(
      body.items.map(({ used, owned }: { used: number; owned: number | null }) => [used, owned]),
      [
        [5, null],
        [5, 3],
        [5, 3],
      ],
    );
  });

  it("cannot be changed once it is kept", async () => {
    for (const statement of [
      sql`update position_lines set used = 0`,
      sql`delete from position_snapshots`,
      sql`delete from position_seats`,
      sql`update position_seats set status = 'active'`,
    ]) {
      await assert.rejects(server.db.query(statement), /append-only/);
    }
  });

  it("is not there before it was computed", async () => {
    assert.equal((await call("GET", "/position/position_000000000000")).body.code, "no-such-position");
  });
});
