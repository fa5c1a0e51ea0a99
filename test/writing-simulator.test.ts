import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { manualClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import type { Change } from "../src/model/changes.ts";
import type { FaultRule } from "../src/sim/faults.ts";
import { type Simulator, startSimulator } from "../src/sim/server.ts";
import { createSources } from "../src/sources/index.ts";
import { type CredentialAccess, SourceFailure, type SiteSource } from "../src/sources/source.ts";
import { PAT } from "./support/simulated-instance.ts";
import { CLASSIC, fixed, KEY, NEVER, readAll } from "./support/simulated-site.ts";
import type { Truth } from "./support/simulator-process.ts";

/** What may stand in the way of a write; its path is the same for every kind of credential that is tried. */
const FAULTS: readonly [name: string, FaultRule | null][] = [
  ["nothing", null],
  ["a rate limit", { kind: "status", status: 429, headers: { "retry-after": "3" } }],
  ["a refusal", { kind: "status", status: 403, body: "{}", times: 9 }],
  ["a 500 before anything was done", { kind: "status", status: 500 }],
  ["a 500 after it was done", { kind: "status-after", status: 500 }],
  ["a 503 after it was done", { kind: "status-after", status: 503, headers: { "retry-after": "1" } }],
  ["a connection dropped before", { kind: "drop-before" }],
  ["a connection dropped after", { kind: "drop-after" }],
  ["a connection reset after", { kind: "reset-after" }],
  ["a page for people", { kind: "html" }],
  ["a missing scope", { kind: "scope-missing", times: 9 }],
];

interface Place {
  name: string;
  siteName: string;
  credential: CredentialAccess;
}

const PLACES: readonly Place[] = [
  { name: "Cloud with an API token", siteName: "acme", credential: CLASSIC },
  { name: "Cloud with an organization key", siteName: "acme", credential: KEY },
  { name: "Data Center", siteName: "wiki", credential: PAT },
];

for (const { name, siteName, credential } of PLACES) {
  describe(`what is told of a change of ${name} is what the simulator knows`, () => {
    let simulator: Simulator;
    let site: SiteSource;
    let group: string;
    const members: string[] = [];

    before(async () => {
      simulator = await startSimulator({ limits: "off" });
      site = open(simulator, siteName, credential);
      const all = open(simulator, siteName, siteName === "acme" ? CLASSIC : PAT);
      const { memberships } = await truth();
      const groups = await readAll((cursor) => all.readGroups(cursor, NEVER));
      const changeable = groups.find(
        ({ sourceId, managedBy }) => managedBy !== "external" && (memberships[sourceId]?.length ?? 0) >= FAULTS.length,
      );
      group = changeable?.sourceId ?? "";
      members.push(...(memberships[group] ?? []));
    });
    after(async () => {
      site.close();
      await simulator.close();
    });

    const truth = async () => {
      const answer = await fetch(`${simulator.url}/__sim/truth?site=${siteName}`);
      return (await answer.json()) as Truth;
    };
    const isMember = async (account: string) => (await truth()).memberships[group]?.includes(account) ?? false;

    for (const [index, [faultName, fault]] of FAULTS.entries()) {
      it(`with ${faultName} in the way`, async () => {
        const account = members[index] ?? "";
        const change: Change = { kind: "remove-member", groupSourceId: group, accountSourceId: account };
        simulator.sim.writes.reset();
        simulator.sim.faults.replace(fault ? [{ ...fault, method: "DELETE" }] : []);

        const told = await wordOf(site.writer?.make(change, NEVER));
        simulator.sim.faults.replace([]);

        const access = await site.writer?.readAccess(account, ["groups"], NEVER);
        const isRead = access?.groups?.some(({ sourceId }) => sourceId === group);
        assert.equal(isRead, await isMember(account));
        if (told === "done") assert.equal(isRead, false);
        else if (told !== "source.uncertain") assert.equal(isRead, true, told);
        assert.ok(told === "done" || told.startsWith("source."), told);
        const changed = simulator.sim.writes.list().filter(({ effect }) => effect === "changed");
        assert.ok(changed.length <= 1);
        if (fault?.kind.endsWith("-after") || fault?.kind === "drop-before") assert.equal(told, "source.uncertain");
      });
    }
  });
}

describe("a change that the simulator's site refuses", () => {
  for (const credential of [CLASSIC, KEY]) {
    it(`for want of a seat or because of an identity provider is told as such, with ${credential.kind}`, async () => {
      const simulator = await startSimulator({ limits: "off" });
      try {
        const acme = simulator.world.sites.find(({ name }) => name === "acme");
        const site = open(simulator, "acme", credential);
        const managed = acme?.groups.find(({ managedBy }) => managedBy === "EXTERNAL");
        const giving = acme?.groups.find(({ role, managedBy }) => role === "atlassian/user" && managedBy === "ADMINS");
        const { accounts } = (await (await fetch(`${simulator.url}/__sim/truth?site=acme`)).json()) as Truth;
        const without = acme?.people.find(
          ({ id, kind, state, isGuest }) =>
            kind === "atlassian" &&
            state === "active" &&
            !isGuest &&
            accounts.some((each) => each.id === id && each.holdsSeat === false),
        );
        const member = acme?.people[managed?.members[0] ?? 0];
        if (acme) acme.seatsMax = 1;

        const told = [
          await wordOf(
            site.writer?.make(
              { kind: "add-member", groupSourceId: giving?.id ?? "", accountSourceId: without?.id ?? "" },
              NEVER,
            ),
          ),
          await wordOf(
            site.writer?.make(
              { kind: "remove-member", groupSourceId: managed?.id ?? "", accountSourceId: member?.id ?? "" },
              NEVER,
            ),
          ),
        ];

        assert.ok(giving && managed && without && member);
        assert.deepEqual(told, ["source.no-license", "source.managed-elsewhere"]);
      } finally {
        await simulator.close();
      }
    });
  }
});

describe("suspension in the simulator's organization", () => {
  it("is read back, keeps the groups, and ends with the restoration", async () => {
    const simulator = await startSimulator({ limits: "off" });
    try {
      const site = open(simulator, "acme", KEY);
      const { accounts, memberships } = (await (await fetch(`${simulator.url}/__sim/truth?site=acme`)).json()) as Truth;
      const accountSourceId =
        accounts.find(({ id, holdsSeat }) => holdsSeat && Object.values(memberships).some((each) => each.includes(id)))
          ?.id ?? "";
      const parts = ["groups", "status"] as const;

      const before = await site.writer?.readAccess(accountSourceId, parts, NEVER);
      await site.writer?.make({ kind: "suspend-account", accountSourceId }, NEVER);
      const suspended = await site.writer?.readAccess(accountSourceId, parts, NEVER);
      await site.writer?.make({ kind: "reinstate-account", accountSourceId }, NEVER);
      const restored = await site.writer?.readAccess(accountSourceId, parts, NEVER);

      assert.equal(before?.isSuspended, false);
      assert.deepEqual(suspended, { ...before, isSuspended: true });
      assert.deepEqual(restored, before);
      const license = await site.writer?.readLicense(NEVER);
      assert.ok((license?.seats ?? 0) > 0);
    } finally {
      await simulator.close();
    }
  });
});

describe("deactivation in the simulator's SCIM directory", () => {
  it("is read back, and ends with the activation", async () => {
    const simulator = await startSimulator({ limits: "off" });
    try {
      const { scimDirectoryId, people } = simulator.world;
      const key = { id: "scim", kind: "scim-key", accountEmail: null, scopes: null } as const;
      const scim = { ...fixed(key, "sim-scim-token"), directoryId: scimDirectoryId };
      const site = open(simulator, "acme", KEY, scim);
      const synced = people.find((each) => each.synced && each.managed && each.email && each.state === "active");
      const accountSourceId = synced?.id ?? "";
      const isActive = async () => (await site.writer?.readAccess(accountSourceId, ["status"], NEVER))?.isActive;

      const before = await isActive();
      await site.writer?.make({ kind: "scim-deactivate", accountSourceId }, NEVER);
      const deactivated = await isActive();
      await site.writer?.make({ kind: "scim-activate", accountSourceId }, NEVER);

      assert.deepEqual([before, deactivated, await isActive()], [true, false, true]);
    } finally {
      await simulator.close();
    }
  });
});

async function wordOf(made: Promise<unknown> | undefined): Promise<string> {
  try {
    await made;
    return "done";
  } catch (thrown) {
    return thrown instanceof SourceFailure ? thrown.code : String(thrown);
  }
}

/** Opens a site or an instance by its name; waits take no time. */
function open(simulator: Simulator, siteName: string, ...credentials: CredentialAccess[]): SiteSource {
  const clock = manualClock(new Date());
  const { url, world } = simulator;
  const hosts = { authUrl: `${url}/auth`, apiUrl: `${url}/api`, siteUrl: (name: string) => `${url}/site/${name}` };
  const cloud = world.sites.find(({ name }) => name === siteName);
  const baseUrl = cloud ? hosts.siteUrl(siteName) : `${url}/dc/${siteName}/confluence`;
  const source = createSources({ hosts, clock, random: () => 0.5 }).get(
    cloud ? "confluence-cloud" : "confluence-data-center",
  );
  if (!source) throw new Error("There is no such source.");
  return source.open({
    site: { sourceKey: cloud?.cloudId ?? baseUrl, baseUrl, organizationId: cloud ? world.orgId : null },
    credentials,
    concurrencyMax: 4,
    clock,
    log: silentLog,
    observe: () => {},
  });
}
