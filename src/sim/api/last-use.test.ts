import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ManualClock, manualClock } from "../../lib/clock.ts";
import { type Simulator, startSimulator } from "../server.ts";
import { acmeOf, type Asker, asker } from "../testing.ts";

let simulator: Simulator;
let ask: Asker;
let clock: ManualClock;

before(async () => {
  clock = manualClock(new Date("2026-11-21T12:00:00Z"));
  simulator = await startSimulator({ scale: "small", seed: 12, limits: "off", clock });
  ask = asker(simulator);
});

after(() => simulator.close());

const contentOf = (account: string, rest: string, path = "/rest/api/content/search") =>
  ask.site(
    `${path}?limit=1&expand=history.lastUpdated,version&cql=${encodeURIComponent(`contributor = "${account}" and ${rest}`)}`,
  );

describe("the latest use of one account", () => {
  it("is found by contributor and date, the newest first", async () => {
    const account = acmeOf(simulator).people[4]?.id ?? "";
    const { json } = await ask.control("/change", [
      { kind: "edit-page", account, daysAgo: 3 },
      { kind: "edit-page", account },
    ]);
    const [older, newer] = Array.isArray(json["ids"]) ? json["ids"].map(String) : [];

    const newest = await contentOf(account, 'lastmodified >= "2026-11-18" order by lastmodified desc');
    const oldest = await contentOf(account, 'lastmodified >= "2026/11/18 12:00" order by lastmodified');
    const none = await contentOf(account, 'lastmodified >= "2026-11-22"');

    assert.deepEqual([newest.results[0]?.["id"], oldest.results[0]?.["id"]], [newer, older]);
    assert.ok(newest.next !== null);
    assert.deepEqual([none.status, none.results, none.next], [200, [], null]);
    assert.equal(Object(newest.results[0]?.["version"]).number, 1);
  });

  it("moves on with the clock where a query counts from now", async () => {
    const account = acmeOf(simulator).people[5]?.id ?? "";
    await ask.control("/change", [{ kind: "edit-page", account }]);

    const now = await contentOf(account, 'lastmodified >= now("-2d")');
    clock.moveBy(3 * 86_400_000);
    const later = await contentOf(account, 'lastmodified >= now("-2d")');

    assert.deepEqual([now.results.length, later.results.length], [1, 0]);
  });

  it("is told by the organization for reading, as a day and as an instant", async () => {
    const account = acmeOf(simulator).people[6]?.id ?? "";
    await ask.control("/change", [{ kind: "view", account }]);

    const { json } = await ask.organization(
      `/v1/orgs/{orgId}/directory/users/${encodeURIComponent(account)}/last-active-dates`,
    );

    const shown: Record<string, unknown>[] = Object(json["data"]).product_access;
    const acme = shown.find((each) => each["id"] === acmeOf(simulator).cloudId);
    assert.equal(acme?.["last_active_timestamp"], clock.now().toISOString());
    assert.equal(acme?.["last_active"], clock.now().toISOString().slice(0, 10));
  });
});
