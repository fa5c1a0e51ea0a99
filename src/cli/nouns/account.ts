import type { Command } from "commander";
import { listAccountGroups, listAccounts } from "../../api/accounts.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { registerAccountsImport } from "../imports/accounts.ts";
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

const COLUMNS: readonly Column<RowOf<typeof listAccounts>>[] = [
  textColumn("Site", (account) => account.site),
  textColumn("Account", (account) => account.displayName),
  textColumn("E-mail", (account) => account.email),
  textColumn("Class", (account) => account.accountClass),
  textColumn("State", (account) => (account.isSuspended ? "suspended" : account.accountStatus)),
  stateColumn("Seat", (account) => account.status),
  instantColumn("Last activity", (account) => account.lastActivityAt),
  numberColumn("Groups", (account) => account.groups),
  numberColumn("Spaces", (account) => account.spaces),
  textColumn("Department", (account) => account.department),
  stateColumn("Match", (account) => account.match?.situation),
  textColumn("Job title", (account) => account.jobTitle),
  idColumn((account) => account.accountId),
];

const GROUPS: readonly Column<RowOf<typeof listAccountGroups>>[] = [
  textColumn("Group", (group) => group.name),
  textColumn("Via", (group) => group.via.join(" > ")),
  booleanColumn("Gives a seat", (group) => group.givesSeat),
  textColumn("Managed by", (group) => group.managedBy),
  instantColumn("Member since", (group) => group.memberSince),
  idColumn((group) => group.groupId),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("accounts of each site; every field of the roster with -o csv"), cli, {
    route: listAccounts,
    columns: COLUMNS,
    aliases: { name: "q", search: "q" },
    empty: "No account matches.",
  });
  addList(
    command.command("groups").description("groups that an account is in").argument("<account>", "id, name or e-mail"),
    cli,
    { route: listAccountGroups, columns: GROUPS, empty: "It is in no group." },
    async (session, [given = ""], asOf) => ({
      accountId: await findId(session, {
        route: listAccounts,
        prefix: "account",
        given,
        asOf,
        names: ({ displayName, email }) => [displayName, email],
        idOf: ({ accountId }) => accountId,
      }),
    }),
  );
  registerAccountsImport(command, cli);
}
