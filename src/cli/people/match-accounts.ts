import type { Command } from "commander";
import type { z } from "zod";
import { listAccounts } from "../../api/accounts.ts";
import type { WireOf } from "../../api/contract.ts";
import { getAccountMatch, matchAccount } from "../../api/match-rules.ts";
import { listPeople } from "../../api/people.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, stateColumn, textColumn, timeColumn } from "../output/columns.ts";
import { printRecord, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Match = WireOf<typeof matchAccount>;

const ACCOUNTS: readonly Column<RowOf<typeof listAccounts>>[] = [
  textColumn("Site", (account) => account.site),
  textColumn("Account", (account) => account.displayName),
  textColumn("E-mail", (account) => account.email),
  stateColumn("Situation", (account) => account.match?.situation),
  textColumn("By", (account) => (account.match?.method === "rule" ? account.match.ruleId : account.match?.method)),
  textColumn("Candidates", (account) => account.match?.candidates),
  textColumn("Person", (account) => account.personId),
  idColumn((account) => account.accountId),
];

const MATCH: readonly Column<Match>[] = [
  idColumn((match) => match.accountId, "Account"),
  stateColumn("Situation", (match) => match.situation),
  textColumn("Person", (match) => match.personId),
  textColumn("By", (match) => [match.method, match.ruleId, match.by].filter((each) => each !== null)),
  textColumn("Candidates", (match) => match.candidates),
  textColumn("Reason", (match) => match.reason),
  timeColumn("From (UTC)", (match) => match.at),
  timeColumn("Until (UTC)", (match) => match.until),
];

/** Who is behind each account, and what a person says of it. */
export function registerMatches(match: Command, cli: Cli): void {
  addList(match.command("list").description("accounts and how the person behind each was found"), cli, {
    route: listAccounts,
    columns: ACCOUNTS,
    aliases: { name: "q", search: "q" },
    empty: "No account matches.",
  });
  const account = (verb: string, description: string) =>
    match
      .command(verb)
      .description(description)
      .argument("<account>", "id, name or e-mail; site/name where sites share it");
  account("history", "who was taken for the person behind an account, and when").action(async (given: string) => {
    const session = await connect(cli);
    const { history } = await session.call(getAccountMatch, {
      params: { accountId: await accountIdOf(session, given) },
    });
    printRows(cli, MATCH, history);
  });
  account("set", "say whose account it is; it holds against every rule")
    .argument("<person>", "id, name or e-mail")
    .option("--reason <text>", "why")
    .action(async (given: string, person: string, { reason = null }: { reason?: string | null }) => {
      const session = await connect(cli);
      const personId = await personIdOf(session, person);
      await decide(cli, session, given, { decision: "set", personId, reason });
    });
  account("ignore", "say that it is nobody's: a shared or technical account")
    .requiredOption("--reason <text>", "why")
    .action(async (given: string, { reason }: { reason: string }) =>
      decide(cli, await connect(cli), given, { decision: "ignore", reason }),
    );
  account("clear", "leave it to the rules again").action(async (given: string) =>
    decide(cli, await connect(cli), given, { decision: "clear" }),
  );
}

type Decision = z.input<NonNullable<typeof matchAccount.body>>;

async function decide(cli: Cli, session: Session, given: string, body: Decision): Promise<void> {
  const accountId = await accountIdOf(session, given);
  const match = await session.call(matchAccount, { params: { accountId }, body });
  printRecord(cli, MATCH, match);
  tellDone(cli, `It is ${match.situation}${match.personId ? ` with ${match.personId}` : ""}.`);
  tellNext(cli, `usher people match history ${accountId}`);
}

function accountIdOf(session: Session, given: string): Promise<string> {
  return findId(session, {
    route: listAccounts,
    prefix: "account",
    given,
    names: ({ displayName, email }) => [displayName, email],
    idOf: ({ accountId }) => accountId,
  });
}

function personIdOf(session: Session, given: string): Promise<string> {
  return findId(session, {
    route: listPeople,
    prefix: "person",
    given,
    names: ({ name, email }) => [name, email],
    idOf: ({ personId }) => personId,
  });
}
