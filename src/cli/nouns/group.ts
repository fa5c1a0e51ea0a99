import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getGroup, listGroupMembers, listGroups, listNestedGroups } from "../../api/groups.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect, type Session } from "../session.ts";

type Group = RowOf<typeof listGroups>;

const SHARED: readonly Column<Group>[] = [
  textColumn("Group", (group) => group.name),
  textColumn("Site", (group) => group.site),
  textColumn("Gives a seat", (group) => group.givesSeat),
  numberColumn("Members", (group) => group.members),
  numberColumn("Active", (group) => group.active),
  numberColumn("Idle", (group) => group.idle),
  numberColumn("Never used", (group) => group.neverUsed),
  numberColumn("No evidence", (group) => group.noEvidence),
  numberColumn("Opens spaces", (group) => group.opensSpaces),
  textColumn("Highest permission", (group) => group.highestPermission),
  textColumn("Managed by", (group) => group.managedBy),
];

const FIELDS: readonly Column<WireOf<typeof getGroup>>[] = [
  ...SHARED,
  textColumn("Product access", (group) => group.productAccess),
  idColumn((group) => group.groupId),
  instantColumn("Data as of", (group) => group.dataAsOf),
];

const MEMBERS: readonly Column<RowOf<typeof listGroupMembers>>[] = [
  textColumn("Person", (member) => member.name),
  textColumn("E-mail", (member) => member.email),
  textColumn("Class", (member) => member.accountClass),
  stateColumn("Seat", (member) => member.status),
  instantColumn("Last activity", (member) => member.lastActivityAt),
  textColumn("Via", (member) => member.via.join(" > ")),
  instantColumn("Member since", (member) => member.memberSince),
  idColumn((member) => member.personId),
];

const NESTED: readonly Column<RowOf<typeof listNestedGroups>>[] = [
  textColumn("Group", (group) => group.name),
  textColumn("Relation", (group) => group.relation),
  numberColumn("Members", (group) => group.members),
  instantColumn("Since", (group) => group.since),
  idColumn((group) => group.groupId),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("what each gives, to how many, and who keeps it"), cli, {
    route: listGroups,
    columns: [...SHARED, idColumn<Group>((group) => group.groupId)],
    aliases: { name: "q", search: "q" },
    empty: "No group matches.",
  });
  command
    .command("get")
    .description("one group")
    .argument("<group>", "id or name")
    .action(async (given: string) => {
      const session = await connect(cli);
      const groupId = await groupIdOf(session, given);
      printRecord(cli, FIELDS, await session.call(getGroup, { params: { groupId } }));
    });
  addList(
    command
      .command("members")
      .description("its members and how they use their seats")
      .argument("<group>", "id or name"),
    cli,
    { route: listGroupMembers, columns: MEMBERS, empty: "No members." },
    async (session, [given = ""], asOf) => ({ groupId: await groupIdOf(session, given, asOf) }),
  );
  addList(
    command
      .command("nested")
      .description("groups nested in it (inside), and those it is nested in (around)")
      .argument("<group>", "id or name"),
    cli,
    { route: listNestedGroups, columns: NESTED, empty: "It is nested in no group, and no group in it." },
    async (session, [given = ""], asOf) => ({ groupId: await groupIdOf(session, given, asOf) }),
  );
}

function groupIdOf(session: Session, given: string, asOf?: string): Promise<string> {
  return findId(session, {
    route: listGroups,
    prefix: "group",
    given,
    asOf,
    names: ({ name }) => [name],
    idOf: ({ groupId }) => groupId,
  });
}
