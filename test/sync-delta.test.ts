import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import type { RunRow } from "../src/store/runs.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { smallGroups, twentyChanges, type DeltaTruth } from "./support/delta-changes.ts";
import { syncedFacts, type SyncedFacts } from "./support/synced-facts.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";

const REQUESTS_MAX = 50;

for (const { scale, name } of [
  { scale: "small", name: "acme" },
  { scale: "small", name: "acme-labs" },
  { scale: "medium", name: "acme" },
] as const) {
  describe(`a delta run of ${name} at ${scale}`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let site: { siteId: string; connectionId: string };
    let simulated: SyncedSite;
    before(async () => {
      simulator = await startSimulator({ scale, limits: "off" });
      installation = await syncInstallation(new Date());
      simulated = await syncedSite(simulator.url, { site: name });
      site = await installation.addSite();
      const run = await syncSimulated(installation, simulated, site);
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
    });
    after(async () => {
      await installation.close();
      await simulator.close();
    });

    const delta = () => syncSimulated(installation, simulated, site, { scope: "delta" });
    const change = (...changes: object[]) => simulated.change(changes.map((each) => ({ ...each, site: name })));
    const facts = () => syncedFacts(installation.db, site.siteId);

    /** What a full run finds: nothing that the delta run has not found. */
    async function assertNothingLeft(run: RunRow): Promise<void> {
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const found = await facts();
      assertTruth(found, await simulated.truth<DeltaTruth>());
      const full = await syncSimulated(installation, simulated, site);
      assert.equal(full.state, "succeeded");
      assert.deepEqual(followed(await facts()), followed(found));
    }

    it(`finds twenty changes with at most ${REQUESTS_MAX} requests`, async () => {
      const truth = await simulated.truth<DeltaTruth>();
      await simulated.change(await twentyChanges(installation.db, { ...site, name }, truth));

      const run = await delta();

      assert.ok(run.requests <= REQUESTS_MAX, `${run.requests} requests`);
      await assertNothingLeft(run);
    });

    it("finds a newcomer who was put into a small group, and his place in the large one", async () => {
      const [group] = smallGroups(await simulated.truth<DeltaTruth>());
      await change({ kind: "add-account", name: "Nils Newcomer" });
      const { accounts } = await simulated.truth<DeltaTruth>();
      const newcomer = accounts.find(({ displayName }) => displayName === "Nils Newcomer");
      await change({ kind: "add-member", group: group?.id, account: newcomer?.id });

      await assertNothingLeft(await delta());
    });

    it("finds who left the group of everybody, and who came back to it", async () => {
      const { memberships, groups } = await simulated.truth<DeltaTruth>();
      const largest = groups.toSorted((one, other) => other.members - one.members)[0];
      const account = memberships[largest?.id ?? ""]?.[7];
      await change({ kind: "remove-member", group: largest?.id, account });

      const left = await delta();
      await change({ kind: "add-member", group: largest?.id, account });

      assert.ok(left.requests <= REQUESTS_MAX && left.counts.gone === 1, `${left.counts.gone} gone`);
      await assertNothingLeft(await delta());
    });

    it("asks for nothing but the audit log when nothing was changed", async () => {
      const run = await delta();

      assert.equal(run.counts.changed + run.counts.gone, 0);
      assert.equal(run.state, "succeeded");
    });
  });
}

describe("a delta run of acme at small", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  let site: { siteId: string; connectionId: string };
  let simulated: SyncedSite;
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
    simulated = await syncedSite(simulator.url);
    site = await installation.addSite();
    await syncSimulated(installation, simulated, site);
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });
  const delta = () => syncSimulated(installation, simulated, site, { scope: "delta" });
  const account = async () => {
    const { accounts } = await simulated.truth<DeltaTruth>();
    return accounts.findLast((each) => each.class === "licensed")?.id ?? "";
  };
  const statusOf = async (id: string) => {
    const { accounts } = await syncedFacts(installation.db, site.siteId);
    return accounts.find((each) => each.id === id)?.status ?? null;
  };

  it("T37: finds who was deactivated, though the record names nobody", async () => {
    const id = await account();
    await simulated.change([{ kind: "deactivate", account: id }]);

    const run = await delta();

    assert.equal(run.state, "succeeded");
    assert.equal(await statusOf(id), "inactive");
    const seats = await installation.db.query(sql`
      select s.id from seats s join accounts a on a.id = s.account_id where a.source_id = ${id} and s.ended_at is null
    `);
    assert.deepEqual(seats, []);
  });

  it("finds an account that was deleted, with its memberships", async () => {
    const id = await account();
    await simulated.change([{ kind: "remove-account", account: id }]);

    await delta();

    assert.equal(await statusOf(id), null);
    const { memberships } = await syncedFacts(installation.db, site.siteId);
    assert.equal(Object.values(memberships).flat().includes(id), false);
  });

  it("T38: does nothing on the Free edition, and is no error", async () => {
    await simulated.change([{ kind: "set-edition", edition: "free" }]);

    const full = await syncSimulated(installation, simulated, site);
    const run = await delta();

    assert.deepEqual([full.state, run.state], ["succeeded", "succeeded"]);
    const [health] = await installation.db.query(sql`select health from sites where id = ${site.siteId}`);
    assert.deepEqual(health, { health: "connected" });
    const [said] = await installation.db.query(sql`
      select count(*) as times from run_events where run_id = ${run.id} and event = 'delta.no-audit-log'
    `);
    assert.deepEqual(said, { times: 1 });
  });
});

function assertTruth(facts: SyncedFacts, truth: DeltaTruth): void {
  const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
  const sorted = (lists: Record<string, string[]>) => Object.entries(lists).toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(facts.groups, truth.groups.map(({ id, name }) => ({ id, name })).toSorted(byId));
  assert.deepEqual(sorted(facts.memberships), sorted(truth.memberships));
  assert.deepEqual(
    facts.spaces.map(({ id, key, name }) => ({ id, key, name })),
    truth.spaces.map(({ id, key, name }) => ({ id, key, name })).toSorted(byId),
  );
  assert.deepEqual(
    facts.accounts.map(({ id }) => id),
    truth.accounts.map(({ id }) => id).toSorted(),
  );
}

/**
 * What a delta run answers for: content is not read by it, and the log does not name the spaces on which a group had
 * rights that is gone, so that rights of nobody stay until the next full run.
 */
function followed(facts: SyncedFacts): SyncedFacts {
  const groups = new Set(facts.groups.map(({ id }) => id));
  const isHeld = (right: string) => {
    const [, type, principal = ""] = right.split(" ");
    return type !== "group" || groups.has(principal);
  };
  return { ...facts, rights: facts.rights.filter(isHeld), events: [] };
}
