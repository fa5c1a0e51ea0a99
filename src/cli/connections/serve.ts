import { serveCapability } from "../../api/sites.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { type Column, stateColumn, textColumn } from "../output/columns.ts";
import { printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { type Connection, type ConnectionSite, findConnection, pickSite } from "./find.ts";

type ReadBy = ConnectionSite["readBy"][number];

interface Reading extends ReadBy {
  site: string;
  /** Credentials of the connection that is shown; empty where another one reads the capability. */
  credentials: string[];
}

export const READINGS: readonly Column<Reading>[] = [
  textColumn("Site", (reading) => reading.site),
  textColumn("Capability", (reading) => reading.capability),
  textColumn("Read by", (reading) => reading.connectionName ?? "nobody, as was chosen"),
  stateColumn("State", (reading) => (reading.isServed ? "read" : reading.connectionId ? "not-read" : "off")),
  textColumn("Chosen", (reading) => (reading.isChosen ? "by a person" : "first that could")),
  textColumn("With", (reading) => reading.credentials),
];

/** What is read of each site of a connection: by which connection, and with which credential where it is this one. */
export function readingsOf(connection: Connection): Reading[] {
  return connection.sites.flatMap((site) =>
    site.readBy.map((each) => ({ ...each, site: site.name, credentials: credentialsFor(connection, site, each) })),
  );
}

/** `API token (accounts, groups)`: each credential with the listings that it serves. */
function credentialsFor(connection: Connection, { servedBy }: ConnectionSite, { capability, connectionId }: ReadBy) {
  if (connectionId !== connection.id) return [];
  const own = servedBy.filter((each) => each.capability === capability);
  return [...Map.groupBy(own, (each) => each.credentialId)].map(([id, listings]) => {
    const label = connection.credentials.find((each) => each.id === id)?.label ?? id;
    return `${label} (${listings.map(({ listing }) => listing).join(", ")})`;
  });
}

export interface ServeOptions {
  site?: string;
  nobody?: boolean;
}

/** Without capabilities tells who reads what; with them has this connection read them, or nobody. */
export async function serve(cli: Cli, given: string, capabilities: string[], options: ServeOptions): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  if (capabilities.length === 0) {
    if (options.nobody) throw usageFailure("Which capability shall nobody read?", "Name it after the connection.");
    return printRows(cli, READINGS, readingsOf(connection));
  }
  const site = pickSite(connection.sites, options.site);
  const wanted = capabilities.flatMap((each) => each.split(",")) as Connection["capabilities"];
  for (const capability of wanted) {
    const connectionId = options.nobody ? null : connection.id;
    await session.call(serveCapability, { params: { siteId: site.id, capability }, body: { connectionId } });
  }
  printRows(cli, READINGS, readingsOf(await findConnection(session, connection.id)));
  const who = options.nobody ? "Nobody" : `"${connection.name}"`;
  tellDone(cli, `${who} reads ${wanted.join(", ")} of ${site.name} from now on.`);
  tellNext(cli, `usher sync ${quoted(connection.name)} --watch`);
}

/** What a connection took over of sites that others read, and what stayed with them; null where nobody else reads any. */
export function takenOver(before: Connection, now: Connection): string | null {
  const lines = now.sites.flatMap((site) => {
    const earlier = before.sites.find((each) => each.id === site.id)?.readBy ?? [];
    const others = earlier.filter((each) => each.connectionId !== now.id && each.isServed);
    if (others.length === 0) return [];
    const own = site.readBy.filter((each) => each.connectionId === now.id).map((each) => each.capability);
    const takes = own.length > 0 ? `reads ${own.join(", ")} from now on` : "reads nothing of it yet";
    const stays = site.readBy
      .filter((each) => each.connectionId !== now.id && each.connectionName !== null)
      .map((each) => `${each.capability} stays with "${each.connectionName}"`);
    return [`${site.name}: "${now.name}" ${takes}${stays.length > 0 ? `; ${stays.join(", ")}` : ""}.`];
  });
  return lines.length > 0 ? lines.join("\n") : null;
}
