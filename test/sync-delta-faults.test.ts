import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RunState } from "../src/model/runs.ts";
import { startSimulator, type Simulator } from "../src/sim/server.ts";
import type { RunRow } from "../src/store/runs.ts";
import { sql } from "../src/store/sql.ts";
import { syncInstallation, type SyncInstallation } from "../src/sync/testing/installation.ts";
import { smallGroups, type DeltaTruth } from "./support/delta-changes.ts";
import { syncedFacts } from "./support/synced-facts.ts";
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

const AUDIT = "/wiki/rest/api/audit$";
const SPACES = "/wiki/api/v2/spaces$";

const CASES: readonly FaultCase[] = [
  {
    trap: "T11: a missing scope for the audit log",
    rule: { kind: "scope-missing", path: AUDIT },
    ends: "succeeded",
    tells: "delta.no-audit-log",
  },
  {
    trap: "T13: a redirect to the log-in page instead of the audit log",
    rule: { kind: "login-redirect", path: AUDIT, times: 100 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T17: HTML instead of the spaces",
    rule: { kind: "html", path: SPACES, times: 100 },
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
    rule: { kind: "status", status: 429, headers: { "retry-after": "30" }, path: AUDIT, times: 2 },
    ends: "succeeded",
    tells: "rate-limited",
  },
  {
    trap: "T40: a next link to another host",
    rule: { kind: "foreign-next", path: SPACES, times: 100 },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T41: a list of spaces that never ends",
    rule: { kind: "endless-cursor", path: SPACES },
    ends: "partial",
    tells: "listing.failed",
  },
  {
    trap: "T42: an audit log cut off in the middle of the JSON",
    rule: { kind: "truncate-json", path: AUDIT, times: 2 },
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
    rule: { kind: "drop-before", path: AUDIT, times: 2 },
    ends: "succeeded",
    tells: "request.retried",
  },
  {
    trap: "T23: more rows told than the audit log gives",
    rule: { kind: "size-lies", path: AUDIT },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T48: an allow-list of addresses that refuses everything",
    rule: { kind: "ip-allowlist" },
    ends: "failed",
    tells: "run.failed",
  },
  {
    trap: "T51: an empty audit log that says it is whole",
    rule: { kind: "empty-page", path: AUDIT, times: 100 },
    ends: "succeeded",
    tells: null,
  },
  {
    trap: "T10: a token that is refused",
    rule: { kind: "bad-token", path: AUDIT, times: 10_000 },
    ends: "failed",
    tells: "run.failed",
  },
];

describe("a delta run under faults removes nothing that is there, and the next one finds what it missed:", () => {
  let simulator: Simulator;
  let installation: SyncInstallation;
  let simulated: SyncedSite;
  let site: { siteId: string; connectionId: string };
  before(async () => {
    simulator = await startSimulator({ scale: "small", limits: "off" });
    installation = await syncInstallation(new Date());
    simulated = await syncedSite(simulator.url, { clock: hastyClock() });
    site = await installation.addSite();
    await syncSimulated(installation, simulated, site);
  });
  after(async () => {
    await installation.close();
    await simulator.close();
  });

  const delta = () => syncSimulated(installation, simulated, site, { scope: "delta" });

  async function eventsOf(run: RunRow): Promise<string[]> {
    const rows = await installation.db.query<{ event: string }>(sql`
      select event from run_events where run_id = ${run.id} order by seq
    `);
    return rows.map((each) => each.event);
  }

  /** Somebody joins a group, a space is made, another one renamed, and a group may read a third. */
  async function changeSomething(number: number): Promise<void> {
    const truth = await simulated.truth<DeltaTruth>();
    const [group] = smallGroups(truth);
    const members = new Set(truth.memberships[group?.id ?? ""]);
    const account = truth.accounts.find(({ id, class: kind }) => kind === "licensed" && !members.has(id))?.id;
    await simulated.change([
      { kind: "add-member", group: group?.id, account },
      { kind: "add-space", name: `Ground ${number}` },
      { kind: "rename-space", space: truth.spaces[1]?.id, name: `Renamed ${number}` },
    ]);
  }

  async function assertTruth(): Promise<void> {
    const facts = await syncedFacts(installation.db, site.siteId);
    const truth = await simulated.truth<DeltaTruth>();
    for (const { id } of truth.groups) assert.deepEqual(facts.memberships[id], truth.memberships[id]);
    assert.deepEqual(
      facts.spaces.map(({ id, name }) => `${id} ${name}`),
      truth.spaces.map(({ id, name }) => `${id} ${name}`).toSorted(),
    );
  }

  for (const [number, { trap, rule, ends, tells }] of CASES.entries()) {
    it(trap, async () => {
      await changeSomething(number);
      await simulated.faults([rule]);

      const run = await delta();

      assert.equal(run.state, ends, run.errorMessage ?? "");
      assert.equal(run.counts.gone, 0);
      if (tells) assert.ok((await eventsOf(run)).includes(tells), (await eventsOf(run)).join(", "));
      await simulated.faults([]);
      assert.equal((await delta()).state, "succeeded");
      await assertTruth();
    });
  }

  it("and a full run without them finds nothing more", async () => {
    const before = await syncedFacts(installation.db, site.siteId);

    const run = await syncSimulated(installation, simulated, site);

    assert.equal(run.state, "succeeded");
    assert.equal(run.counts.gone + run.counts.errors, 0);
    const after = await syncedFacts(installation.db, site.siteId);
    assert.deepEqual({ ...after, events: [] }, { ...before, events: [] });
  });
});
