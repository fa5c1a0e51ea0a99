import assert from "node:assert/strict";
import { addCredential } from "../../src/api/credentials.ts";
import { checkConnection, publishConnection } from "../../src/api/connection-life.ts";
import { createConnection, getConnection } from "../../src/api/connections.ts";
import type { CallInput } from "../../src/api/client.ts";
import {
  applyEvidenceImport,
  applyPeopleImport,
  previewEvidenceImport,
  previewPeopleImport,
} from "../../src/api/imports.ts";
import type { addLicense } from "../../src/api/licenses.ts";
import type { Truth, TruthSeat } from "../../src/sim/control/truth.ts";
import type { Story } from "./story.ts";

const DAY_MS = 86_400_000;
/** Of those who use Data Center no more; the story begins 101 days later. */
const LAST_LOG_IN = "2026-01-22T12:00:00Z";
const CAPABILITIES = ["roster", "activity", "permissions", "reclaim"] as const;

/** A person of the simulator with a seat through one group that Usher may change. */
export interface Holder {
  /** As the site knows the account. */
  sourceId: string;
  name: string;
  email: string;
}

/** Money in minor units of a month or, at Data Center, of a year. */
export interface StoryPosition {
  status: string;
  owned: number;
  used: number;
  short: number;
  costMinor: number;
  avoidableMinor: number;
  realizedMinor: number;
}

export interface StorySite {
  /** What the simulator calls it. */
  name: string;
  /** The group that everybody has a seat through. */
  group: string;
  license: Omit<CallInput<typeof addLicense>["body"], "siteIds">;
  /** Minor units that each seat took off the bill; one that a larger tier would have had room for took off nothing. */
  savings: number[];
  /**
   * The position of the license at the beginning, with two seats taken, after the bill, and with one given back. By then
   * what is known of use is ten days old, so that nobody is idle.
   */
  positions: Record<"before" | "taken" | "billed" | "back", StoryPosition>;
  connect(story: Story): Promise<string>;
  /** Makes everybody active but these. */
  quiet(story: Story, holders: readonly Holder[]): Promise<void>;
  /** Lets Usher know of the use that the site does not tell. */
  tellUse(story: Story, siteId: string, holders: readonly Holder[]): Promise<void>;
}

function position(
  status: string,
  [owned, used, short]: [number, number, number],
  [costMinor, avoidableMinor, realizedMinor]: [number, number, number],
): StoryPosition {
  return { status, owned, used, short, costMinor, avoidableMinor, realizedMinor };
}

export const cloudSite: StorySite = {
  name: "acme",
  group: "Everyone at Acme",
  license: {
    name: "Acme Standard",
    edition: "standard",
    metric: "monthly-seats",
    pricing: {
      kind: "bands",
      steps: [
        { upTo: 50, priceMinor: 600 },
        { upTo: null, priceMinor: 500 },
      ],
    },
    currency: "USD",
    termStart: "2026-01-28",
    billingDay: 28,
  },
  savings: [500, 500],
  positions: {
    before: position("covered", [52, 52, 0], [31_000, 2_200, 0]),
    taken: position("over", [52, 50, 0], [31_000, 1_200, 0]),
    billed: position("covered", [50, 50, 0], [30_000, 1_200, 1_000]),
    back: position("covered", [51, 51, 0], [30_500, 0, 1_000]),
  },
  async connect(story) {
    const { id: connectionId } = await story.client.call(createConnection, {
      body: { name: "Acme", capabilities: [...CAPABILITIES], owners: ["petra@acme.example"], sites: ["acme"] },
    });
    await story.client.call(addCredential, {
      params: { connectionId },
      body: {
        kind: "api-token",
        label: "Petra",
        accountEmail: "petra@acme.example",
        token: "sim-classic-token-of-petra",
      },
    });
    await story.client.call(addCredential, {
      params: { connectionId },
      body: { kind: "organization-key", label: "Acme", key: "sim-organization-key" },
    });
    return publish(story, connectionId);
  },
  async quiet(story, holders) {
    const { accounts } = await truthOf(story, "acme");
    const others = accounts.filter((each) => each.holdsSeat && !holders.some(({ sourceId }) => sourceId === each.id));
    await change(
      story,
      others.map(({ id }) => ({ kind: "view", site: "acme", account: id, daysAgo: 2 })),
    );
  },
  tellUse: async () => {},
};

/** Which users logged in is told by a file only, which has to come again as long as silence shall count. */
export const dataCenterSite: StorySite = {
  name: "wiki",
  group: "confluence-users",
  license: {
    name: "Acme Wiki",
    edition: "data-center",
    metric: "data-center-tier",
    quantity: 50,
    pricing: {
      kind: "tiers",
      steps: [
        { upTo: 27, priceMinor: 810_000 },
        { upTo: 50, priceMinor: 1_350_001 },
      ],
    },
    currency: "USD",
    termStart: "2025-05-28",
    termEnd: "2026-05-28",
    autoRenew: true,
    renewalQuantity: 27,
  },
  savings: [540_001],
  positions: {
    before: position("covered", [50, 28, 0], [1_350_001, 540_001, 0]),
    taken: position("over", [50, 26, 0], [1_350_001, 0, 0]),
    billed: position("covered", [27, 26, 0], [810_000, 0, 540_001]),
    back: position("covered", [27, 27, 0], [810_000, 0, 540_001]),
  },
  async connect(story) {
    const { dataCenters } = (await getJson(`${story.simulator.url}/__sim/info`)) as {
      dataCenters: { name: string; baseUrl: string }[];
    };
    const { id: connectionId } = await story.client.call(createConnection, {
      body: {
        name: "Acme",
        source: "confluence-data-center",
        capabilities: [...CAPABILITIES],
        owners: ["petra@acme.example"],
        sites: [dataCenters.find(({ name }) => name === "wiki")?.baseUrl ?? ""],
      },
    });
    await story.client.call(addCredential, {
      params: { connectionId },
      body: { kind: "personal-access-token", label: "Petra", token: "sim-pat-of-petra" },
    });
    return publish(story, connectionId);
  },
  quiet: async () => {},
  async tellUse({ client, clock, simulator }, siteId, holders) {
    const { accounts } = (await getJson(`${simulator.url}/__sim/truth?site=wiki`)) as Truth;
    const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
    const isQuiet = (id: string) => holders.some(({ sourceId }) => sourceId === id);
    const rows = accounts
      .filter(({ holdsSeat }) => holdsSeat)
      .map(({ id }) => `${id},${isQuiet(id) ? LAST_LOG_IN : daysAgo(1).toISOString()}`);
    const query = {
      siteId,
      kind: "authenticated" as const,
      since: daysAgo(118),
      complete: ["authenticated" as const],
    };
    const csv = ["account,when", ...rows].join("\n");
    const { id: importId, counts } = await client.call(previewEvidenceImport, { query, csv });
    assert.deepEqual([counts["rows"], counts["errors"]], [rows.length, 0]);
    await client.call(applyEvidenceImport, { params: { importId }, body: {} });
  },
};

/** Checks and publishes; answers the site. */
async function publish({ client, settle }: Story, connectionId: string): Promise<string> {
  const params = { connectionId };
  await client.call(checkConnection, { params });
  const { revision, sites } = await client.call(getConnection, { params });
  await client.call(publishConnection, { params, ifMatch: revision });
  await settle();
  const [site, ...others] = sites;
  assert.ok(site && others.length === 0);
  return site.id;
}

/** People who use a site no more and have their seat through one group that Usher may change. */
export async function holdersOf(story: Story, { name, group }: StorySite, count: number): Promise<Holder[]> {
  const truth = await truthOf(story, name);
  const url = `${story.simulator.url}/__sim/truth/seats?site=${name}&withOrganizationKey=true`;
  const seats = (await getJson(url)) as TruthSeat[];
  const used = new Set(seats.filter(({ status }) => status === "active").map(({ accountId }) => accountId));
  const groupId = truth.groups.find((each) => each.name === group)?.id ?? "";
  const holders = truth.accounts.flatMap((account): Holder[] => {
    const { id, holdsSeat, displayName } = account;
    const through = truth.productAccessGroups.filter((each) => truth.memberships[each]?.includes(id));
    const email = "username" in account ? `${String(account.username)}@acme.example` : account.email;
    const isOther = displayName !== "Petra Novak" && displayName !== "Rita Reader" && displayName !== "Carla Keeper";
    const isLone = through.length === 1 && through[0] === groupId;
    return holdsSeat && !used.has(id) && isOther && isLone && email ? [{ sourceId: id, name: displayName, email }] : [];
  });
  assert.ok(holders.length >= count);
  return holders.slice(0, count);
}

/** The personnel department's file: whose manager Rita is. */
export async function tellPeople({ client }: Story, holders: readonly Holder[]): Promise<void> {
  const rows = holders.map(({ name, email }, index) => `${index + 2},${email},${name},rita@acme.example,4711`);
  const csv = ["id,email,name,manager,cost center", "1,rita@acme.example,Rita Reader,,4711", ...rows].join("\n");
  const { id: importId, counts } = await client.call(previewPeopleImport, { csv });
  assert.deepEqual([counts["new"], counts["errors"]], [holders.length + 1, 0]);
  await client.call(applyPeopleImport, { params: { importId }, body: {} });
}

export async function truthOf({ simulator }: Story, site: string): Promise<Truth> {
  return (await getJson(`${simulator.url}/__sim/truth?site=${site}`)) as Truth;
}

async function change({ simulator }: Story, changes: readonly object[]): Promise<void> {
  const response = await fetch(`${simulator.url}/__sim/change`, { method: "POST", body: JSON.stringify(changes) });
  assert.equal(response.status, 200, await response.text());
}

export async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return response.json();
}
