import type { z } from "zod";
import { addCredential } from "../../api/credentials.ts";
import { addSite } from "../../api/connection-sites.ts";
import { checkConnection, publishConnection } from "../../api/connection-life.ts";
import { createConnection, getConnection, listConnections } from "../../api/connections.ts";
import { decideProductAccessGroup, listProductAccessGroups } from "../../api/sites.ts";
import type { Connection } from "../connections/find.ts";
import { CliFailure } from "../failure.ts";
import { counted } from "../output/format.ts";
import type { Session } from "../session.ts";
import type { RunningSimulator } from "../../sim/child.ts";

const CLOUD = "Acme";
const DATA_CENTER = "Acme Wiki (Data Center)";
/** The simulator has an older instance too; a company in the middle of its move to Cloud has one. */
export const INSTANCE = "wiki";
/** All, so that seats can be taken back here as well, once a person has set a site to Act. */
const CAPABILITIES = ["roster", "activity", "permissions", "reclaim"] as const;

/**
 * Connects the pretend company as a person would: make, enter credentials, add the sites, check, publish; its sites in
 * Cloud by one connection and its Data Center by another. What an earlier start that was cut short has done already is
 * not done again.
 */
export async function connectCompany(
  session: Session,
  simulator: RunningSimulator,
  tell: (step: string) => void,
): Promise<Connection[]> {
  const { email, apiToken, organizationKey, personalAccessToken } = await simulator.credentials();
  const instance = simulator.dataCenters.find(({ name }) => name === INSTANCE);
  if (!instance) throw new CliFailure("The pretend Atlassian has no Data Center.");
  const cloud = await connectOne(session, tell, {
    body: { name: CLOUD, owners: [email], capabilities: [...CAPABILITIES] },
    credentials: [
      { kind: "api-token", accountEmail: email, token: apiToken },
      { kind: "organization-key", key: organizationKey },
    ],
    sites: simulator.sites.map(({ name }) => name),
  });
  const dataCenter = await connectOne(session, tell, {
    body: { name: DATA_CENTER, source: "confluence-data-center", owners: [email], capabilities: [...CAPABILITIES] },
    credentials: [{ kind: "personal-access-token", token: personalAccessToken }],
    sites: [instance.baseUrl],
  });
  return [cloud, dataCenter];
}

interface ToConnect {
  body: z.input<NonNullable<typeof createConnection.body>>;
  credentials: readonly z.input<NonNullable<typeof addCredential.body>>[];
  sites: readonly string[];
}

async function connectOne(
  session: Session,
  tell: (step: string) => void,
  { body, credentials, sites }: ToConnect,
): Promise<Connection> {
  const begun = await findByName(session, body.name);
  if (begun && begun.state !== "draft" && begun.state !== "validated") return begun;
  const { id, credentials: entered } = begun ?? (await session.call(createConnection, { body }));
  const params = { connectionId: id };
  for (const credential of credentials) {
    if (entered.some(({ kind }) => kind === credential.kind)) continue;
    await session.call(addCredential, { params, body: credential });
  }
  for (const site of sites) {
    // A site that the connection has already is joined, not copied.
    const added = await session.call(addSite, { params, body: { site } });
    if (added.siteId === null) throw new CliFailure(`The site ${site} was not reached.`, { why: added.problem });
  }
  const report = await session.call(checkConnection, { params });
  const probes = report.sites.flatMap((site) => site.probes);
  const failed = probes.filter(({ outcome }) => outcome === "failed");
  if (!report.isValid) {
    throw new CliFailure("The pretend company failed its check.", {
      why: failed.map(({ detail }) => detail).join(" "),
    });
  }
  const names = report.sites.map(({ name }) => name).join(" and ");
  tell(`Connected ${names}: ${counted(probes.length, "check")}, ${failed.length} failed`);
  return session.call(publishConnection, { params });
}

async function findByName(session: Session, wanted: string): Promise<Connection | null> {
  for await (const { id, name } of session.items(listConnections, {})) {
    if (name === wanted) return readConnection(session, id);
  }
  return null;
}

export function readConnection(session: Session, connectionId: string): Promise<Connection> {
  return session.call(getConnection, { params: { connectionId } });
}

/** Confirms every group that was found to give a seat; gives back how many were new. */
export async function confirmFoundGroups(session: Session, connections: readonly Connection[]): Promise<number> {
  let confirmed = 0;
  for (const { id: siteId } of connections.flatMap(({ sites }) => sites)) {
    const input = { params: { siteId }, query: { state: ["found" as const] } };
    for await (const { groupId } of session.items(listProductAccessGroups, input)) {
      await session.call(decideProductAccessGroup, { params: { siteId, groupId }, body: { decision: "confirm" } });
      confirmed += 1;
    }
  }
  return confirmed;
}
