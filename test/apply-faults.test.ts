import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import { listActionsOfRow } from "../src/store/plans/actions.ts";
import { findPlan } from "../src/store/plans/plans.ts";
import { listPlanRows } from "../src/store/plans/rows.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { executeDue, reclaimableSite } from "./support/reclaimable-site.ts";
import { hastyClock, syncedSite } from "./support/synced-site.ts";

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

const SITES = [
  { name: "acme", source: "confluence-cloud", path: "/group/userByGroupId$" },
  { name: "wiki", source: "confluence-data-center", path: "/group/" },
] as const;

for (const { name, source, path } of SITES) {
  describe(`applying a plan on ${source} while writes fail in every way`, () => {
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

    it("shows of every seat what is so at the site", { timeout: 240_000 }, async () => {
      const clock = hastyClock();
      const simulated = await syncedSite(simulator.url, { site: name, clock });
      const site = await reclaimableSite(installation, simulated, { name, source });
      const plan = await site.applied(60);
      await installation.db.transaction((tx) =>
        tx.execute(sql`update plans set limits = limits || '{"failurePercentMax": 100}'`),
      );
      await simulated.faults(faultsOf("DELETE", path));

      for (let time = 0; time < 20; time += 1) {
        await executeDue(installation.db, clock, simulated);
        if ((await findPlan(installation.db, plan.id))?.state !== "applying") break;
        await clock.sleep(600_000);
      }

      await simulated.faults([]);
      const { memberships } = await simulated.truth<{ memberships: Record<string, string[]> }>();
      const rows = await listPlanRows(installation.db, plan.id);
      const states = new Map<string, number>();
      for (const row of rows) {
        states.set(row.state, (states.get(row.state) ?? 0) + 1);
        const isMember = (group: string) => memberships[group]?.includes(row.accountSourceId) ?? false;
        const kept = row.memberships.filter((each) => isMember(each.groupSourceId));
        if (row.state === "done") assert.deepEqual(kept, [], `${row.accountSourceId} is still a member`);
        for (const action of await listActionsOfRow(installation.db, plan.id, row.position)) {
          const isThere = isMember(action.target.groupSourceId ?? "");
          if (action.state === "done") assert.equal(isThere, false, `${action.id} is done and not so`);
          if (action.state === "failed") assert.equal(isThere, true, `${action.id} failed and is so`);
          assert.notEqual(action.state, "running");
        }
      }
      assert.notEqual((await findPlan(installation.db, plan.id))?.state, "applying");
      assert.ok((states.get("done") ?? 0) > 30, JSON.stringify([...states]));
      assert.ok((states.get("failed") ?? 0) > 0, JSON.stringify([...states]));
    });
  });
}
