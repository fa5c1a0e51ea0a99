import type { ConnectionRevision } from "../model/connection-revisions.ts";
import type { ScopeNeeds } from "../rules/connections.ts";
import { forecastMinutes } from "../rules/forecast.ts";
import { differencesOf } from "../rules/revisions.ts";
import { findOpenRevision } from "../store/connection-revisions.ts";
import { findConnection, type OwnedConnection } from "../store/connections.ts";
import { listCredentials, listRevisionCredentials } from "../store/credentials.ts";
import type { Reader } from "../store/database.ts";
import { listSitesOfConnection, type SavedForecast } from "../store/sites.ts";
import { listWantedSites } from "../store/wanted-sites.ts";
import type { Services } from "./services.ts";

/** A connection with what belongs to it, all as of one moment where the reader sees one. */
export async function detailOf(reader: Reader, services: Services, connection: OwnedConnection) {
  const [sites, wantedSites, credentials, revision] = await Promise.all([
    listSitesOfConnection(reader, connection.id),
    listWantedSites(reader, connection.id),
    listCredentials(reader, connection.id),
    findOpenRevision(reader, connection.id),
  ]);
  const { redirectUrl } = services.connect;
  const pending = revision && (await pendingDetailOf(reader, connection, revision));
  const pendingRevision = pending && {
    id: pending.id,
    state: pending.state,
    revision: pending.revision,
    differences: pending.differences,
    waitsFor: pending.waitsFor,
  };
  return { ...connection, sites: sites.map(withMinutes), wantedSites, credentials, redirectUrl, pendingRevision };
}

/** A site with how long its forecast run takes. */
export function withMinutes<Site extends { forecast: SavedForecast | null }>(site: Site) {
  const { forecast } = site;
  return { ...site, forecast: forecast && { ...forecast, minutes: forecastMinutes(forecast, forecast.at) } };
}

/** A pending revision beside the connection that it would change. */
export async function pendingDetailOf(reader: Reader, connection: OwnedConnection, revision: ConnectionRevision) {
  const [sites, credentials, entered] = await Promise.all([
    listSitesOfConnection(reader, connection.id),
    listCredentials(reader, connection.id),
    listRevisionCredentials(reader, revision.id),
  ]);
  const named = (each: { id: string; label: string }) => ({ id: each.id, name: each.label });
  const { id, connectionId, state, checked, checkedAt, createdBy, createdAt, updatedBy, updatedAt } = revision;
  if (state === "applied" || state === "discarded") throw new Error(`The revision ${id} is ${state}.`);
  return {
    id,
    connectionId,
    state,
    revision: revision.revision,
    differences: differencesOf(connection, revision.change, {
      sites,
      credentials: credentials.map(named),
      entered: entered.map((each) => ({ ...named(each), replacesId: each.replacesId })),
    }),
    waitsFor: entered
      .filter((each) => !each.isAuthorized)
      .map((each) => `A consent to "${each.label}": usher connection authorize ${connectionId}`),
    addSites: revision.change.addSites ?? [],
    removeSites: revision.change.removeSites ?? [],
    removeCredentials: revision.change.removeCredentials ?? [],
    blocking: checked?.blocking ?? [],
    warnings: checked?.warnings ?? [],
    sites: (checked?.sites ?? []).map(({ siteId, name, baseUrl, probes }) => ({ siteId, name, baseUrl, probes })),
    credentials: entered,
    checkedAt,
    createdBy,
    createdAt,
    updatedBy,
    updatedAt,
  };
}

/** What each capability of the connection's kind of source needs; nothing where this installation has no such source. */
export async function needsOf(
  reader: Reader,
  services: Services,
  connectionId: string,
): Promise<readonly ScopeNeeds[]> {
  const connection = await findConnection(reader, connectionId);
  return services.connect.sources().find((each) => each.kind === connection?.source)?.needs ?? [];
}
