import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RunState } from "../src/model/runs.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import type { RunRow } from "../src/store/runs.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { hastyClock, syncedSite, type SyncedSite } from "./support/synced-site.ts";
import { syncSimulated } from "./support/sync.ts";
import { syncedFacts, type SyncedFacts } from "./support/synced-facts.ts";

interface FaultCase {
  /** Number and sentence of the trap, as src/sim/traps.ts has them. */
  trap: string;
  rule: object;
  ends: RunState;
  /** An event of the run's log that tells of it; null where the client gets over it without a word. */
  tells: string | null;
}

const CASES: readonly FaultCase[] = [
  {
    trap: "T8: a next link with no rows",
    rule: { kind: "empty-page-with-next", path: "/wiki/rest/api/group$", query: { start: "0?" } },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T11: a missing scope for groups",
    rule: { kind: "scope-missing", path: "/wiki/rest/api/group$" },
    ends: "partial",
    tells: "listing.not-allowed",
  },
  {
    trap: "T13: a redirect to the log-in page instead of groups",
    rule: { kind: "login-redirect", path: "/wiki/rest/api/group$", times: 100 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T17: HTML instead of the spaces",
    rule: { kind: "html", path: "/wiki/api/v2/spaces$", times: 100 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T29: fewer spaces than yesterday",
    rule: { kind: "weaker-credential", path: "/wiki/api/v2/spaces" },
    ends: "succeeded",
    tells: "not-visible",
  },
  {
    trap: "T34: asked to slow down",
    rule: { kind: "status", status: 429, headers: { "retry-after": "30" }, path: "/membersByGroupId$", times: 3 },
    ends: "succeeded",
    tells: "rate-limited",
  },
  {
    trap: "T40: a next link to another host",
    rule: { kind: "foreign-next", path: "/wiki/api/v2/spaces$", times: 100 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T41: a list of spaces that never ends",
    rule: { kind: "endless-cursor", path: "/wiki/api/v2/spaces$" },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T42: members cut off in the middle of the JSON",
    rule: { kind: "truncate-json", path: "/membersByGroupId$", times: 2 },
    ends: "succeeded",
    tells: "request.retried",
  },
  {
    trap: "T42: members cut off every time",
    rule: { kind: "truncate-json", path: "/membersByGroupId$", times: 10_000 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T43: a connection that drops before the answer",
    rule: { kind: "drop-before", path: "/wiki/api/v2/spaces/", times: 2 },
    ends: "succeeded",
    tells: "request.retried",
  },
  {
    trap: "T48: an allow-list of addresses that refuses everything",
    rule: { kind: "ip-allowlist" },
    ends: "failed",
    tells: "run.failed",
  },
  {
    trap: "T51: an empty list of groups that says it is whole",
    rule: { kind: "empty-page", path: "/wiki/rest/api/group$", times: 100 },
    ends: "held",
    tells: "safeguard.held",
  },
  {
    trap: "T51: an empty list of users that says it is whole",
    rule: { kind: "empty-page", path: "/wiki/rest/api/search/user$", times: 100 },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T10: a token that is refused",
    rule: { kind: "bad-token", path: "/wiki/rest/api/group", times: 10_000 },
    ends: "failed",
    tells: "run.failed",
  },
];

describe("a sync under faults removes nothing that is there, and says what went wrong:", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  let simulated: SyncedSite;
  let site: { siteId: string; connectionId: string };
  let facts: SyncedFacts;
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
    simulated = await syncedSite(simulator.url, { clock: hastyClock() });
    site = await installation.addSite();
    await syncSimulated(installation, simulated, site);
    facts = await syncedFacts(installation.db, site.siteId);
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  async function eventsOf(run: RunRow): Promise<string[]> {
    const rows = await installation.db.query<{ event: string; message: string }>(sql`
      select event, message from run_events where run_id = ${run.id} order by seq
    `);
    return rows.map((each) => each.event);
  }

  for (const { trap, rule, ends, tells } of CASES) {
    it(trap, async () => {
      await simulated.faults([rule]);

      const run = await syncSimulated(installation, simulated, site);

      assert.equal(run.state, ends, run.errorMessage ?? "");
      assert.equal(openFacts(await syncedFacts(installation.db, site.siteId)), openFacts(facts));
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

/** As text, because that is compared at once. An account that the source says is closed may go: it is no longer there. */
function openFacts(facts: SyncedFacts): string {
  return JSON.stringify({ ...facts, accounts: facts.accounts.filter((each) => each.status !== "closed") });
}
