import type { Command } from "commander";
import { listSpaceAccess } from "../../api/access.ts";
import type { WireOf } from "../../api/contract.ts";
import { listSpaceRights } from "../../api/space-rights.ts";
import { getSpace, listSpacePermissions, listSpaceRoles, listSpaces } from "../../api/spaces.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  booleanColumn,
  type Column,
  idColumn,
  instantColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { accessColumns } from "../people/access-paths.ts";
import { connect, type Session } from "../session.ts";

type Space = RowOf<typeof listSpaces>;

const SHARED: readonly Column<Space>[] = [
  textColumn("Space", (space) => space.name),
  textColumn("Key", (space) => space.key),
  textColumn("Site", (space) => space.site),
  textColumn("Type", (space) => space.type),
  textColumn("Owner", (space) => space.owner),
  numberColumn("People", (space) => space.people),
  numberColumn("Admins", (space) => space.admins),
  numberColumn("Guests", (space) => space.guests),
  textColumn("Openness", opennessOf, ({ isAnonymous }) => (isAnonymous ? "warn" : null)),
];

const FIELDS: readonly Column<WireOf<typeof getSpace>>[] = [
  ...SHARED,
  stateColumn("State", (space) => space.status),
  booleanColumn("Visible now", (space) => space.isVisible),
  numberColumn("Principals", (space) => space.principals),
  numberColumn("Edited 90 d", (space) => space.edits90d),
  instantColumn("Last activity", (space) => space.lastActivityAt),
  textColumn("Risks", (space) => space.risks),
  idColumn((space) => space.spaceId),
  instantColumn("Data as of", (space) => space.dataAsOf),
];

const PERMISSIONS: readonly Column<RowOf<typeof listSpacePermissions>>[] = [
  textColumn("Principal", (right) => right.name ?? right.principalId),
  textColumn("Type", (right) => right.principalType),
  numberColumn("Members", (right) => right.members),
  booleanColumn("Read", (right) => right.canRead),
  booleanColumn("Admin", (right) => right.canAdminister),
  textColumn("Roles", (right) => right.roles),
  textColumn("Rights", (right) => right.operations.map(({ key, target }) => `${key} ${target}`)),
  instantColumn("Since", (right) => right.since),
];

const RIGHTS: readonly Column<RowOf<typeof listSpaceRights>>[] = [
  textColumn("Space", (right) => right.space),
  textColumn("Key", (right) => right.spaceKey),
  textColumn("Site", (right) => right.site),
  textColumn("Principal", (right) => right.name ?? right.principalId),
  textColumn("Type", (right) => right.principalType),
  booleanColumn("Read", (right) => right.canRead),
  booleanColumn("Admin", (right) => right.canAdminister),
  textColumn("Roles", (right) => right.roles),
  textColumn("Rights", (right) => right.operations.map(({ key, target }) => `${key} ${target}`)),
  instantColumn("Since", (right) => right.since),
];

const ROLES: readonly Column<RowOf<typeof listSpaceRoles>>[] = [
  textColumn("Role", (role) => role.name),
  textColumn("Site", (role) => role.site),
  booleanColumn("Custom", (role) => role.isCustom),
  booleanColumn("Read", (role) => role.canRead),
  booleanColumn("Admin", (role) => role.canAdminister),
  numberColumn("Assignments", (role) => role.assignments),
  instantColumn("Since", (role) => role.since),
  idColumn((role) => role.roleId),
];

const READERS: readonly Column<RowOf<typeof listSpaceAccess>>[] = [
  textColumn("Person", (reader) => reader.name),
  textColumn("E-mail", (reader) => reader.email),
  textColumn("Class", (reader) => reader.accountClass),
  stateColumn("Seat", (reader) => reader.status),
  instantColumn("Last activity", (reader) => reader.lastActivityAt),
  ...accessColumns<RowOf<typeof listSpaceAccess>>(),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("how many may read each, and how openly"), cli, {
    route: listSpaces,
    columns: [...SHARED, idColumn<Space>((space) => space.spaceId)],
    aliases: { name: "q", search: "q" },
    empty: "No space matches.",
  });
  addList(command.command("roles").description("roles that spaces can give, where a site uses roles"), cli, {
    route: listSpaceRoles,
    columns: ROLES,
    empty: "No role is known.",
  });
  addList(command.command("rights").description("rights of a person, of a group, or all who hold one"), cli, {
    route: listSpaceRights,
    columns: RIGHTS,
    aliases: { person: "personId", group: "groupId", space: "spaceId", type: "principalType", right: "operation" },
    empty: "No right matches.",
  });
  const space = (verb: string, description: string) =>
    command.command(verb).description(description).argument("<space>", "id, key or name");
  const params = async (session: Session, [given = ""]: readonly string[], asOf?: string) => ({
    spaceId: await spaceIdOf(session, given, asOf),
  });
  space("get", "one space").action(async (given: string) => {
    const session = await connect(cli);
    const spaceId = await spaceIdOf(session, given);
    printRecord(cli, FIELDS, await session.call(getSpace, { params: { spaceId } }));
  });
  addList(
    space("permissions", "who holds which rights, as Confluence gives them"),
    cli,
    { route: listSpacePermissions, columns: PERMISSIONS, aliases: { type: "principalType" }, empty: "No permissions." },
    params,
  );
  addList(
    space("access", "everybody who may read it, and through what"),
    cli,
    { route: listSpaceAccess, columns: READERS, empty: "Nobody with an account may read it." },
    params,
  );
}

function opennessOf({ isAnonymous, isOpen }: Space): string {
  return isAnonymous ? "anybody, without signing in" : isOpen ? "everybody with a seat" : "chosen people";
}

function spaceIdOf(session: Session, given: string, asOf?: string): Promise<string> {
  return findId(session, {
    route: listSpaces,
    prefix: "space",
    given,
    asOf,
    names: ({ name, key }) => [name, key],
    idOf: ({ spaceId }) => spaceId,
  });
}
