import type { Command } from "commander";
import { getPerson, listPeople, listPersonAccess } from "../../api/people.ts";
import { listImports } from "../../api/imports.ts";
import type { Cli } from "../cli.ts";
import { findId } from "../find-one.ts";
import { registerPeopleImport } from "../imports/people.ts";
import { addList, type RowOf } from "../list-command.ts";
import {
  type Column,
  idColumn,
  instantColumn,
  moneyColumn,
  numberColumn,
  stateColumn,
  textColumn,
} from "../output/columns.ts";
import { connect, type Session } from "../session.ts";
import { printPerson, printWhy } from "../people/show.ts";
import { printLicensed } from "../people/licensed.ts";
import { registerMatches } from "../people/match-accounts.ts";
import { registerMatchRules } from "../people/match-rules.ts";
import { accessColumns } from "../people/access-paths.ts";

const PEOPLE: readonly Column<RowOf<typeof listPeople>>[] = [
  textColumn("Person", (person) => person.name),
  textColumn("E-mail", (person) => person.email),
  stateColumn("Status", (person) => person.status ?? person.accountClass),
  instantColumn("Last activity", (person) => person.lastActivityAt),
  textColumn("What", (person) => person.lastActivity ?? person.lastActivityKind),
  numberColumn("90 d", (person) => person.events90d),
  numberColumn("Groups", (person) => person.groups),
  numberColumn("Spaces", (person) => person.spaces),
  textColumn("Department", (person) => person.department),
  textColumn("Employment", (person) => person.personStatus),
  moneyColumn("Cost/month", ({ costPerMonthMinor, currency }) =>
    costPerMonthMinor === null || currency === null ? null : { minor: costPerMonthMinor, currency },
  ),
  instantColumn("Seat since", (person) => person.seatSince),
  idColumn((person) => person.personId),
];

const REACHED: readonly Column<RowOf<typeof listPersonAccess>>[] = [
  textColumn("Site", (space) => space.site),
  textColumn("Key", (space) => space.key),
  textColumn("Space", (space) => space.name),
  ...accessColumns<RowOf<typeof listPersonAccess>>(),
];

const IMPORTS: readonly Column<RowOf<typeof listImports>>[] = [
  textColumn("Kind", (each) => each.kind),
  stateColumn("State", (each) => each.state),
  textColumn("File", (each) => each.fileName),
  numberColumn("Rows", (each) => each.counts["rows"]),
  numberColumn("Errors", (each) => each.counts["errors"]),
  instantColumn("Previewed", (each) => each.createdAt),
  instantColumn("Applied", (each) => each.appliedAt),
  idColumn((each) => each.id),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("people over all sites, and whether they use their seats"), cli, {
    route: listPeople,
    columns: PEOPLE,
    aliases: { dept: "department", name: "q", search: "q" },
    empty: "Nobody matches.",
  });
  const person = (verb: string, description: string) =>
    command.command(verb).description(description).argument("<person>", "id, name or e-mail");
  person("get", "accounts, seats, groups and history").action(async (given: string) =>
    printPerson(cli, await readPerson(await connect(cli), given)),
  );
  person("why", "why somebody has a seat, and what its status rests on").action(async (given: string) =>
    printWhy(cli, await readPerson(await connect(cli), given)),
  );
  addList(
    person("access", "spaces that somebody may read, and through what"),
    cli,
    {
      route: listPersonAccess,
      columns: REACHED,
      empty: "No space is known that this person may read.",
    },
    async (session, [given = ""]) => ({ personId: await personIdOf(session, given) }),
  );
  person("licensed", "was somebody ever licensed, when, and through what").action(async (given: string) =>
    printLicensed(cli, given),
  );
  registerPeopleImport(command, cli);
  addList(command.command("imports").description("files that were previewed or applied"), cli, {
    route: listImports,
    columns: IMPORTS,
    empty: "No file was given yet.",
  });
  const match = command.command("match").description("who is behind each account, and the rules that find out");
  registerMatches(match, cli);
  registerMatchRules(match, cli);
}

async function readPerson(session: Session, given: string) {
  return session.call(getPerson, { params: { personId: await personIdOf(session, given) } });
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
