import type { z } from "zod";
import type { BodyOf } from "../../api/contract.ts";
import { addLicense, changeLicense, endLicense, listLicenseSuggestions } from "../../api/licenses.ts";
import { listOperators } from "../../api/operators.ts";
import { isCurrency, parseSteps } from "../../lib/money.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { connect, type Session } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { findLicense } from "./find.ts";
import { printLicense } from "./show.ts";

type Change = z.input<NonNullable<typeof changeLicense.body>>;

export interface TermsOptions {
  name?: string;
  site?: string[];
  edition?: string;
  metric?: string;
  quantity?: string;
  bands?: string;
  tiers?: string;
  currency?: string;
  from?: string;
  until?: string;
  billingDay?: string;
  renewal?: string;
  notice?: string;
  autoRenew?: boolean;
  renewalQuantity?: string;
  costCenter?: string;
  owner?: string;
  note?: string;
}

/** What is not said is taken from what the site itself tells: its edition, its metric, what was bought. */
export async function add(cli: Cli, options: TermsOptions): Promise<void> {
  const session = await connect(cli);
  const given = await changeOf(session, options, options.currency);
  const [siteId] = given.siteIds ?? [];
  const { items } = await session.call(listLicenseSuggestions, {});
  const seen = items.find((each) => each.siteId === siteId);
  const currency = given.currency;
  const pricing = given.pricing;
  const edition = given.edition ?? (seen?.edition === "unrecognized" ? undefined : (seen?.edition ?? undefined));
  const { termStart } = given;
  if (!given.siteIds || !pricing || !currency || !termStart || !edition) {
    const missing = [
      given.siteIds ? null : "--site",
      edition ? null : "--edition",
      pricing ? null : "--bands or --tiers",
      currency ? null : "--currency",
      termStart ? null : "--from",
    ].filter(Boolean);
    throw usageFailure(`A license needs ${missing.join(", ")}.`, "usher license add --help");
  }
  const metric = given.metric ?? seen?.metric ?? "monthly-seats";
  const quantity = given.quantity ?? (metric === "monthly-seats" ? null : (seen?.quantity ?? null));
  const name = given.name ?? `${seen?.site ?? options.site?.[0] ?? "Confluence"} ${edition}`;
  const made = await session.call(addLicense, {
    body: { ...given, name, siteIds: given.siteIds, edition, metric, quantity, pricing, currency, termStart },
  });
  printLicense(cli, made);
  tellDone(cli, `Added "${made.name}".`);
  tellNext(cli, "usher position compute");
}

export async function edit(cli: Cli, given: string, options: TermsOptions): Promise<void> {
  const session = await connect(cli);
  const license = await findLicense(session, given);
  const change = await changeOf(session, options, options.currency ?? license.currency);
  if (Object.keys(change).length === 0) throw usageFailure("Nothing to change was given.", "usher license edit --help");
  const changed = await session.call(changeLicense, {
    params: { licenseId: license.id },
    body: change,
    ifMatch: license.revision,
  });
  printLicense(cli, changed);
  tellDone(cli, changed.revision === license.revision ? "It says so already." : `Changed "${changed.name}".`);
  tellNext(cli, "usher position compute");
}

export async function end(cli: Cli, given: string, options: { on?: string; reason?: string }): Promise<void> {
  const session = await connect(cli);
  const license = await findLicense(session, given);
  const body: z.input<NonNullable<typeof endLicense.body>> & BodyOf<typeof endLicense> = {
    on: options.on ?? null,
    reason: options.reason ?? null,
  };
  const ended = await session.call(endLicense, {
    params: { licenseId: license.id },
    body,
    ifMatch: license.revision,
  });
  printLicense(cli, ended);
  tellDone(cli, `"${ended.name}" ends on ${ended.endedOn}.`);
  tellNext(cli, `usher license show ${quoted(ended.id)}`);
}

/** `none` takes away what may be left out. */
async function changeOf(session: Session, options: TermsOptions, currency: string | undefined): Promise<Change> {
  const siteIds =
    options.site && (await Promise.all(options.site.map(async (each) => (await findSite(session, each)).id)));
  const change: Change = {
    name: options.name,
    siteIds,
    edition: options.edition as Change["edition"],
    metric: options.metric as Change["metric"],
    quantity: numberOf(options.quantity, "--quantity"),
    pricing: pricingOf(options, currency),
    currency: options.currency,
    termStart: options.from,
    termEnd: orNone(options.until),
    billingDay: numberOf(options.billingDay, "--billing-day"),
    renewalOn: orNone(options.renewal),
    noticeOn: orNone(options.notice),
    autoRenew: options.autoRenew,
    renewalQuantity: numberOf(options.renewalQuantity, "--renewal-quantity"),
    costCenter: orNone(options.costCenter),
    ownerId: await ownerOf(session, orNone(options.owner)),
    note: orNone(options.note),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Change;
}

function pricingOf({ bands, tiers }: TermsOptions, currency: string | undefined): Change["pricing"] {
  const text = bands ?? tiers;
  if (text === undefined) return undefined;
  if (bands !== undefined && tiers !== undefined) throw usageFailure("Prices are --bands or --tiers, not both.");
  if (currency === undefined || !isCurrency(currency)) {
    throw usageFailure(`${currency ?? "Nothing"} is no currency.`, "Add --currency USD, or another code of ISO 4217.");
  }
  const steps = parseSteps(text, currency);
  if (steps) return { kind: bands === undefined ? "tiers" : "bands", steps };
  throw usageFailure(
    `"${text}" are no prices in ${currency}.`,
    'They look like "100: 6.55; *: 5.10": up to which seat, and the price of one.',
  );
}

function numberOf(text: string | undefined, option: string): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === "none") return null;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageFailure(`${option} ${text} is not a whole number.`, `It is a number, or none.`);
}

function orNone(text: string | undefined): string | null | undefined {
  return text === "none" ? null : text;
}

/** An operator by id, e-mail or name. */
async function ownerOf(session: Session, given: string | null | undefined): Promise<string | null | undefined> {
  if (given === undefined || given === null || given.startsWith("operator_")) return given;
  const word = given.toLowerCase();
  for await (const operator of session.items(listOperators, {})) {
    if (operator.email?.toLowerCase() === word || operator.name.toLowerCase() === word) return operator.id;
  }
  throw new CliFailure(`Nobody here is called "${given}".`, { exitCode: EXIT.notFound, next: "usher api /operators" });
}
