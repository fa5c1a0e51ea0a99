import type { WireOf } from "../../api/contract.ts";
import { addSite, removeSite } from "../../api/connection-sites.ts";
import { setSiteMode } from "../../api/sites.ts";
import { canAsk, confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { type Column, booleanColumn, idColumn, numberColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { type ConnectionSite, findConnection, findSite, pickSite } from "./find.ts";
import { howToAddCredential } from "./edit.ts";
import { SITES } from "./show.ts";

const ADDED: readonly Column<WireOf<typeof addSite>>[] = [
  idColumn((added) => added.siteId, "Site"),
  booleanColumn("Known before", (added) => added.wasKnown),
  textColumn("Problem", (added) => added.problem),
  textColumn("Reachable", (added) => added.reachable.map(({ name }) => name)),
];

export async function listSitesOf(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  printRows(cli, SITES, (await findConnection(session, given)).sites);
}

export async function addSiteTo(cli: Cli, given: string, site: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const { id, name } = connection;
  const added = await session.call(addSite, { params: { connectionId: id }, body: { site } });
  printRecord(cli, ADDED, added);
  if (added.siteId === null) cli.exitWith(EXIT.pending);
  const readers = added.readBy.filter((each) => each.isServed && each.connectionId !== id);
  if (readers.length > 0) {
    const words = readers.map(({ capability, connectionName }) => `${capability} by "${connectionName}"`).join(", ");
    tellDone(
      cli,
      `This site is known already and read: ${words}. "${name}" is a further source of it: facts merge by account, and each capability is read by one connection.`,
    );
  }
  tellNext(cli, added.siteId ? `usher connection check ${id}` : howToAddCredential(connection));
}

export async function removeSiteFrom(cli: Cli, given: string, siteGiven: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const site = pickSite(connection.sites, siteGiven);
  await confirm(cli, `Stop reading ${site.name} by "${connection.name}"? What is known of it stays.`);
  await session.call(removeSite, { params: { connectionId: connection.id, siteId: site.id } });
  tellDone(cli, `"${connection.name}" no longer reads ${site.name}.`);
  tellNext(cli, `usher connection show ${connection.id}`);
}

/** Letting Usher write is a decision for more people than one: the site's name is typed, a yes does not do. */
export async function setMode(
  cli: Cli,
  siteGiven: string,
  mode: "observe" | "act",
  typed: string | undefined,
): Promise<void> {
  const session = await connect(cli);
  const site = await findSite(session, siteGiven);
  if (mode === "act") await confirmAct(cli, site.name, typed);
  await session.call(setSiteMode, { params: { siteId: site.id }, body: { mode } });
  tellDone(cli, mode === "act" ? `Usher may write to ${site.name}.` : `${site.name} is observed only.`);
  tellNext(cli, "usher connection list");
}

async function confirmAct(cli: Cli, name: string, typed: string | undefined): Promise<void> {
  if (typed === undefined && canAsk(cli)) {
    const clack = await import("@clack/prompts");
    const answer = await clack.text({
      message: `Usher will be able to change ${name}. Type its name to go on.`,
      output: process.stderr,
      signal: cli.signal,
    });
    if (clack.isCancel(answer)) throw new CliFailure("Nothing was changed.", { exitCode: EXIT.interrupted });
    typed = answer;
  }
  if (typed === name) return;
  throw usageFailure("Nothing was changed: the site's name was not typed.", `Add --confirm "${name}".`);
}

type Forecast = ConnectionSite & { forecast: NonNullable<ConnectionSite["forecast"]> };

const FORECAST: readonly Column<Forecast>[] = [
  textColumn("Site", (site) => site.name),
  numberColumn("Requests", ({ forecast }) => forecast.requests),
  numberColumn("Points", ({ forecast }) => forecast.points),
  numberColumn("Minutes", ({ forecast }) => forecast.minutes),
  textColumn("Rests on", ({ forecast }) => forecast.basis),
  textColumn("Verdict", ({ forecast }) => forecast.verdict),
];

/** What a full sync of each site will cost, as the last check found. */
export async function forecast(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const known = connection.sites.filter((site): site is Forecast => site.forecast !== null);
  if (known.length === 0) {
    throw new CliFailure("There is no forecast yet.", {
      exitCode: EXIT.notFound,
      next: `usher connection check ${connection.id}`,
    });
  }
  printRows(cli, FORECAST, known);
  if (layoutOf(cli) === "table") tellNext(cli, `usher sync ${quoted(connection.name)}`);
}
