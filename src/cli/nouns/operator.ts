import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import * as api from "../../api/operators.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { ROLES, rolesOf } from "../roles.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Operator = RowOf<typeof api.listOperators>;

const COLUMNS: readonly Column<Operator>[] = [
  idColumn((operator) => operator.id),
  textColumn("Name", (operator) => operator.name),
  textColumn("Kind", (operator) => operator.kind),
  textColumn("E-mail", (operator) => operator.email),
  textColumn("Roles", (operator) => operator.roles),
  instantColumn("Last signed in", (operator) => operator.lastSignedInAt),
  instantColumn("Ended", (operator) => operator.endedAt),
];

const INVITATION: readonly Column<WireOf<typeof api.invitePerson>>[] = [
  idColumn((invitation) => invitation.operator.id),
  textColumn("Name", (invitation) => invitation.operator.name),
  textColumn("E-mail", (invitation) => invitation.operator.email),
  textColumn("Roles", (invitation) => invitation.operator.roles),
  textColumn("Link", (invitation) => invitation.url),
  instantColumn("Works until", (invitation) => invitation.expiresAt),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("people and service accounts that may sign in"), cli, {
    route: api.listOperators,
    columns: COLUMNS,
    empty: "Nobody.",
  });
  command
    .command("invite")
    .description("let a person sign in: they set a password by a one-time link")
    .requiredOption("--name <name>")
    .requiredOption("--email <address>")
    .requiredOption("--role <roles...>", `what they may do: ${ROLES.join(", ")}`)
    .action((options: { name: string; email: string; role: string[] }) => invite(cli, options));
  command
    .command("roles")
    .description("give a person these roles in place of those they have")
    .argument("<operator>", "name, e-mail or id")
    .argument("<roles...>", ROLES.join(", "))
    .action((given: string, roles: string[]) => setRoles(cli, given, roles));
  command
    .command("reset")
    .description("give a person a new link to set a password; what they have ends at once")
    .argument("<operator>", "name, e-mail or id")
    .action((given: string) => reset(cli, given));
  command
    .command("end")
    .description("let somebody in no more: sessions, tokens and links end at once")
    .argument("<operator>", "name, e-mail or id")
    .action((given: string) => end(cli, given));
  command
    .command("service-account")
    .description("make a service account, for programs")
    .argument("<name>")
    .action((name: string) => createServiceAccount(cli, name));
}

async function invite(cli: Cli, { name, email, role }: { name: string; email: string; role: string[] }): Promise<void> {
  const session = await connect(cli);
  printInvitation(cli, await session.call(api.invitePerson, { body: { name, email, roles: rolesOf(role) } }));
}

async function setRoles(cli: Cli, given: string, roles: readonly string[]): Promise<void> {
  const wanted = rolesOf(roles);
  const session = await connect(cli);
  const { id, revision } = await find(session, given);
  const changed = await session.call(api.changeOperator, {
    params: { operatorId: id },
    body: { roles: wanted },
    ifMatch: revision,
  });
  printRecord(cli, COLUMNS, changed);
  tellNext(cli, "usher operator list");
}

async function reset(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, name } = await find(session, given);
  await confirm(cli, `Reset the sign-in of "${name}"? Their password and sessions end at once.`);
  printInvitation(cli, await session.call(api.resetOperator, { params: { operatorId: id } }));
}

async function end(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, name } = await find(session, given);
  await confirm(cli, `End "${name}"? Their sessions, tokens and links stop working at once.`);
  printRecord(cli, COLUMNS, await session.call(api.endOperator, { params: { operatorId: id } }));
  tellDone(cli, `"${name}" may sign in no more. What they did stays in the journal.`);
  tellNext(cli, "usher operator list");
}

async function createServiceAccount(cli: Cli, name: string): Promise<void> {
  const session = await connect(cli);
  printRecord(cli, COLUMNS, await session.call(api.createServiceAccount, { body: { name } }));
  tellNext(cli, "usher token create --help");
}

function printInvitation(cli: Cli, invitation: WireOf<typeof api.invitePerson>): void {
  printRecord(cli, INVITATION, invitation);
  const { email } = invitation.operator;
  tellDone(
    cli,
    invitation.isMailed ? `The link goes to ${email} by mail.` : "The link is shown this once. It works once.",
  );
  tellNext(cli, invitation.isMailed ? "usher message list" : `give the link to ${email}, and to nobody else`);
}

async function find(session: Session, given: string): Promise<Operator> {
  const operatorId = await findId(session, {
    route: api.listOperators,
    prefix: "operator",
    given,
    names: (operator) => [operator.name, operator.email],
    idOf: (operator) => operator.id,
  });
  return session.call(api.getOperator, { params: { operatorId } });
}
