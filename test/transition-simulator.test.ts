import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator, type SimulatorOptions } from "../src/sim/server.ts";
import type { RoleMode } from "../src/sim/world/world.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { hastyClock, syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { syncedRights } from "./support/synced-facts.ts";

interface World {
  simulator: Simulator;
  installation: SyncInstallation;
  simulated: SyncedSite;
  site: { siteId: string; connectionId: string };
}

async function inWorld(options: SimulatorOptions, work: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ scale: "small", limits: "off", ...options });
  const installation = await syncInstallation(new Date());
  try {
    const simulated = await syncedSite(simulator.url, { clock: hastyClock() });
    await work({ simulator, installation, simulated, site: await installation.addSite() });
  } finally {
    await installation.close();
    await simulator.close();
  }
}

const setMode = (mode: RoleMode) => ({ kind: "set-role-mode", site: "acme", mode });

describe("a simulated site between two models of rights", () => {
  let installation: SyncInstallation;
  before(async () => {
    installation = await syncInstallation(new Date());
  });
  after(() => installation.close());

  /** A first full run of acme in a mode, and the further pages that the listings of its spaces take. */
  async function firstRun(roleMode: RoleMode) {
    const simulator = await startSimulator({ scale: "medium", limits: "off", roleModes: { acme: roleMode } });
    try {
      const site = await installation.addSite({ name: roleMode, capabilities: ["roster", "permissions"] });
      const run = await syncSimulated(installation, await syncedSite(simulator.url), site);
      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const pages = await installation.db.query<{ kind: string; further: number }>(sql`
        select kind, sum(pages) - count(*) as further from listings where run_id = ${run.id} group by kind
      `);
      const further = (kind: string) => pages.find((each) => each.kind === kind)?.further ?? 0;
      return { run, further, spaces: simulator.world.sites[0]?.spaces.length ?? 0 };
    } finally {
      await simulator.close();
    }
  }

  it("costs one request a space more than in the old model, and its further pages: the catalog of roles costs none", async () => {
    const old = await firstRun("PRE_ROLES");
    const between = await firstRun("ROLES_TRANSITION");

    const further = between.further("space-permissions") + between.further("role-assignments");
    assert.equal(between.run.requests - old.run.requests, between.spaces + further - old.further("space-permissions"));
    assert.ok(between.run.requests - old.run.requests <= between.spaces, `${further} further pages`);
  });

  it("is followed into transition, into roles and back, each time with the facts of the models in use", () =>
    inWorld({}, async ({ installation: usher, simulated }) => {
      // Rights that move from one model to the other at once are more than the safeguard lets pass.
      const site = await usher.addSite({ name: "unguarded", settings: { safeguardPercentMax: 100 } });
      const sync = async (mode: RoleMode) => {
        await simulated.change([setMode(mode)]);
        const run = await syncSimulated(usher, simulated, site);
        assert.equal(run.state, "succeeded", run.errorMessage ?? "");
        const kept = await syncedRights(usher.db, site.siteId);
        return { run, kept, byRole: kept.filter((each) => each.includes(" role ")).length };
      };

      const began = await sync("PRE_ROLES");
      const between = await sync("ROLES_TRANSITION");
      const roles = await sync("ROLES");
      const betweenAgain = await sync("ROLES_TRANSITION");
      const back = await sync("PRE_ROLES");

      assert.deepEqual([began.byRole, roles.byRole - roles.kept.length], [0, 0]);
      assert.ok(between.byRole > 0 && between.byRole < between.kept.length);
      assert.deepEqual(betweenAgain.kept, between.kept);
      assert.deepEqual(back.kept, began.kept);
      const [held] = await usher.db.query<{ then: number }>(sql`
        select count(*) as then
          from space_permissions
         where site_id = ${site.siteId} and valid_from <= ${roles.run.observedAt}
           and (valid_to is null or valid_to > ${roles.run.observedAt})
      `);
      assert.equal(held?.then, 0);
    }));

  it("is held when rights move from one model to the other by more than the safeguard lets pass", () =>
    inWorld({}, async ({ installation: usher, simulated, site }) => {
      await syncSimulated(usher, simulated, site);
      await simulated.change([setMode("ROLES_TRANSITION")]);

      const run = await syncSimulated(usher, simulated, site);

      assert.equal(run.state, "held");
      assert.deepEqual(Object.keys(run.held?.kinds ?? {}), ["space-permissions"]);
    }));

  it("T26: is read by permissions where the mode says ROLES and there are no roles", () =>
    inWorld({ roleModes: { acme: "ROLES" } }, async ({ installation: usher, simulated, site }) => {
      await simulated.faults([{ kind: "roles-404", path: "/space-roles$" }]);

      const run = await syncSimulated(usher, simulated, site);

      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const kinds = await usher.db.query<{ kind: string }>(sql`
        select distinct kind from listings where run_id = ${run.id} and kind in ('space-permissions', 'role-assignments')
      `);
      assert.deepEqual(kinds, [{ kind: "space-permissions" }]);
    }));

  it("is read in both models where its mode cannot be read and it has roles", () =>
    inWorld({ roleModes: { acme: "ROLES_TRANSITION" } }, async ({ installation: usher, simulated, site }) => {
      await simulated.faults([{ kind: "space-role-mode-404", path: "/space-role-mode$" }]);

      const run = await syncSimulated(usher, simulated, site);

      assert.equal(run.state, "succeeded", run.errorMessage ?? "");
      const [row] = await usher.db.query(sql`
        select count(*) filter (where kind = 'space-permissions') = count(*) filter (where kind = 'role-assignments') as both
          from listings where run_id = ${run.id} and state = 'complete'
      `);
      assert.deepEqual(row, { both: true });
    }));
});
