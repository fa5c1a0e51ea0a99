import { type Command, Option } from "commander";
import { listEditionIdentifiers, matchEditionIdentifier } from "../../api/editions.ts";
import type { WireOf } from "../../api/contract.ts";
import type { Cli } from "../cli.ts";
import { IDENTIFIERS } from "../editions/identifiers.ts";
import { findId } from "../find-one.ts";
import { addList } from "../list-command.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type Edition = WireOf<typeof matchEditionIdentifier>["identifier"]["edition"];

const EDITIONS = ["free", "standard", "premium", "enterprise", "data-center"] as const;

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("what sites call their edition, and nobody knows what it is"), cli, {
    route: listEditionIdentifiers,
    columns: IDENTIFIERS,
    defaults: { state: "unrecognized" },
    empty: "Every edition is known.",
  });
  command
    .command("match")
    .description("say which edition it is, also for the past")
    .argument("<identifier>", "as the site tells it, or its id")
    .addOption(new Option("--edition <edition>", "what it is").choices(EDITIONS).makeOptionMandatory())
    .action((given: string, { edition }: { edition: Edition }) => match(cli, given, edition));
  command
    .command("unmatch")
    .description("take back what was said: nobody knows it any more")
    .argument("<identifier>", "as the site tells it, or its id")
    .action((given: string) => match(cli, given, null));
}

async function match(cli: Cli, given: string, edition: Edition): Promise<void> {
  const session = await connect(cli);
  const identifierId = await findId(session, {
    route: listEditionIdentifiers,
    prefix: "identifier",
    given,
    names: (row) => [row.identifier],
    idOf: (row) => row.id,
  });
  const done = await session.call(matchEditionIdentifier, { params: { identifierId }, body: { edition } });
  printRecord(cli, IDENTIFIERS, done.identifier);
  const what = edition === null ? "is unrecognized again" : `is ${edition}`;
  tellDone(
    cli,
    `${done.identifier.identifier} ${what}: ${done.changedSites} sites, ${done.changedSeats} seats changed.`,
  );
  tellNext(cli, edition === null ? "usher unrecognized list" : "usher overview");
}
