import type { listConnections } from "../../api/connections.ts";
import type { Cli } from "../cli.ts";
import type { RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { layoutOf, printRecord, printRows } from "../output/print.ts";
import type { Connection, ConnectionSite } from "./find.ts";
import { DIFFERENCES } from "./differences.ts";
import { READINGS, readingsOf } from "./serve.ts";

export const CONNECTION_ROWS: readonly Column<RowOf<typeof listConnections>>[] = [
  idColumn((connection) => connection.id),
  textColumn("Name", (connection) => connection.name),
  stateColumn("State", (connection) => connection.state),
  textColumn("Sites", (connection) => connection.sites.map(({ name }) => name)),
  stateColumn("Health", (connection) => connection.health),
  textColumn("Mode", (connection) => [...new Set(connection.sites.map(({ mode }) => mode))]),
  instantColumn("Last good sync", (connection) => connection.lastSyncedAt),
  instantColumn("Next", (connection) => connection.nextRunAt),
  numberColumn("People", (connection) => connection.people),
  textColumn("Coverage", ({ coverage }) => (coverage ? `${coverage.complete} of ${coverage.listings}` : null)),
  instantColumn("Credential ends", (connection) => connection.credentialExpiresAt),
  textColumn("Owners", (connection) => connection.owners),
];

const FIELDS: readonly Column<Connection>[] = [
  idColumn((connection) => connection.id, "Connection"),
  textColumn("Name", (connection) => connection.name),
  textColumn("Source", (connection) => connection.source),
  stateColumn("State", (connection) => connection.state),
  textColumn("Capabilities", (connection) => connection.capabilities),
  textColumn("Owners", (connection) => connection.owners),
  textColumn("Idle after", (connection) => `${connection.settings.idleAfterDays} days`),
  textColumn("Stale after", (connection) => `${connection.settings.staleAfterHours} hours`),
  textColumn("Activity since", (connection) => connection.settings.analyzeActivitySince.slice(0, 10)),
  textColumn(
    "Safeguard",
    ({ settings }) => `over ${settings.safeguardPercentMax}% and at least ${settings.safeguardCountMin} gone`,
  ),
  textColumn("Callback URL", (connection) => connection.redirectUrl),
  textColumn("Waits for", (connection) =>
    connection.wantedSites.map(({ typed, problem }) => (problem ? `${typed} (${problem})` : typed)),
  ),
  numberColumn("Revision", (connection) => connection.revision),
  textColumn("Pending revision", ({ pendingRevision }) =>
    pendingRevision ? [pendingRevision.state, ...pendingRevision.waitsFor] : null,
  ),
];

export const SITES: readonly Column<ConnectionSite>[] = [
  idColumn((site) => site.id, "Site"),
  textColumn("Name", (site) => site.name),
  stateColumn("Health", (site) => site.health),
  textColumn("Edition", (site) => site.edition),
  stateColumn("Mode", (site) => site.mode),
  textColumn("Seats by", (site) => site.executor),
  textColumn("Roles", (site) => site.roleMode),
  instantColumn("Last good sync", (site) => site.lastSyncedAt),
  textColumn("What to do", ({ healthDetail }) => (healthDetail ? `${healthDetail.reason} ${healthDetail.fix}` : null)),
];

export const CREDENTIALS: readonly Column<Connection["credentials"][number]>[] = [
  idColumn((credential) => credential.id, "Credential"),
  textColumn("Kind", (credential) => credential.kind),
  textColumn("Label", (credential) => credential.label),
  textColumn("Account", (credential) => credential.accountEmail ?? credential.username ?? credential.clientId),
  stateColumn("State", (credential) => credential.state),
  booleanColumn("Authorized", (credential) => credential.isAuthorized),
  instantColumn("Expires", (credential) => credential.expiresAt),
];

/** A connection with its sites and credentials; for programs the one record that the API gives. */
export function printConnection(cli: Cli, connection: Connection): void {
  printRecord(cli, FIELDS, connection);
  if (layoutOf(cli) !== "table") return;
  const differences = connection.pendingRevision?.differences ?? [];
  const readings = readingsOf(connection);
  const tables = [
    () => printRows(cli, SITES, connection.sites),
    () => printRows(cli, CREDENTIALS, connection.credentials),
    () => printRows(cli, READINGS, readings),
    () => printRows(cli, DIFFERENCES, differences),
  ];
  const counts = [connection.sites.length, connection.credentials.length, readings.length, differences.length];
  for (const [index, print] of tables.entries()) {
    if (counts[index] === 0) continue;
    cli.stdout.write("\n");
    print();
  }
}
