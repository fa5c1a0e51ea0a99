import type { Command } from "commander";
import type { BodyOf, WireOf } from "../../api/contract.ts";
import { createToken, getToken, listTokens, revokeToken } from "../../api/tokens.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { rolesOf } from "../roles.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const COLUMNS: readonly Column<RowOf<typeof listTokens>>[] = [
  idColumn((token) => token.id),
  textColumn("Name", (token) => token.name),
  textColumn("Operator", (token) => token.operatorName),
  textColumn("Scopes", (token) => token.scopes),
  instantColumn("Last used", (token) => token.lastUsedAt),
  instantColumn("Expires", (token) => token.expiresAt),
  instantColumn("Revoked", (token) => token.revokedAt),
];

const NEW_TOKEN: readonly Column<WireOf<typeof createToken>>[] = [
  textColumn("Token", (made) => made.token),
  idColumn((made) => made.id),
  textColumn("Name", (made) => made.name),
  textColumn("Scopes", (made) => made.scopes),
  instantColumn("Expires", (made) => made.expiresAt),
];

type Scope = BodyOf<typeof createToken>["scopes"][number];
const SCOPES: readonly Scope[] = createToken.body?.shape.scopes.element.options ?? [];

interface CreateOptions {
  name: string;
  scope: string[];
  expires?: string;
  serviceAccount?: string;
  person?: string;
  email?: string;
  role?: string[];
}

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("API tokens: your own, or all with the scope *"), cli, {
    route: listTokens,
    columns: COLUMNS,
    empty: "No token.",
  });
  command
    .command("create")
    .description("make a token; it is shown this once")
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--scope <scopes...>", `what it may do: ${SCOPES.join(", ")}`)
    .option("--expires <days>", "days it lasts, or never (365)")
    .option("--service-account <name>", "make it for this service account")
    .option("--person <name>", "make it for this person, with --email")
    .option("--email <address>", "the person's e-mail")
    .option("--role <roles...>", "the person's roles, where they are made by it (the least that may do what it may)")
    .action((options: CreateOptions) => create(cli, options));
  command
    .command("revoke")
    .description("revoke a token at once")
    .argument("<token-id>")
    .action((tokenId: string) => revoke(cli, tokenId));
}

async function create(cli: Cli, options: CreateOptions): Promise<void> {
  const { name, scope, expires, serviceAccount } = options;
  const person = personOf(options);
  const session = await connect(cli);
  const made = await session.call(createToken, {
    body: { name, scopes: scope.flatMap(scopesOf), expiresInDays: daysOf(expires), serviceAccount, person },
  });
  printRecord(cli, NEW_TOKEN, made);
  if (person) tellDone(cli, "Where two people are needed, you and whoever comes by it count as one.");
  tellNext(cli, "keep the token now: it is never shown again");
}

function scopesOf(text: string): Scope[] {
  return text.split(",").map((each) => {
    const scope = SCOPES.find((known) => known === each);
    if (scope) return scope;
    throw usageFailure(`There is no scope "${each}".`, `The scopes are ${SCOPES.join(", ")}.`);
  });
}

function personOf({ person, email, role }: CreateOptions): BodyOf<typeof createToken>["person"] {
  if (person === undefined && email === undefined && role === undefined) return undefined;
  if (person && email) return { name: person, email, roles: role && rolesOf(role) };
  throw usageFailure(
    "A person has a name and an e-mail.",
    'Give both: --person "Petra Novak" --email petra@acme.example',
  );
}

function daysOf(expires: string | undefined): number | null | undefined {
  if (expires === undefined) return undefined;
  if (expires === "never") return null;
  if (/^\d{1,4}$/.test(expires)) return Number(expires);
  throw usageFailure(`--expires ${expires} is not a number of days.`, "It is a whole number of days, or never.");
}

async function revoke(cli: Cli, tokenId: string): Promise<void> {
  const session = await connect(cli);
  const { name } = await session.call(getToken, { params: { tokenId } });
  await confirm(cli, `Revoke "${name}" (${tokenId})? Whatever uses it stops working at once.`);
  await session.call(revokeToken, { params: { tokenId } });
  tellDone(cli, `Revoked "${name}".`);
  tellNext(cli, "usher token list");
}
