import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { factFootprint } from "./support/synced-facts.ts";
import { assertSameRows } from "./support/same-rows.ts";

/** Of the 200 accounts of the site; of the three in a hundred that are guests the search then shows two. */
const SEARCH_LIMIT = 60;

interface Truth {
  accounts: { id: string; class: string; displayName: string }[];
  memberships: Record<string, string[]>;
}

describe("a site with more accounts than its user search lists, with an organization key", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  let simulated: SyncedSite;
  let site: { siteId: string; connectionId: string };
  let asked: string[][];
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
    site = await installation.addSite({
      settings: { analyzeActivitySince: new Date(Date.now() - 90 * 24 * 3_600_000) },
    });
    const opened = await syncedSite(simulator.url, {
      withOrganizationKey: true,
      fetch: async (input, init) => {
        if (String(input).endsWith("/users-bulk"))
          asked.push((JSON.parse(String(init?.body)) as { accountIds: string[] }).accountIds);
        return fetch(input, init);
      },
    });
    await opened.faults([{ kind: "user-search-cap", path: "/wiki/rest/api/search/user$", amount: SEARCH_LIMIT }]);
    simulated = {
      ...opened,
      open(observe) {
        const source = opened.open(observe);
        return { ...source, abilities: { ...source.abilities, searchLimit: SEARCH_LIMIT } };
      },
    };
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  async function sync() {
    asked = [];
    const run = await syncSimulated(installation, simulated, site);
    assert.equal(run.state, "succeeded", run.errorMessage ?? "");
    return run;
  }

  async function summaries() {
    return installation.db.query<{ id: string; class: string; spaces: number }>(sql`
      select a.source_id as id, s.account_class as class, s.spaces_count as spaces
        from account_summaries s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       order by a.source_id collate "C"
    `);
  }

  it("puts whom only the directory tells of into their class, guests among them", async () => {
    await sync();

    const { accounts, memberships } = await simulated.truth<Truth>();
    const found = await summaries();
    const known = new Set(found.map(({ id }) => id));
    const expected = accounts.filter(({ id }) => known.has(id)).map(({ id, class: told }) => ({ id, class: told }));
    assertSameRows(
      found.map(({ id, class: told }) => ({ id, class: told })),
      expected.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    );
    const members = new Set(Object.values(memberships).flat());
    const guests = accounts.filter((each) => each.class === "guest" && !members.has(each.id));
    assert.ok(guests.length > 3 && guests.every(({ id }) => known.has(id)));
  });

  it("asks by id for guests that the search does not show, and for nobody with a seat", async () => {
    await sync();

    const { accounts } = await simulated.truth<Truth>();
    const classes = new Map(accounts.map((each) => [each.id, each.class]));
    const found = asked.flat().map((id) => classes.get(id));
    assert.ok(found.filter((each) => each === "guest").length > 3);
    assert.equal(found.includes("licensed"), false);
    assert.ok(found.length < 20, String(found.length));
    // Robots, whom no directory knows, are asked for apart.
    assert.equal(asked.length, 2);
  });

  it("writes no fact row when nothing changed", async () => {
    await sync();
    const before = await factFootprint(installation.db);

    const { counts } = await sync();

    assert.deepEqual([counts.added, counts.changed, counts.gone], [0, 0, 0]);
    assert.deepEqual(await factFootprint(installation.db), before);
  });
});
