import type { z } from "zod";
import type { WireOf } from "../../api/contract.ts";
import type { SeatPath } from "../../api/inventory.ts";
import type { getPerson } from "../../api/people.ts";
import type { Cli } from "../cli.ts";
import { type Column, instantColumn, numberColumn, stateColumn, textColumn, timeColumn } from "../output/columns.ts";
import { counted, formatRelative } from "../output/format.ts";
import { layoutOf, printJson, printRecord, printRows } from "../output/print.ts";
import { oneLine } from "../output/width.ts";
import { seatPathText } from "./access-paths.ts";

export type Person = WireOf<typeof getPerson>;
type PersonAccount = Person["accounts"][number];
type Path = z.input<typeof SeatPath>;

const FIELDS: readonly Column<Person>[] = [
  textColumn("Person", (person) => person.name),
  textColumn("ID", (person) => person.personId),
  stateColumn("Status", (person) => (person.isGone ? "gone; the history stays" : person.status)),
  instantColumn("Last activity", (person) => person.lastActivityAt),
  textColumn("What", (person) => person.lastActivity ?? person.lastActivityKind),
  numberColumn("Spaces", (person) => person.spaces),
  textColumn("Managers", (person) => person.managers.map(({ name }) => name)),
  textColumn("Is now", (person) => person.movedTo),
  instantColumn("Data as of", (person) => person.dataAsOf),
];

const ACCOUNTS: readonly Column<PersonAccount>[] = [
  textColumn("Site", ({ account }) => account.site),
  textColumn("Account", ({ account }) => account.displayName),
  textColumn("E-mail", ({ account }) => account.email),
  textColumn("Class", ({ account }) => account.accountClass),
  stateColumn("Seat", ({ seat }) => seat?.status),
  instantColumn("Seat since", ({ seat }) => seat?.since),
  stateColumn("Match", ({ account }) => account.match?.situation),
  textColumn("Department", ({ account }) => account.department),
  textColumn("Job title", ({ account }) => account.jobTitle),
  textColumn("Groups", ({ groups }) => groups.map(({ name }) => name)),
];

const ATTRIBUTES: readonly Column<Person["attributes"][number]>[] = [
  textColumn("Attribute", (attribute) => attribute.name),
  textColumn("Value", (attribute) => attribute.value),
  textColumn("From", (attribute) => attribute.origin),
];

const HISTORY: readonly Column<Person["history"][number]>[] = [
  timeColumn("Time (UTC)", (event) => event.at),
  textColumn("What", (event) => event.what),
  textColumn("Detail", (event) => event.detail),
];

/** Events of a history that one screen takes; the API gives all. */
const HISTORY_ROWS = 10;

export function printPerson(cli: Cli, person: Person): void {
  printRecord(cli, FIELDS, person);
  if (layoutOf(cli) !== "table") return;
  cli.stdout.write("\n");
  printRows(cli, ATTRIBUTES, person.attributes);
  cli.stdout.write("\n");
  printRows(cli, ACCOUNTS, person.accounts);
  cli.stdout.write("\n");
  printRows(cli, HISTORY, person.history.slice(0, HISTORY_ROWS));
}

interface WhyRow {
  site: string;
  seat: PersonAccount["seat"];
  path: Path | null;
}

/** For a pipe one line for each way that gives a seat. */
const WHY: readonly Column<WhyRow>[] = [
  textColumn("Site", (row) => row.site),
  stateColumn("Status", (row) => row.seat?.status),
  textColumn("Through", (row) => row.path && seatPathText(row.path)),
  textColumn("Access", (row) => row.path?.access),
  textColumn("Managed by", (row) => row.path?.managedBy),
  numberColumn("Opens spaces", (row) => row.path?.opensSpaces),
  textColumn("Because", (row) => row.seat?.because),
];

/** Why somebody has each seat, and what shows whether it is used. */
export function printWhy(cli: Cli, person: Person): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, person);
  if (layout !== "table") {
    const rows = person.accounts.flatMap(({ account, seat }) =>
      (seat && seat.paths.length > 0 ? seat.paths : [null]).map((path): WhyRow => ({ site: account.site, seat, path })),
    );
    return printRows(cli, WHY, rows);
  }
  const { strong, muted } = cli.stdout.colors;
  cli.stdout.write(`${strong(oneLine(person.name))}  ${muted(person.personId)}\n`);
  for (const account of person.accounts) cli.stdout.write(whyLines(cli, account).join("\n") + "\n");
}

function whyLines(cli: Cli, { account, seat, evidence }: PersonAccount): string[] {
  const { strong, muted } = cli.stdout.colors;
  if (!seat) return [`\n${strong(oneLine(account.site))}  no seat: ${account.accountClass}`];
  const now = cli.clock.now();
  return [
    `\n${strong(oneLine(account.site))}  ${seat.status}. ${oneLine(seat.because)}`,
    ...seat.paths.map((path) => `  ${oneLine(account.displayName)} ─ ${pathText(path)}`),
    ...evidence
      .filter(({ isOfSite }) => !isOfSite)
      .map(({ kind, source, lastAt, knownSince }) => {
        const seen = lastAt ? formatRelative(new Date(lastAt), now) : "never seen";
        const since = knownSince ? `known since ${formatRelative(new Date(knownSince), now)}` : "whole life known";
        return muted(`  ${kind}: ${seen} (${source}, ${since})`);
      }),
  ];
}

function pathText(path: Path): string {
  const { access, managedBy, opensSpaces } = path;
  const keeper = managedBy === "external" ? ", kept by an identity provider" : "";
  const opens = opensSpaces > 0 ? `; also opens ${counted(opensSpaces, "space")}` : "";
  return `${oneLine(seatPathText(path))} ─ ${access === "admin" ? "administration" : "seat"}${keeper}${opens}`;
}
