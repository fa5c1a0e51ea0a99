import { type Column, idColumn, instantColumn, moneyColumn, numberColumn, textColumn } from "../output/columns.ts";
import type { SiteRow } from "./site-lines.ts";

/** One line a site, for a pipe. */
export const SITE_OVERVIEWS: readonly Column<SiteRow>[] = [
  textColumn("Site", (site) => site.site),
  textColumn("Edition", (site) => site.edition),
  numberColumn("Seats", (site) => site.seatsTotal),
  numberColumn("Active", (site) => site.seats.active),
  numberColumn("Idle", (site) => site.seats.idle),
  numberColumn("Never used", (site) => site.seats["never-used"]),
  numberColumn("No evidence", (site) => site.seats["no-evidence"]),
  moneyColumn("Idle a month", ({ money }) => money && { minor: money.idleMinor, currency: money.currency }),
  moneyColumn("Never used a month", ({ money }) => money && { minor: money.neverUsedMinor, currency: money.currency }),
  instantColumn("Data as of", (site) => site.dataAsOf),
  idColumn((site) => site.siteId),
];
