import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { verifyJournal } from "../src/store/journal.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { executeUntilKilled } from "./support/execute-until-killed.ts";
import { syncedFacts } from "./support/synced-facts.ts";
import { syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";

interface Truth {
  accounts: { id: string; class: string }[];
  groups: { id: string; members: number }[];
  memberships: Record<string, string[]>;
  nestings: Record<string, string[]>;
  spaces: { id: string; key: string }[];
}

/** What is taken away before: fewer lives show as much. */
const DISPENSABLE = { groupsFrom: 9, spacesFrom: 3 };

describe("a sync of Data Center at small", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
    for (const site of ["wiki", "legacy"]) {
      const simulated = await syncedSite(simulator.url, { site });
      const { groups, spaces } = await simulated.truth<Truth>();
      await simulated.change([
        ...groups.slice(DISPENSABLE.groupsFrom).map(({ id }) => ({ kind: "remove-group", site, group: id })),
        ...spaces.slice(DISPENSABLE.spacesFrom).map(({ id }) => ({ kind: "remove-space", site, space: id })),
      ]);
    }
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  const addSite = (name: string) =>
    // So few of everything that a change is a large part of it.
    installation.addSite({ name, source: "confluence-data-center", settings: { safeguardCountMin: 100 } });
  const facts = ({ siteId }: { siteId: string }) => syncedFacts(installation.db, siteId);

  async function assertTruth(simulated: SyncedSite, site: { siteId: string }): Promise<void> {
    const [{ memberships, nestings, accounts, spaces }, truth] = [await facts(site), await simulated.truth<Truth>()];
    for (const { id } of truth.groups) {
      assert.deepEqual(memberships[id], truth.memberships[id], id);
      assert.deepEqual(nestings[id] ?? [], truth.nestings[id] ?? [], id);
    }
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).toSorted();
    assert.deepEqual([ids(accounts), ids(spaces)], [ids(truth.accounts), ids(truth.spaces)]);
    const seats = await installation.db.query<{ id: string }>(sql`
      select a.source_id as id from seats s join accounts a on a.id = s.account_id
       where s.site_id = ${site.siteId} and s.ended_at is null
    `);
    assert.deepEqual(ids(seats), ids(truth.accounts.filter((each) => each.class === "licensed")));
  }

  async function assertNothingLeftBehind(): Promise<void> {
    const [left] = await installation.db.query<{ rows: number }>(sql`select count(*) as rows from staged_rows`);
    assert.equal(left?.rows, 0);
    assert.equal((await verifyJournal(installation.db)).intact, true);
  }

  for (const { name, checkpoints, places } of [
    { name: "wiki", checkpoints: 1, places: ["saved page", "merged memberships", "merged group-nestings"] },
    { name: "legacy", checkpoints: 5, places: [] },
  ]) {
    const where = checkpoints === 1 ? "every saved cursor and every merge" : `each ${checkpoints}th of them`;
    it(`of ${name}, killed after ${where}, ends with the truth and the same facts`, { timeout: 200_000 }, async () => {
      const simulated = await syncedSite(simulator.url, { site: name });
      const whole = await addSite(`${name} whole`);
      const killed = await addSite(`${name} killed`);
      await syncSimulated(installation, simulated, whole);

      const { deaths, run } = await executeUntilKilled(installation, killed, {
        simulatorUrl: simulator.url,
        site: { site: name },
        told: { checkpoints, concurrencyMax: 1 },
      });

      assert.deepEqual([run.state, run.resumed], ["succeeded", deaths.length]);
      assert.ok(deaths.length > 1, deaths.join("; "));
      for (const place of places)
        assert.ok(
          deaths.some((each) => each.startsWith(place)),
          deaths.join("; "),
        );
      assert.equal(new Set(deaths).size, deaths.length, "a checkpoint that was passed is never passed again");
      assert.deepEqual(await facts(killed), await facts(whole));
      await assertTruth(simulated, killed);
      await assertNothingLeftBehind();
    });
  }

  it("of changes, killed after every third, ends with the truth too", { timeout: 200_000 }, async () => {
    const simulated = await syncedSite(simulator.url, { site: "wiki" });
    const site = await addSite("followed and killed");
    await syncSimulated(installation, simulated, site);
    const { memberships, spaces } = await simulated.truth<Truth>();
    const [one, two, three] = ["ldap-staff", "contractors: EMEA", "wiki-keepers"] as const;
    const changes = [
      { kind: "nest-group", group: "licensed-partners", subgroup: one },
      { kind: "unnest-group", group: "Partners & Friends", subgroup: "partners/EMEA" },
      { kind: "remove-member", group: two, account: memberships[two]?.[0] },
      { kind: "remove-group", group: three },
      { kind: "grant", space: spaces[0]?.key, group: one },
      { kind: "remove-space", space: spaces[1]?.key },
    ];
    await simulated.change(changes.map((each) => ({ ...each, site: "wiki" })));

    const { deaths, run } = await executeUntilKilled(installation, site, {
      simulatorUrl: simulator.url,
      site: { site: "wiki" },
      told: { checkpoints: 3, concurrencyMax: 1 },
      begun: { scope: "delta" },
    });

    assert.deepEqual([run.state, run.resumed], ["succeeded", deaths.length]);
    assert.ok(deaths.length > 3, deaths.join("; "));
    assert.equal(new Set(deaths).size, deaths.length, "a checkpoint that was passed is never passed again");
    await assertTruth(simulated, site);
    await assertNothingLeftBehind();
  });
});
