import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Clock } from "../src/lib/clock.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { listActionsOfRow } from "../src/store/plans/actions.ts";
import { findPlan } from "../src/store/plans/plans.ts";
import { listPlanRows, type PlanRow } from "../src/store/plans/rows.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { executeDue, reclaimableSite } from "./support/reclaimable-site.ts";
import { hastyClock, type SyncedSite, syncedSite } from "./support/synced-site.ts";

/** What goes wrong with every third write of a membership, in turns. */
const FAULTS = [
  { kind: "drop-after" },
  { kind: "status-after", status: 500 },
  { kind: "drop-before" },
  { kind: "status", status: 409 },
  { kind: "rate-limited", headers: { "retry-after": "1" } },
  { kind: "status", status: 403 },
];
const EVERY = 3;
const SEATS = 60;
const STRIKES = 40;

function faultsOf(method: string, path: string): object[] {
  return Array.from({ length: STRIKES }, (_, turn) => ({
    ...FAULTS[turn % FAULTS.length],
    method,
    path,
    nth: turn * EVERY + 1,
    times: 1,
  }));
}

/** `refused`: seats among them through groups that nobody changes by the API. */
const SITES = [
  { name: "acme", source: "confluence-cloud", path: "/group/userByGroupId$", refused: 0 },
  // Those of a read-only directory, and those of a name with a slash, which the container refuses.
  { name: "wiki", source: "confluence-data-center", path: "/group/", refused: 9 },
] as const;

interface Truth {
  groups: { id: string }[];
  memberships: Record<string, string[]>;
}

for (const { name, source, path, refused } of SITES) {
  describe(`applying a plan on ${source} while writes fail in every way`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let simulated: SyncedSite;
    let clock: Clock;
    beforeEach(async () => {
      clock = hastyClock();
      simulator = await startSimulator({ scale: "small", limits: "off", clock });
      installation = await syncInstallation(new Date());
      simulated = await syncedSite(simulator.url, { site: name, clock });
    });
    afterEach(async () => {
      await installation.close();
      await simulator.close();
    });

    /** Takes 60 seats while the site answers by these rules, and gives what became of them. */
    async function applied(faults: (rows: readonly PlanRow[]) => readonly object[]): Promise<Map<string, number>> {
      const { db } = installation;
      const site = await reclaimableSite(installation, simulated, { name, source });
      const plan = await site.applied(SEATS);
      await db.transaction((tx) => tx.execute(sql`update plans set limits = limits || '{"failurePercentMax": 100}'`));
      await simulated.faults(faults(await listPlanRows(db, plan.id)));

      for (let time = 0; time < 20; time += 1) {
        await executeDue(db, clock, simulated);
        if ((await findPlan(db, plan.id))?.state !== "applying") break;
        await clock.sleep(600_000);
      }

      assert.notEqual((await findPlan(db, plan.id))?.state, "applying");
      await simulated.faults([]);
      return holdToTruth(installation, plan.id, await simulated.truth<Truth>());
    }

    it("shows of every seat what is so at the site", { timeout: 240_000 }, async () => {
      const states = await applied(() => faultsOf("DELETE", path));

      assert.ok((states.get("done") ?? 0) > 30, JSON.stringify([...states]));
      assert.ok((states.get("failed") ?? 0) > 0, JSON.stringify([...states]));
    });

    it("waits for reads that lag behind, and sends nothing twice", { timeout: 240_000 }, async () => {
      const states = await applied(() => [{ kind: "late-effect", method: "DELETE", path }]);

      assert.equal(states.get("done"), SEATS - refused);
      assert.equal(states.get("failed") ?? 0, refused);
      const effects = simulator.sim.writes.list().map((each) => each.effect);
      assert.equal(effects.filter((each) => each === "changed").length, SEATS - refused);
      assert.ok(!effects.includes("nothing"), "a change was sent again");
    });

    it("takes seats whose group is gone in between for taken", { timeout: 240_000 }, async () => {
      let group = "";
      const states = await applied((rows) => {
        group = rows[0]?.memberships[0]?.groupSourceId ?? "";
        const changes = [{ kind: "remove-group", site: name, group }];
        return [{ kind: "change-before", method: "DELETE", path, nth: SEATS / 3, changes }];
      });

      assert.equal(states.get("done"), SEATS - refused);
      assert.equal(states.get("failed") ?? 0, refused);
      const { groups } = await simulated.truth<Truth>();
      assert.equal(
        groups.some((each) => each.id === group),
        false,
      );
      const writes = simulator.sim.writes.list();
      assert.ok(writes.some((each) => each.group === group && each.status === 404));
    });
  });
}

/** Fails where Usher says of a seat, or of a change, what is not so; gives the number of seats by their states. */
async function holdToTruth(
  { db }: SyncInstallation,
  planId: string,
  { memberships }: Truth,
): Promise<Map<string, number>> {
  const states = new Map<string, number>();
  for (const row of await listPlanRows(db, planId)) {
    states.set(row.state, (states.get(row.state) ?? 0) + 1);
    const isMember = (group: string) => memberships[group]?.includes(row.accountSourceId) ?? false;
    const kept = row.memberships.filter((each) => isMember(each.groupSourceId));
    if (row.state === "done") assert.deepEqual(kept, [], `${row.accountSourceId} is still a member`);
    for (const action of await listActionsOfRow(db, planId, row.position)) {
      const isThere = isMember(action.target.groupSourceId ?? "");
      if (action.state === "done") assert.equal(isThere, false, `${action.id} is done and not so`);
      if (action.state === "failed") assert.equal(isThere, true, `${action.id} failed and is so`);
      assert.notEqual(action.state, "running");
    }
  }
  return states;
}
