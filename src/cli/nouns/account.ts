import type { Command } from "commander";
import { listAccounts } from "../../api/accounts.ts";
import type { Cli } from "../cli.ts";
import { registerAccountsImport } from "../imports/accounts.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";

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

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("accounts of each site; every field of the roster with -o csv"), cli, {
    route: listAccounts,
    columns: COLUMNS,
    aliases: { name: "q", search: "q" },
    empty: "No account matches.",
  });
  registerAccountsImport(command, cli);
}
