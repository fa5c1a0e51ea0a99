import type { CallInput } from "../../api/client.ts";
import { decideProductAccessGroup, listProductAccessGroups } from "../../api/sites.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import type { RowOf } from "../list-command.ts";
import { booleanColumn, type Column, idColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { counted } from "../output/format.ts";
import { printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { findConnection, pickSite } from "./find.ts";

type AccessGroup = RowOf<typeof listProductAccessGroups> & { site: string; siteId: string };

const COLUMNS: readonly Column<AccessGroup>[] = [
  textColumn("Site", (group) => group.site),
  textColumn("Group", (group) => group.name),
  stateColumn("State", (group) => group.state),
  booleanColumn("Gives a seat", (group) => group.isEffective),
  textColumn("Access", (group) => group.access),
  numberColumn("Members", (group) => group.members),
  textColumn("Managed by", (group) => group.managedBy),
  textColumn("Reason", (group) => group.reason),
  idColumn((group) => group.groupId),
];

export interface GroupOptions {
  site?: string;
  all?: boolean;
  reason?: string;
  asOf?: string;
}

export async function listAccessGroups(cli: Cli, given: string, { site, asOf }: GroupOptions): Promise<void> {
  const session = await connect(cli);
  const groups = await accessGroupsOf(session, given, site, asOf);
  if (groups.length === 0 && cli.stderr.isTty) cli.stderr.write("None found yet. A sync finds them.\n");
  printRows(cli, COLUMNS, groups);
}

/** Confirms that groups give a seat: those that are named, or with `--all` every one that was found. */
export async function confirmGroups(cli: Cli, given: string, names: string[], options: GroupOptions): Promise<void> {
  if (names.length === 0 && !options.all) throw usageFailure("Which groups?", "Name them, or add --all.");
  const session = await connect(cli);
  const groups = await accessGroupsOf(session, given, options.site);
  const chosen = options.all
    ? groups.filter(({ state }) => state === "found")
    : names.map((name) => pickGroup(groups, name, given));
  for (const { siteId, groupId } of chosen) {
    await session.call(decideProductAccessGroup, { params: { siteId, groupId }, body: { decision: "confirm" } });
  }
  tellDone(cli, `Confirmed ${counted(chosen.length, "group")}.`);
  tellNext(cli, "usher seat list");
}

export async function addGroup(
  cli: Cli,
  given: string,
  groupId: string,
  { site, reason }: GroupOptions,
): Promise<void> {
  if (!groupId.startsWith("group_")) throw usageFailure(`"${groupId}" is not the id of a group.`, "usher group list");
  const session = await connect(cli);
  const { sites } = await findConnection(session, given);
  await session.call(decideProductAccessGroup, {
    params: { siteId: pickSite(sites, site).id, groupId },
    body: { decision: "add", reason: reason ?? null },
  });
  tellDone(cli, "Its members count as holding a seat, from the next sync on.");
  tellNext(cli, "usher sync");
}

export async function dropGroup(cli: Cli, given: string, name: string, options: GroupOptions): Promise<void> {
  if (!options.reason)
    throw usageFailure("Dropping a group needs a reason.", 'Add --reason "why its seats are not managed".');
  const session = await connect(cli);
  const { siteId, groupId, members, ...group } = pickGroup(
    await accessGroupsOf(session, given, options.site),
    name,
    given,
  );
  await confirm(cli, `Leave the seats of ${group.name} (${counted(members, "member")}) out of everything?`);
  await session.call(decideProductAccessGroup, {
    params: { siteId, groupId },
    body: { decision: "drop", reason: options.reason },
  });
  tellDone(cli, `Dropped ${group.name}; seats follow with the next sync.`);
  tellNext(cli, "usher sync");
}

async function accessGroupsOf(
  session: Session,
  given: string,
  siteGiven: string | undefined,
  asOf?: string,
): Promise<AccessGroup[]> {
  const { sites } = await findConnection(session, given);
  const chosen = siteGiven === undefined ? sites : [pickSite(sites, siteGiven)];
  const groups: AccessGroup[] = [];
  for (const site of chosen) {
    // A day goes over the wire as it was typed; the route's type has it parsed.
    const input = { params: { siteId: site.id }, query: { asOf } } as CallInput<typeof listProductAccessGroups>;
    for await (const group of session.items(listProductAccessGroups, input)) {
      groups.push({ ...group, site: site.name, siteId: site.id });
    }
  }
  return groups;
}

function pickGroup(groups: readonly AccessGroup[], given: string, connection: string): AccessGroup {
  const found = groups.filter(({ groupId, name }) => groupId === given || name === given);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only)
    throw usageFailure(
      `Several sites have a group "${given}".`,
      `Add --site ${found.map(({ site }) => site).join(" or --site ")}.`,
    );
  throw new CliFailure(`No group "${given}" gives a seat.`, {
    exitCode: EXIT.notFound,
    next: `usher connection groups list ${quoted(connection)}`,
  });
}
