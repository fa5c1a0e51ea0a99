import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startSimulator, type SimulatorOptions } from "../src/sim/server.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { hastyClock, syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { syncedFacts } from "./support/synced-facts.ts";

interface World {
  installation: SyncInstallation;
  simulated: SyncedSite;
  site: { siteId: string; connectionId: string };
}

interface Truth {
  accounts: { id: string; displayName: string }[];
  groups: { id: string; name: string; members: number }[];
  memberships: Record<string, string[]>;
  spaces: { id: string }[];
}

/** A company of its own for each test, as each changes it. */
async function inWorld(options: Partial<SimulatorOptions>, work: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ scale: "small", limits: "off", ...options });
  const installation = await syncInstallation(new Date());
  try {
    const simulated = await syncedSite(simulator.url, { clock: hastyClock() });
    await work({ installation, simulated, site: await installation.addSite() });
  } finally {
    await installation.close();
    await simulator.close();
  }
}

async function eventsOf({ installation }: World, runId: string): Promise<string[]> {
  const rows = await installation.db.query<{ event: string }>(sql`
    select event from run_events where run_id = ${runId} order by seq
  `);
  return rows.map((each) => each.event);
}

describe("a sync and the traps of paging and of silence", () => {
  it("T28: a member removed while the group is being read makes the listing begin again, and nobody is passed over", () =>
    inWorld({ scale: "medium" }, async (world) => {
      const { installation, simulated, site } = world;
      const before = await simulated.truth<Truth>();
      const everybody = before.groups.toSorted((one, other) => other.members - one.members)[0];
      // The source lists members in the order of the company's accounts, so this one stands on the first page.
      const members = new Set(before.memberships[everybody?.id ?? ""]);
      const removed = before.accounts.find(({ id }) => members.has(id))?.id;
      await simulated.faults([
        {
          kind: "change-after",
          path: `/${everybody?.id}/membersByGroupId$`,
          query: { start: "199" },
          times: 1,
          changes: [{ kind: "remove-member", site: "acme", group: everybody?.id, account: removed }],
        },
      ]);

      const run = await syncSimulated(installation, simulated, site);

      const truth = await simulated.truth<Truth>();
      const facts = await syncedFacts(installation.db, site.siteId);
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      assert.ok((await eventsOf(world, run.id)).includes("listing.restarted"));
      assert.equal(truth.memberships[everybody?.id ?? ""]?.includes(removed ?? ""), false);
      assert.deepEqual(facts.memberships[everybody?.id ?? ""], truth.memberships[everybody?.id ?? ""]);
    }));

  it("T2: rights whose cursor is no longer known are read again from their first page", () =>
    inWorld({ scale: "medium" }, async (world) => {
      const { installation, simulated, site } = world;
      await simulated.faults([{ kind: "bad-cursor", path: "/permissions$", query: { cursor: ".+" }, times: 1 }]);

      const run = await syncSimulated(installation, simulated, site);
      const again = await syncSimulated(installation, simulated, site);

      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      assert.ok((await eventsOf(world, run.id)).includes("listing.restarted"));
      assert.deepEqual([again.counts.added, again.counts.changed, again.counts.gone], [0, 0, 0]);
    }));

  it("T30: of exactly 10,000 users found, members that the search does not show are not taken for gone", () =>
    inWorld({ scale: "large", accounts: 10_000 }, async ({ installation, simulated, site }) => {
      await syncSimulated(installation, simulated, site, { scope: "license" });
      const before = await syncedFacts(installation.db, site.siteId);
      await simulated.faults([{ kind: "user-search-cap", path: "/wiki/rest/api/search/user$" }]);

      const run = await syncSimulated(installation, simulated, site, { scope: "license" });

      const facts = await syncedFacts(installation.db, site.siteId);
      assert.equal(run.counts.gone, 0);
      assert.equal(facts.accounts.length, before.accounts.length);
    }));

  it("T37, T38: without an audit log a space that is no longer listed is not visible, never gone", () =>
    inWorld({}, async (world) => {
      const { installation, simulated, site } = world;
      await syncSimulated(installation, simulated, site);
      const [space] = (await simulated.truth<Truth>()).spaces;
      await simulated.change([
        { kind: "set-edition", site: "acme", edition: "free" },
        { kind: "remove-space", site: "acme", space: space?.id },
      ]);

      const run = await syncSimulated(installation, simulated, site);

      const facts = await syncedFacts(installation.db, site.siteId);
      assert.ok(facts.spaces.some((each) => each.id === space?.id));
      assert.deepEqual([run.counts.gone, run.counts.notVisible], [0, 1]);
      assert.ok((await eventsOf(world, run.id)).includes("not-visible"));
    }));

  it("T37: with an audit log a space whose deletion it names is gone", () =>
    inWorld({}, async ({ installation, simulated, site }) => {
      await syncSimulated(installation, simulated, site);
      const [space] = (await simulated.truth<Truth>()).spaces;
      await simulated.change([{ kind: "remove-space", site: "acme", space: space?.id }]);

      const run = await syncSimulated(installation, simulated, site);

      const facts = await syncedFacts(installation.db, site.siteId);
      assert.equal(run.state, "succeeded");
      assert.equal(
        facts.spaces.some((each) => each.id === space?.id),
        false,
      );
      assert.equal(
        facts.rights.some((each) => each.startsWith(`${space?.id} `)),
        false,
      );
    }));

  it("T21, T27: names are kept as the source writes them, with `(Deactivated)`, `/`, `&` and `:`", () =>
    inWorld({}, async ({ installation, simulated, site }) => {
      await syncSimulated(installation, simulated, site);

      const facts = await syncedFacts(installation.db, site.siteId);
      assert.ok(facts.accounts.some((each) => each.displayName.endsWith("(Deactivated)")));
      for (const sign of ["/", "&", ":"])
        assert.ok(
          facts.groups.some((each) => each.name.includes(sign)),
          sign,
        );
    }));

  it("T36: robots, suspended accounts and leavers stay members and hold no seat", () =>
    inWorld({}, async ({ installation, simulated, site }) => {
      await syncSimulated(installation, simulated, site);

      const [counted] = await installation.db.query<{ members: number; seats: number }>(sql`
        select count(distinct m.account_id) as members,
               count(distinct s.account_id) as seats
          from product_access p
          join memberships m on m.site_id = p.site_id and m.group_id = p.group_id and m.valid_to is null
          join account_versions v on v.site_id = m.site_id and v.account_id = m.account_id and v.valid_to is null
          left join seats s on s.site_id = m.site_id and s.account_id = m.account_id and s.ended_at is null
         where p.valid_to is null
           and (v.account_type = 'app' or v.status in ('inactive', 'closed') or v.has_access = false)
      `);
      assert.ok((counted?.members ?? 0) > 0);
      assert.equal(counted?.seats, 0);
    }));
});
