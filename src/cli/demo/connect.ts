import {
  addCredential,
  addSite,
  checkConnection,
  createConnection,
  getConnection,
  listConnections,
  publishConnection,
} from "../../api/connections.ts";
import { decideProductAccessGroup, listProductAccessGroups } from "../../api/sites.ts";
import type { Connection } from "../connections/find.ts";
import { CliFailure } from "../failure.ts";
import { counted } from "../output/format.ts";
import type { Session } from "../session.ts";
import type { RunningSimulator } from "./simulator.ts";

const NAME = "Acme";

/**
 * Connects the pretend company as a person would: make, enter credentials, add both sites, check, publish. What an
 * earlier start that was cut short has done already is not done again.
 */
export async function connectCompany(
  session: Session,
  simulator: RunningSimulator,
  tell: (step: string) => void,
): Promise<Connection> {
  const { email, apiToken, organizationKey } = await simulator.credentials();
  const begun = await findCompany(session);
  if (begun && begun.state !== "draft" && begun.state !== "validated") return begun;
  const { id, credentials } =
    begun ?? (await session.call(createConnection, { body: { name: NAME, owners: [email] } }));
  const params = { connectionId: id };
  const has = (kind: string) => credentials.some((each) => each.kind === kind);
  if (!has("api-token")) {
    await session.call(addCredential, { params, body: { kind: "api-token", accountEmail: email, token: apiToken } });
  }
  if (!has("organization-key")) {
    await session.call(addCredential, { params, body: { kind: "organization-key", key: organizationKey } });
  }
  for (const { name } of simulator.sites) {
    // A site that the connection has already is joined, not copied.
    const added = await session.call(addSite, { params, body: { site: name } });
    if (added.siteId === null) throw new CliFailure(`The site ${name} was not reached.`, { why: added.problem });
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

async function findCompany(session: Session): Promise<Connection | null> {
  for await (const { id, name } of session.items(listConnections, {})) {
    if (name === NAME) return readConnection(session, id);
  }
  return null;
}

export function readConnection(session: Session, connectionId: string): Promise<Connection> {
  return session.call(getConnection, { params: { connectionId } });
}

/** Confirms every group that was found to give a seat; gives back how many were new. */
export async function confirmFoundGroups(session: Session, { sites }: Connection): Promise<number> {
  let confirmed = 0;
  for (const { id: siteId } of sites) {
    const input = { params: { siteId }, query: { state: ["found" as const] } };
    for await (const { groupId } of session.items(listProductAccessGroups, input)) {
      await session.call(decideProductAccessGroup, { params: { siteId, groupId }, body: { decision: "confirm" } });
      confirmed += 1;
    }
  }
  return confirmed;
}
