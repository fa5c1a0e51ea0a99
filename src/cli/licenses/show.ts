import { stepsText } from "../../lib/money.ts";
import type { Cli } from "../cli.ts";
import { booleanColumn, type Column, idColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import type { License } from "./find.ts";

export const LICENSE_ROWS: readonly Column<License>[] = [
  textColumn("License", (license) => license.name),
  stateColumn("State", (license) => license.state),
  textColumn("Sites", (license) => license.sites),
  textColumn("Edition", (license) => license.edition),
  textColumn("Metric", (license) => license.metric),
  numberColumn("Quantity", (license) => license.quantity),
  textColumn("Price", priceText),
  textColumn("Until", (license) => license.termEnd),
  textColumn("Next bill", (license) => license.nextBillingOn),
  textColumn("Owner", (license) => license.owner),
  idColumn((license) => license.id),
];

const FIELDS: readonly Column<License>[] = [
  ...LICENSE_ROWS,
  textColumn("From", (license) => license.termStart),
  numberColumn("Billing day", (license) => license.billingDay),
  textColumn("Renewal", (license) => license.renewalOn ?? license.termEnd),
  textColumn("Notice by", (license) => license.noticeOn),
  booleanColumn("Renews itself", (license) => license.autoRenew),
  numberColumn("Renewal for", (license) => license.renewalQuantity),
  textColumn("Best day to reclaim", (license) => license.bestDayToReclaim),
  textColumn("Cost center", (license) => license.costCenter),
  textColumn("Note", (license) => license.note),
  numberColumn("Documents", (license) => license.documents),
  textColumn("Ended", (license) => license.endedOn),
  numberColumn("Revision", (license) => license.revision),
];

export function printLicense(cli: Cli, license: License): void {
  printRecord(cli, FIELDS, license);
}

function priceText({ pricing, currency, metric }: License): string {
  const period = metric === "monthly-seats" ? "month" : "year";
  const of = pricing.kind === "bands" ? `a seat and ${period}` : `a ${period}`;
  return `${stepsText(pricing.steps, currency)} ${currency} ${of}`;
}
