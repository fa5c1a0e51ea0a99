import type { WireOf } from "../../api/contract.ts";
import { getConnection, listConnections } from "../../api/connections.ts";
import { listSites } from "../../api/sites.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import type { RowOf } from "../list-command.ts";
import type { Session } from "../session.ts";

export type Connection = WireOf<typeof getConnection>;
export type ConnectionSite = Connection["sites"][number];

/** A connection by its id or its name. */
export async function findConnection(session: Session, given: string): Promise<Connection> {
  return session.call(getConnection, { params: { connectionId: await connectionIdOf(session, given) } });
}

async function connectionIdOf(session: Session, given: string): Promise<string> {
  if (given.startsWith("connection_")) return given;
  const names: string[] = [];
  for await (const connection of session.items(listConnections, {})) {
    if (connection.name.toLowerCase() === given.toLowerCase()) return connection.id;
    names.push(connection.name);
  }
  throw new CliFailure(`No connection is called "${given}".`, {
    exitCode: EXIT.notFound,
    why: names.length > 0 ? `There is ${names.join(", ")}.` : "There is no connection yet.",
    next: names.length > 0 ? "usher connection list" : "usher connection create",
  });
}

/** The site that is meant: by id, name, host, or the first part of its host. Null means the only one there is. */
export function pickSite<Site extends { id: string; name: string; baseUrl: string }>(
  sites: readonly Site[],
  given: string | undefined,
): Site {
  const [only, ...others] = sites;
  if (given === undefined && only && others.length === 0) return only;
  const names = sites.map(({ name }) => name).join(", ");
  if (given === undefined) {
    throw usageFailure(
      only ? `Which site? There is ${names}.` : "The connection has no site yet.",
      only ? "Add --site <name>." : null,
    );
  }
  const found = sites.find((site) => namesOf(site).includes(given.toLowerCase()));
  if (found) return found;
  throw new CliFailure(`No site is called "${given}".`, {
    exitCode: EXIT.notFound,
    why: only ? `There is ${names}.` : "There is no site yet.",
  });
}

/** Any site of this installation. */
export async function findSite(session: Session, given: string | undefined): Promise<RowOf<typeof listSites>> {
  return pickSite(await Array.fromAsync(session.items(listSites, {})), given);
}

function namesOf({ id, name, baseUrl }: { id: string; name: string; baseUrl: string }): string[] {
  const url = URL.parse(baseUrl);
  const names = [id, name.toLowerCase(), baseUrl.toLowerCase()];
  return url ? [...names, url.host, url.hostname.split(".")[0] ?? url.host] : names;
}
