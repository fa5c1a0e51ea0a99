import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RunState } from "../src/model/runs.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import type { RunRow } from "../src/store/runs.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { syncedFacts, type SyncedFacts } from "./support/synced-facts.ts";
import { hastyClock, syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";

interface FaultCase {
  /** Number and sentence of the trap, as src/sim/traps.ts has them. */
  trap: string;
  rule: object;
  ends: RunState;
  /** An event of the run's log that tells of it; null where the client gets over it without a word. */
  tells: string | null;
}

const GROUPS = "/rest/api/group$";
const MEMBERS = "/member$";
const SPACES = "/rest/api/space$";
const JSON_RPC = "/rpc/json-rpc/";
const ALWAYS = 10_000;
const BLOCKED = { "retry-after": "9223372036854775807" };

const BOTH: readonly FaultCase[] = [
  {
    trap: "T9: pages shorter than what was asked for",
    rule: { kind: "page-cap", amount: 20 },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T12: a token that is refused",
    rule: { kind: "bad-token", path: GROUPS, times: ALWAYS },
    ends: "failed",
    tells: "run.failed",
  },
  {
    trap: "T14: asked to slow down with 403",
    rule: { kind: "rate-limited", status: 403, path: MEMBERS, headers: { "retry-after": "30" }, times: 3 },
    ends: "succeeded",
    tells: "rate-limited",
  },
  {
    trap: "T17: HTML instead of the spaces",
    rule: { kind: "html", path: SPACES, times: ALWAYS },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T19: anonymous access in the other shape",
    rule: { kind: "anonymous-as-null" },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T31: an account that is blocked",
    rule: { kind: "rate-limited", path: MEMBERS, headers: BLOCKED, times: ALWAYS },
    ends: "failed",
    tells: "run.failed",
  },
  {
    trap: "T42: members cut off in the middle of the JSON",
    rule: { kind: "truncate-json", path: MEMBERS, times: 2 },
    ends: "succeeded",
    tells: "request.retried",
  },
  {
    trap: "T42: the groups within each group cut off every time",
    rule: { kind: "truncate-json", path: "/groupmember$", times: ALWAYS },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T43: a connection that drops before the answer",
    rule: { kind: "drop-before", path: MEMBERS, times: 2 },
    ends: "succeeded",
    tells: "request.retried",
  },
  {
    trap: "T51: an empty list of groups that says it is whole",
    rule: { kind: "empty-page", path: GROUPS, times: ALWAYS },
    // Each is looked for by its name; one with a slash in it can be looked for in the list alone.
    ends: "partial",
    tells: "second-look.failed",
  },
  {
    trap: "T51: an empty list of users that says it is whole",
    rule: { kind: "empty-page", path: "/rest/api/user/list$", times: ALWAYS },
    // Members of groups with a slash in their name are found among everybody's groups.
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T51: an empty list of the groups within each group",
    rule: { kind: "empty-page", path: "/groupmember$", times: 1 },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T57: the log-in page instead of groups",
    rule: { kind: "login-redirect", path: GROUPS, times: ALWAYS },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T61: an administrator who sees fewer spaces than yesterday's",
    rule: { kind: "weaker-credential", path: "/rest/api/space" },
    ends: "succeeded",
    tells: "not-visible",
  },
];

const CASES: Record<"wiki" | "legacy", readonly FaultCase[]> = {
  wiki: [
    ...BOTH,
    {
      trap: "T16: rights on spaces refused with 500",
      rule: { kind: "status", status: 500, path: "/rest/api/space/[^/]+/permissions$", times: ALWAYS },
      ends: "partial",
      tells: "listing.not-allowed",
    },
    {
      trap: "T53: a secure administrator session before the global permissions",
      rule: { kind: "websudo", path: "/rest/api/permissions$", times: ALWAYS },
      ends: "partial",
      tells: "listing.not-allowed",
    },
  ],
  legacy: [
    ...BOTH,
    {
      trap: "T18: JSON-RPC in an envelope",
      rule: { kind: "rpc-envelope" },
      ends: "succeeded",
      tells: null,
    },
    {
      trap: "T42: rights cut off in the middle of the JSON",
      rule: { kind: "truncate-json", path: JSON_RPC, times: 2 },
      ends: "succeeded",
      tells: "request.retried",
    },
    {
      trap: "T53: a secure administrator session before JSON-RPC",
      rule: { kind: "websudo", path: JSON_RPC, times: ALWAYS },
      ends: "partial",
      tells: "listing.not-allowed",
    },
  ],
};

for (const name of ["wiki", "legacy"] as const) {
  describe(`a sync of ${name}, a Data Center, under faults removes nothing that is there:`, () => {
    let simulator: Simulator;
    let installation: SyncInstallation;
    let simulated: SyncedSite;
    let site: { siteId: string; connectionId: string };
    let facts: SyncedFacts;
    before(async () => {
      simulator = await startSimulator({ scale: "small", limits: "off" });
      installation = await syncInstallation(new Date());
      simulated = await syncedSite(simulator.url, { site: name, clock: hastyClock() });
      site = await installation.addSite({ source: "confluence-data-center" });
      await syncSimulated(installation, simulated, site);
      facts = await syncedFacts(installation.db, site.siteId);
    });
    after(async () => {
      await installation.close();
      await simulator.close();
    });

    async function eventsOf(run: RunRow): Promise<string[]> {
      const rows = await installation.db.query<{ event: string }>(sql`
        select event from run_events where run_id = ${run.id} order by seq
      `);
      return rows.map((each) => each.event);
    }

    for (const { trap, rule, ends, tells } of CASES[name]) {
      it(trap, async () => {
        await simulated.faults([{ ...rule, site: name }]);

        const run = await syncSimulated(installation, simulated, site);

        assert.equal(run.state, ends, `${run.errorMessage}: ${(await eventsOf(run)).join(", ")}`);
        assert.deepEqual(await syncedFacts(installation.db, site.siteId), facts);
        if (tells) assert.ok((await eventsOf(run)).includes(tells), (await eventsOf(run)).join(", "));
      });
    }

    it("and the next sync without them finds everything as it was", async () => {
      await simulated.faults([]);

      const run = await syncSimulated(installation, simulated, site);

      assert.equal(run.state, "succeeded");
      assert.equal(run.counts.gone + run.counts.errors, 0);
      assert.deepEqual(await syncedFacts(installation.db, site.siteId), facts);
    });
  });
}
