import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { acceptHeldRun } from "../src/commands/runs/accept-held-run.ts";
import { createSecretBox } from "../src/lib/secret-box.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { sql } from "../src/store/sql.ts";
import { executeRun } from "../src/sync/run.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { twentyChanges, type DeltaTruth } from "./support/delta-changes.ts";
import { executeUntilKilled, type Killing } from "./support/execute-until-killed.ts";
import { syncedSite, type SyncedSiteOptions } from "./support/synced-site.ts";
import { syncContext, syncSimulated } from "./support/sync.ts";
import { syncedFacts } from "./support/synced-facts.ts";

describe("a sync at small", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  const liveAndDie = (
    site: SyncedSiteOptions,
    ids: { siteId: string; connectionId: string },
    told: Killing["told"],
    begun: Killing["begun"] = {},
  ) => executeUntilKilled(installation, ids, { simulatorUrl: simulator.url, site, told, begun });

  it("killed after every saved cursor and every merge ends with the same facts", { timeout: 300_000 }, async () => {
    const site = { withOrganizationKey: true };
    const whole = await installation.addSite({ name: "whole" });
    await syncSimulated(installation, await syncedSite(simulator.url, site), whole);
    const killed = await installation.addSite({ name: "killed" });

    const { deaths, run } = await liveAndDie(site, killed, { checkpoints: 1, concurrencyMax: 1 });

    assert.equal(run.state, "succeeded");
    assert.equal(run.resumed, deaths.length);
    assert.ok(
      deaths.some((each) => each.startsWith("saved page")),
      deaths.join("; "),
    );
    assert.ok(
      deaths.some((each) => each.startsWith("merged memberships")),
      deaths.join("; "),
    );
    assert.equal(new Set(deaths).size, deaths.length, "a checkpoint that was passed is never passed again");
    assert.deepEqual(
      await syncedFacts(installation.db, killed.siteId),
      await syncedFacts(installation.db, whole.siteId),
    );
    const [left] = await installation.db.query<{ rows: number }>(sql`select count(*) as rows from staged_rows`);
    assert.equal(left?.rows, 0);
  });

  it("killed after every batch that it closes of an accepted difference ends with the same facts", async () => {
    const simulated = await syncedSite(simulator.url);
    const whole = await installation.addSite({ name: "accepted whole" });
    const killed = await installation.addSite({ name: "accepted and killed" });
    for (const each of [whole, killed]) await syncSimulated(installation, simulated, each);
    const { groups, productAccessGroups } = await simulated.truth<{
      groups: { id: string; members: number }[];
      productAccessGroups: string[];
    }>();
    // Not those that give the product: whoever reads the audit log below is in one of them.
    const small = groups
      .filter(({ id }) => !productAccessGroups.includes(id))
      .toSorted((one, other) => one.members - other.members)
      .slice(0, 14);
    await simulated.change(small.map(({ id }) => ({ kind: "remove-group", site: "acme", group: id })));
    const accept = async (site: typeof whole) => {
      installation.clock.moveBy(60_000);
      const held = await syncSimulated(installation, simulated, site);
      assert.equal(held.state, "held");
      const accepted = await acceptHeldRun(
        {
          db: installation.db,
          clock: installation.clock,
          secrets: createSecretBox([{ id: "k", key: Buffer.alloc(32) }]),
          actor: { operatorId: "test", through: "api" },
        },
        held.id,
        null,
      );
      return { held, next: accepted.ok ? accepted.value : "" };
    };
    const undisturbed = await accept(whole);
    await executeRun(syncContext(installation, simulated), undisturbed.next, new AbortController().signal);
    const { held, next } = await accept(killed);

    const { deaths, run } = await liveAndDie(
      {},
      killed,
      { checkpoints: 1, concurrencyMax: 8, only: "closed" },
      { runId: next },
    );

    const kinds = deaths.map((each) => each.replace(/^closed \d+ accepted /, ""));
    assert.ok(kinds.includes("memberships") && kinds.includes("groups"), deaths.join("; "));
    assert.equal(new Set(kinds).size, kinds.length, "a batch that was closed is never closed again");
    assert.deepEqual([run.state, run.counts.gone], ["succeeded", 0]);
    assert.equal((await installation.getRun(held.id)).state, "succeeded");
    assert.deepEqual(
      await syncedFacts(installation.db, killed.siteId),
      await syncedFacts(installation.db, whole.siteId),
    );
    const [left] = await installation.db.query<{ rows: number }>(sql`
      select count(*) as rows from unseen where site_id = ${killed.siteId} and verdict = 'gone'
    `);
    assert.equal(left?.rows, 0);
  });

  it("of changes, killed as often, ends with the facts of one that was not", { timeout: 300_000 }, async () => {
    const simulated = await syncedSite(simulator.url);
    const whole = await installation.addSite({ name: "followed" });
    const killed = await installation.addSite({ name: "followed and killed" });
    for (const each of [whole, killed]) await syncSimulated(installation, simulated, each);
    const truth = await simulated.truth<DeltaTruth>();
    await simulated.change(await twentyChanges(installation.db, { ...whole, name: "acme" }, truth));
    await syncSimulated(installation, simulated, whole, { scope: "delta" });

    const { deaths, run } = await liveAndDie({}, killed, { checkpoints: 1, concurrencyMax: 1 }, { scope: "delta" });

    assert.equal(run.state, "succeeded");
    assert.equal(run.resumed, deaths.length);
    for (const place of ["saved page 1 of audit-activity", "merged memberships", "closed 1 of groups"]) {
      assert.ok(
        deaths.some((each) => each.startsWith(place)),
        `${place}: ${deaths.join("; ")}`,
      );
    }
    assert.equal(new Set(deaths).size, deaths.length, "a checkpoint that was passed is never passed again");
    assert.deepEqual(
      await syncedFacts(installation.db, killed.siteId),
      await syncedFacts(installation.db, whole.siteId),
    );
    const memberships = (await syncedFacts(installation.db, killed.siteId)).memberships;
    const now = await simulated.truth<DeltaTruth>();
    for (const { id } of now.groups) assert.deepEqual(memberships[id], now.memberships[id]);
  });
});
