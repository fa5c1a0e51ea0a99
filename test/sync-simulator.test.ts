import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { factFootprint, syncedFacts, syncedRights } from "./support/synced-facts.ts";
import { isDataCenter, titleOf, truthCases } from "./support/truth-cases.ts";
import { assertSameRows } from "./support/same-rows.ts";
import { removalsOfUnseenGroups, unseenNestings } from "./support/seen-groups.ts";

interface Truth {
  accounts: {
    id: string;
    class: string;
    state: string;
    displayName: string;
    email: string | null;
    department: string;
  }[];
  groups: { id: string; name: string }[];
  memberships: Record<string, string[]>;
  /** Of Data Center only. */
  nestings?: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string; name: string; type: string; status: string }[];
}

interface TruthRights {
  spaceId: string;
  permissions: { type: string; id: string; key: string; target: string }[];
  assignments: { type: string; id: string; roleId: string }[];
}

for (const each of truthCases()) {
  const { scale, site: name, withOrganizationKey, roleMode } = each;
  describe(`a sync of ${titleOf(each)}`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let site: { siteId: string; connectionId: string };
    let simulated: SyncedSite;
    before(async () => {
      simulator = await startSimulator({ scale, limits: "off", roleModes: roleMode && { [name]: roleMode } });
      installation = await syncInstallation(new Date());
      simulated = await syncedSite(simulator.url, { site: name, withOrganizationKey });
      await simulated.change(removalsOfUnseenGroups(name, await simulated.truth<Truth>()));
      const source = isDataCenter(name) ? "confluence-data-center" : "confluence-cloud";
      site = await installation.addSite({ source, settings: { analyzeActivitySince: daysAgo(90) } });
    });
    after(async () => {
      await installation.close();
      await simulator.close();
    });

    it("ends with the simulator's own truth", async () => {
      const run = await syncSimulated(installation, simulated, site);

      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const truth = await simulated.truth<Truth>();
      const facts = await syncedFacts(installation.db, site.siteId);
      const found = new Set(facts.accounts.map((account) => account.id));
      const told = new Set(toldAccounts(truth, name, withOrganizationKey));
      assertSameRows(
        facts.accounts.map(({ id, displayName }) => ({ id, displayName })),
        truth.accounts
          .filter((account) => told.has(account) || found.has(account.id))
          .map(({ id, displayName }) => ({ id, displayName }))
          .toSorted(byId),
      );
      assertSameRows(facts.groups, truth.groups.map(({ id, name }) => ({ id, name })).toSorted(byId));
      assertSameRows(sortedByKey(facts.memberships), sortedByKey(truth.memberships));
      assert.deepEqual(sortedByKey(facts.nestings), seenNestings(truth.nestings));
      // Before REST told global permissions, nothing did (FACTS §10).
      assert.deepEqual(facts.productAccessGroups, name === "legacy" ? [] : truth.productAccessGroups.toSorted());
      assertSameRows(
        facts.spaces,
        truth.spaces
          .map((each) => ({ id: each.id, key: each.key, name: each.name, type: each.type, status: each.status }))
          .toSorted(byId),
      );
      const [seats] = await installation.db.query<{ count: number }>(sql`
        select count(*) as count from seats where site_id = ${site.siteId} and ended_at is null
      `);
      assert.equal(seats?.count, truth.accounts.filter((each) => each.class === "licensed").length);
    });

    it("holds every right in the model, or the models, that the site uses", async () => {
      const truth = await (await fetch(`${simulator.url}/__sim/truth/rights?site=${name}`)).json();

      assertSameRows(await syncedRights(installation.db, site.siteId), rightsOf(truth as TruthRights[]));
    });

    it("writes no fact row when nothing changed", async () => {
      const before = await factFootprint(installation.db);

      const run = await syncSimulated(installation, simulated, site);

      assert.equal(run.state, "succeeded");
      assert.deepEqual(
        { ...run.counts, read: 0 },
        { read: 0, added: 0, changed: 0, gone: 0, notVisible: 0, errors: 0 },
      );
      assert.deepEqual(await factFootprint(installation.db), before);
    });
  });
}

/** What a user search lists at most, in the words of its document: "will return up to 10k users" (FACTS §0.3). */
const SEARCH_MAX = 10_000;

/**
 * The accounts of the site that some door tells of. Above what a user search lists, these are the members of its groups
 * and, with a key, whom the organization's directory gives the product. Who is in that directory without either may as
 * well belong to another site, and is not taken for one of this one.
 */
function toldAccounts({ accounts, memberships }: Truth, site: string, withOrganizationKey: boolean): Truth["accounts"] {
  if (isDataCenter(site) || accounts.length <= SEARCH_MAX) return accounts;
  const members = new Set(Object.values(memberships).flat());
  const holdsProduct = (each: Truth["accounts"][number]) =>
    withOrganizationKey && (each.class === "licensed" || each.class === "guest");
  return accounts.filter((each) => members.has(each.id) || holdsProduct(each));
}

/** In the one spelling that is stored. */
function rightsOf(spaces: readonly TruthRights[]): string[] {
  const principal = ({ type, id }: { type: string; id: string }) => {
    const known = type.toLowerCase().replace("_", "-");
    return `${known} ${known === "access-class" ? id.toLowerCase().replaceAll("_", "-") : id}`;
  };
  return spaces
    .flatMap(({ spaceId, permissions, assignments }) => [
      ...permissions.map((each) => `${spaceId} ${principal(each)} ${each.key}/${each.target}`),
      ...assignments.map((each) => `${spaceId} ${principal(each)} role ${each.roleId}`),
    ])
    .toSorted();
}

function seenNestings(nestings: Record<string, string[]> = {}): [string, string[]][] {
  const unseen = unseenNestings({ nestings });
  const isSeen = (outer: string, inner: string) => !unseen.some((each) => each.outer === outer && each.inner === inner);
  const seen = Object.entries(nestings).map(([outer, inner]) => [outer, inner.filter((each) => isSeen(outer, each))]);
  return sortedByKey(Object.fromEntries(seen.filter(([, inner]) => inner?.length)));
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

function sortedByKey(lists: Record<string, string[]>): [string, string[]][] {
  return Object.entries(lists).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
