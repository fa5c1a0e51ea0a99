import { type Command, Option } from "commander";
import {
  forecastRenewal,
  LicensedEditionName,
  LicenseMetricName,
  listLicenses,
  listLicenseSavings,
  listLicenseSuggestions,
  listLicenseVersions,
} from "../../api/licenses.ts";
import type { WireOf } from "../../api/contract.ts";
import type { Cli } from "../cli.ts";
import { add, edit, end, type TermsOptions } from "../licenses/edit.ts";
import { registerLicenseFiles } from "../licenses/files.ts";
import { findLicense } from "../licenses/find.ts";
import { LICENSE_ROWS, printLicense } from "../licenses/show.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, moneyColumn, numberColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const LICENSE = "<license>";

type Suggestion = WireOf<typeof listLicenseSuggestions>["items"][number];

const SUGGESTIONS: readonly Column<Suggestion>[] = [
  textColumn("Site", (each) => each.site),
  textColumn("Edition", (each) => each.edition),
  numberColumn("Used", (each) => each.seats),
  numberColumn("Bought", (each) => each.quantity),
  textColumn("Told by", (each) => each.origin),
  moneyColumn("List price/month", ({ listPriceMinor, currency }) =>
    listPriceMinor === null || currency === null ? null : { minor: listPriceMinor, currency },
  ),
];

const VERSIONS: readonly Column<RowOf<typeof listLicenseVersions>>[] = [
  numberColumn("Revision", (each) => each.revision),
  instantColumn("From", (each) => each.validFrom),
  textColumn("By", (each) => each.changedBy),
  textColumn("Said", (each) => JSON.stringify(each.terms)),
];

const SAVINGS: readonly Column<RowOf<typeof listLicenseSavings>>[] = [
  textColumn("Billed", (each) => each.eventOn),
  textColumn("License", (each) => each.license),
  moneyColumn("Saved", ({ savedMinor, currency }) => ({ minor: savedMinor, currency })),
  textColumn("Each", (each) => each.period),
  idColumn((each) => each.accountId, "Account"),
  idColumn((each) => each.candidateId, "Candidate"),
];

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("what was bought, at what price, until when"), cli, {
    route: listLicenses,
    columns: LICENSE_ROWS,
    empty: "No license yet. Add one: usher license add",
  });
  command
    .command("show")
    .description("one license with its calendar")
    .argument(LICENSE, "its id or name")
    .action(async (given: string) => printLicense(cli, await findLicense(await connect(cli), given)));
  addTermsOptions(
    command.command("add").description("add a license; edition and quantity come from the site if left out"),
  ).action((options: TermsOptions) => add(cli, options));
  addTermsOptions(command.command("edit").description("change a license; what it said before is kept"))
    .argument(LICENSE)
    .action((given: string, options: TermsOptions) => edit(cli, given, options));
  command
    .command("end")
    .description("end a license for good; its history stays")
    .argument(LICENSE)
    .option("--on <day>", "the first day that it no longer holds for (today)")
    .option("--reason <text>")
    .action((given: string, options: { on?: string; reason?: string }) => end(cli, given, options));
  command
    .command("suggestions")
    .description("editions seen at sites that no license covers")
    .action(async () => {
      const session = await connect(cli);
      printRows(cli, SUGGESTIONS, (await session.call(listLicenseSuggestions, {})).items);
    });
  addList(
    command.command("versions").description("what a license said, and since when").argument(LICENSE),
    cli,
    { route: listLicenseVersions, columns: VERSIONS, empty: "It has said nothing yet." },
    async (session, [given = ""]) => ({ licenseId: (await findLicense(session, given)).id }),
  );
  registerLicenseFiles(command, cli);
  command
    .command("renewal")
    .description("what renewing at so many seats would cost and risk, by past demand")
    .argument(LICENSE)
    .option("--seats <numbers>", "with commas between; the usual ones unless said otherwise")
    .action((given: string, options: { seats?: string }) => renewal(cli, given, options));
  addList(
    command.command("savings").description("reclaimed seats that really lowered a bill, each counted once"),
    cli,
    {
      route: listLicenseSavings,
      columns: SAVINGS,
      empty: "Nothing yet. A saving is real once the next bill is lower.",
    },
  );
}

type Forecast = WireOf<typeof forecastRenewal>;

const QUANTITIES: readonly Column<Forecast["quantities"][number] & { currency: string }>[] = [
  numberColumn("Seats", (each) => each.seats),
  moneyColumn("Cost", ({ costMinor, currency }) => (costMinor === null ? null : { minor: costMinor, currency })),
  moneyColumn("Saves", ({ savesMinor, currency }) => (savesMinor === null ? null : { minor: savesMinor, currency })),
  numberColumn("Enough for", (each) => each.capacity),
  numberColumn("Days short a year", (each) => each.daysShort),
  numberColumn("At most short", (each) => each.shortMost),
];

async function renewal(cli: Cli, given: string, { seats }: { seats?: string }): Promise<void> {
  const session = await connect(cli);
  const { id } = await findLicense(session, given);
  const query = seats === undefined ? {} : { seats: seats.split(",").map(Number) };
  const found = await session.call(forecastRenewal, { params: { licenseId: id }, query });
  if (layoutOf(cli) === "json") return printJson(cli, found);
  const rows = found.quantities.map((each) => ({ ...each, currency: found.currency }));
  printRows(cli, QUANTITIES, rows);
  const { demand } = found;
  if (demand)
    tellDone(cli, `By demand from ${demand.from} on: median ${demand.p50}, p95 ${demand.p95}, most ${demand.max}.`);
  tellNext(cli, `usher license edit ${id} --renewal-quantity <seats>`);
}

function addTermsOptions(command: Command): Command {
  return command
    .option("--name <name>")
    .option("--site <sites...>", "the sites that it covers")
    .addOption(new Option("--edition <edition>").choices(LicensedEditionName.options))
    .addOption(new Option("--metric <metric>", "how it is counted and billed").choices(LicenseMetricName.options))
    .option(
      "--quantity <seats>",
      "seats bought, or of a tier the users that it is for; none: what is counted is billed",
    )
    .option("--bands <prices>", 'of one seat: 6.55, or "100: 6.55; *: 5.10"')
    .option("--tiers <prices>", 'of a tier: "500: 28500; 1000: 51100"')
    .option("--currency <code>", "of ISO 4217")
    .option("--from <day>", "first day of the term")
    .option("--until <day>", "first day that it no longer holds for; none: open")
    .option("--billing-day <day>", "day of the month on which a cycle begins")
    .option("--renewal <day>", "where it is not the end of the term")
    .option("--notice <day>", "until when a change of the renewal has to be told")
    .option("--auto-renew", "it goes on after its term until it is ended")
    .option("--no-auto-renew", "it ends with its term")
    .option("--renewal-quantity <seats>", "what the next term is agreed for")
    .option("--cost-center <name>")
    .option("--owner <operator>", "e-mail, name or id of who is reminded")
    .option("--note <text>");
}
