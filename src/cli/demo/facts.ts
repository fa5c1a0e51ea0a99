import type { WireOf } from "../../api/contract.ts";
import { listAccounts } from "../../api/accounts.ts";
import { listGroups } from "../../api/groups.ts";
import { getOverview } from "../../api/overview.ts";
import { listPeople } from "../../api/people.ts";
import { listSpaces } from "../../api/spaces.ts";
import type { Connection } from "../connections/find.ts";
import type { RunRow } from "../progress/follow-runs.ts";
import type { Session } from "../session.ts";

type Overview = WireOf<typeof getOverview>;

/** What the demo tells, as complete numbers. */
export interface DemoFacts extends Omit<Overview, "sites"> {
  idleAfterDays: number;
  sites: SiteFacts[];
  /** People with an account on a site in Cloud and on an instance of Data Center. */
  peopleOnBoth: number;
  /** Of them those who hold a seat on each. */
  seatsOnBoth: number;
  /** Accounts with a seat of which no person is known but themselves. */
  nobodysSeats: number;
}

export type SiteFacts = Overview["sites"][number] & {
  /** Accounts of every class. */
  accountsTotal: number;
  /** Current memberships of all groups. */
  memberships: number;
  groups: number;
  spaces: number;
  /** Checks that failed or warned, with what to do. */
  warnings: { check: string; capability: string; detail: string; fix: string | null }[];
  /** Null where the data was fresh, so that nothing was read this time. */
  run: Pick<RunRow, "id" | "state" | "counts" | "requests" | "waitedMs" | "startedAt" | "finishedAt"> | null;
};

export async function gatherFacts(
  session: Session,
  connections: readonly Connection[],
  runs: readonly RunRow[],
): Promise<DemoFacts> {
  const overview = await session.call(getOverview, {});
  const sites: SiteFacts[] = [];
  for (const { id: siteId } of connections.flatMap((connection) => connection.sites)) {
    const site = overview.sites.find((each) => each.siteId === siteId);
    if (!site) continue;
    const connection = connections.find((each) => each.sites.some(({ id }) => id === siteId));
    const groups = await countGroups(session, siteId);
    sites.push({
      ...site,
      // An instance of Data Center tells no name of its own: its connection's stands for it.
      site: connection?.source === "confluence-data-center" ? connection.name : site.site,
      accountsTotal: Object.values(site.accounts).reduce((sum, count) => sum + count, 0),
      ...groups,
      spaces: await countSpaces(session, siteId),
      warnings: connection ? warningsOf(connection, siteId) : [],
      run: runs.find((run) => run.siteId === siteId) ?? null,
    });
  }
  const idleAfterDays = connections[0]?.settings.idleAfterDays ?? 0;
  return { ...overview, idleAfterDays, sites, ...(await countPeople(session, connections)) };
}

async function countPeople(
  session: Session,
  connections: readonly Connection[],
): Promise<Pick<DemoFacts, "peopleOnBoth" | "seatsOnBoth" | "nobodysSeats">> {
  const sitesOf = (source: Connection["source"]) =>
    connections.filter((each) => each.source === source).flatMap(({ sites }) => sites);
  const cloud = new Set(sitesOf("confluence-cloud").map(({ name }) => name));
  // The demo has one instance: whoever holds a seat there and one more holds that in Cloud.
  const [instance] = sitesOf("confluence-data-center");
  const isOnBoth = (person: { sites: readonly string[] }) => person.sites.some((name) => cloud.has(name));
  let peopleOnBoth = 0;
  let seatsOnBoth = 0;
  const there = { siteId: instance?.id, limit: 200 };
  for await (const person of session.items(listPeople, { query: there })) if (isOnBoth(person)) peopleOnBoth += 1;
  for await (const person of session.items(listPeople, { query: { ...there, class: ["licensed"] } }))
    if (isOnBoth(person) && person.seats > 1) seatsOnBoth += 1;
  const { total } = await session.call(listAccounts, {
    query: { situation: ["unmatched", "ambiguous"], class: ["licensed"], limit: 1, total: true },
  });
  return { peopleOnBoth, seatsOnBoth, nobodysSeats: total ?? 0 };
}

async function countGroups(session: Session, siteId: string): Promise<{ groups: number; memberships: number }> {
  let groups = 0;
  let memberships = 0;
  for await (const { members } of session.items(listGroups, { query: { siteId, limit: 200 } })) {
    groups += 1;
    memberships += members;
  }
  return { groups, memberships };
}

async function countSpaces(session: Session, siteId: string): Promise<number> {
  const { total } = await session.call(listSpaces, { query: { siteId, limit: 1, total: true } });
  return total ?? 0;
}

function warningsOf({ sites }: Connection, siteId: string): SiteFacts["warnings"] {
  const probes = sites.find(({ id }) => id === siteId)?.probes ?? [];
  return probes
    .filter(({ outcome }) => outcome === "failed" || outcome === "warning")
    .map(({ name, capability, detail, fix }) => ({ check: name, capability, detail, fix }));
}
