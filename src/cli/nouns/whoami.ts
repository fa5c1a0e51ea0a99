import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { getCaller } from "../../api/operators.ts";
import type { Cli } from "../cli.ts";
import { type Column, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";

type Caller = WireOf<typeof getCaller>;

export const CALLER: readonly Column<Caller>[] = [
  textColumn("Operator", (caller) => caller.operator.name),
  textColumn("Kind", (caller) => caller.operator.kind),
  textColumn("Roles", (caller) => caller.operator.roles),
  textColumn("Token", (caller) => caller.tokenName),
  textColumn("Scopes", (caller) => caller.scopes),
  instantColumn("Expires", (caller) => caller.expiresAt),
];

export function register(command: Command, cli: Cli): void {
  command.action(async () => {
    const session = await connect(cli);
    printRecord(cli, CALLER, await session.call(getCaller, {}));
  });
}
