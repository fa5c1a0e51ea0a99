import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { spaceHolderList } from "../src/store/access.ts";
import { pageSql } from "../src/store/paging.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { syncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { isDataCenter, titleOf, truthCases } from "./support/truth-cases.ts";
import { assertSameRows } from "./support/same-rows.ts";
import { removalsOfUnseenGroups, unseenNestings } from "./support/seen-groups.ts";

const ANALYZED_DAYS = 90;
const SPACES_COMPARED = 20;
/** Above it a user search does not list everybody, and nobody tells of who is in no group (FACTS §0.3). */
const SEARCH_MAX = 10_000;

for (const each of truthCases()) {
  const { scale, site: name, withOrganizationKey, roleMode } = each;
  describe(`what is said of ${titleOf(each)}`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let site: { siteId: string; connectionId: string };
    const analyzeActivitySince = new Date(Date.now() - ANALYZED_DAYS * 86_400_000);
    before(async () => {
      simulator = await startSimulator({ scale, limits: "off", roleModes: roleMode && { [name]: roleMode } });
      installation = await syncInstallation(new Date());
      const source = isDataCenter(name) ? "confluence-data-center" : "confluence-cloud";
      site = await installation.addSite({ source, settings: { analyzeActivitySince } });
      const simulated = await syncedSite(simulator.url, { site: name, withOrganizationKey });
      const whole = await simulated.truth<Parameters<typeof removalsOfUnseenGroups>[1]>();
      await simulated.change([
        ...unseenNestings(whole).map(({ outer, inner }) => ({
          kind: "unnest-group",
          site: name,
          group: outer,
          subgroup: inner,
        })),
        ...removalsOfUnseenGroups(name, whole),
      ]);
      const run = await syncSimulated(installation, simulated, site);
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
    });
    after(async () => {
      await installation.close();
      await simulator.close();
    });

    async function truth<T>(path: string): Promise<T> {
      const answer = await fetch(`${simulator.url}/__sim${path}`);
      assert.equal(answer.status, 200, path);
      return (await answer.json()) as T;
    }

    it("puts every account into its class", async () => {
      const { accounts } = await truth<{ accounts: { id: string; class: string }[] }>(`/truth?site=${name}`);

      const found = await installation.db.query<{ id: string; class: string }>(sql`
        select a.source_id as id, s.account_class as class
          from account_summaries s
          join accounts a on a.site_id = s.site_id and a.id = s.account_id
      `);

      const known = new Set(found.map(({ id }) => id));
      const expected = accounts
        .filter(({ id }) => accounts.length <= SEARCH_MAX || known.has(id))
        .map((each) => ({ id: each.id, class: each.class }));
      assertSameRows(byId(found), byId(expected));
    });

    it("gives every seat its status", async () => {
      const wish = `site=${name}&analyzeSince=${analyzeActivitySince.toISOString()}&idleAfterDays=60`;
      const seats = await truth<{ accountId: string; status: string }[]>(
        `/truth/seats?${wish}&withOrganizationKey=${withOrganizationKey}&withAuditLog=true`,
      );

      const found = await installation.db.query<{ id: string; status: string }>(sql`
        select a.source_id as id, s.seat_status as status
          from account_summaries s
          join accounts a on a.site_id = s.site_id and a.id = s.account_id
         where s.seat_id is not null
      `);

      assertSameRows(byId(found), byId(seats.map(({ accountId: id, status }) => ({ id, status }))));
    });

    it("finds exactly the readers of each space, and counts as many spaces for each account", async () => {
      const spaces = await installation.db.query<{ spaceId: string; sourceId: string; siteId: string }>(sql`
        select id as "spaceId", source_id as "sourceId", site_id as "siteId" from spaces order by source_id
      `);
      const accounts = await installation.db.query<{ id: string }>(sql`select source_id as id from accounts`);
      const known = new Set(accounts.map(({ id }) => id));
      const reached = new Map<string, number>();
      const step = Math.ceil(spaces.length / SPACES_COMPARED);

      for (const [index, space] of spaces.entries()) {
        const { readers: all } = await truth<{ readers: string[] }>(
          `/truth/space-readers?site=${name}&space=${space.sourceId}`,
        );
        const readers = all.filter((id) => known.has(id));
        for (const reader of readers) reached.set(reader, (reached.get(reader) ?? 0) + 1);
        if (index % step !== 0) continue;
        const list = spaceHolderList(space, { canAdminister: false, classes: null });
        const request = { column: list.sorts.name, tie: list.tie, descends: false, after: null, limit: null };
        const rows = await installation.db.query<{ accountId: string }>(list.select(pageSql(request)));
        const ids = await installation.db.query<{ id: string }>(sql`
          select source_id as id from accounts where id = any (${rows.map((each) => each.accountId)}) order by source_id collate "C"
        `);
        assert.deepEqual(
          ids.map((each) => each.id),
          readers,
          space.sourceId,
        );
      }

      const counted = await installation.db.query<{ id: string; spaces: number }>(sql`
        select a.source_id as id, s.spaces_count as spaces
          from account_summaries s
          join accounts a on a.site_id = s.site_id and a.id = s.account_id
         where s.spaces_count > 0
      `);
      assert.deepEqual(byId(counted), byId([...reached].map(([id, count]) => ({ id, spaces: count }))));
    });
  });
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}
