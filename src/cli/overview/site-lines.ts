import type { z } from "zod";
import type { SiteOverview } from "../../api/overview.ts";
import type { Colors } from "../output/colors.ts";
import { counted, formatDate, formatMoney, formatNumber, formatRelative } from "../output/format.ts";
import { cut, oneLine } from "../output/width.ts";

export type SiteRow = z.input<typeof SiteOverview>;
type Status = keyof SiteRow["seats"];
type EvidenceRow = SiteRow["evidence"][number];

const STATUSES: readonly { status: Status; label: string; tone: keyof Colors }[] = [
  { status: "active", label: "active", tone: "ok" },
  { status: "idle", label: "idle", tone: "warn" },
  { status: "never-used", label: "never used", tone: "warn" },
  { status: "no-evidence", label: "no evidence", tone: "muted" },
];

const EVIDENCE_WORDS: Record<EvidenceRow["kind"], string> = {
  viewed: "views",
  contributed: "edits and comments",
  administered: "administration",
  authenticated: "log-ins",
};

const SOURCE_WORDS: Record<EvidenceRow["source"], string> = {
  organization: "organization key",
  "content-search": "content search",
  "audit-log": "audit log",
  import: "import",
};

/** Cells of the name in front of each line. */
const NAME_CELLS = 13;

export interface SiteLinesOptions {
  colors: Colors;
  now: Date;
  /** Cells of a line; what is longer is cut. */
  widthMax: number;
  /** Days after which a seat is idle; null where that is not known here. */
  idleAfterDays: number | null;
}

/** What a license manager wants to know of a site, in nine lines: seats and what each status rests on, money, groups, gaps. */
export function siteLines(site: SiteRow, options: SiteLinesOptions): string[] {
  const { colors } = options;
  const line = (name: string, text: string) => named(name, text, options);
  return [
    headLine(site, options),
    ...STATUSES.map(({ status, label, tone }) => {
      const count = formatNumber(site.seats[status]).padStart(7);
      const text = cut(`${count} ${label.padEnd(11)}  ${restsOn(site, status, options)}`, options.widthMax - 2);
      return `  ${colors[tone](text.slice(0, count.length + 12))}${text.slice(count.length + 12)}`;
    }),
    ...(site.excluded.any > 0 ? [line("Excluded", excludedText(site))] : []),
    line("Money", moneyText(site)),
    line("Seats from", groupsText(site)),
    line("Besides", besidesText(site)),
    line("Not seen", notSeenText(site)),
  ];
}

function headLine(
  { site, edition, mode, seatsTotal, dataAsOf, isStale }: SiteRow,
  { colors, now }: SiteLinesOptions,
): string {
  const parts = [
    counted(seatsTotal, "seat"),
    edition ?? "edition unknown",
    mode === "act" ? "Usher may act" : "observe only",
    dataAsOf ? `data as of ${formatRelative(new Date(dataAsOf), now)}` : "no data yet",
  ];
  return `${colors.strong(oneLine(site))}  ${parts.join(" · ")}${isStale && dataAsOf ? colors.warn(" (stale)") : ""}`;
}

function named(name: string, text: string, { colors, widthMax }: SiteLinesOptions): string {
  return `  ${colors.muted(name.padEnd(NAME_CELLS))}${cut(text, widthMax - NAME_CELLS - 2)}`;
}

/** What lets a seat be called so, in words; what would be needed where nothing does. */
function restsOn({ evidence }: SiteRow, status: Status, { idleAfterDays }: SiteLinesOptions): string {
  const limit = idleAfterDays === null ? "lately" : `in the last ${idleAfterDays} days`;
  const readers = evidence.filter(({ seesReaders }) => seesReaders);
  const coverage = readers.map(coverageText).join(", ");
  switch (status) {
    case "active":
      return `used ${limit}: ${evidence.map(sourceText).join(", ") || "nothing was collected yet"}`;
    case "idle":
      return readers.length > 0
        ? `used, but not ${limit}: ${coverage}`
        : "cannot be told: nothing that was read sees readers";
    case "never-used":
      return readers.length > 0 ? `no use ever: ${coverage}` : "cannot be told: nothing that was read sees readers";
    case "no-evidence":
      return "nothing that sees readers covers the time; no proof of silence";
  }
}

function sourceText({ kind, source }: EvidenceRow): string {
  return `${EVIDENCE_WORDS[kind]} (${SOURCE_WORDS[source]})`;
}

function coverageText({ kind, knownSince }: EvidenceRow): string {
  return `${EVIDENCE_WORDS[kind]} known ${knownSince ? `since ${formatDate(new Date(knownSince))}` : "for each account's whole life"}`;
}

/** Exclusions lie over the statuses: the seats are counted above too. */
function excludedText({ excluded }: SiteRow): string {
  const effects = (["not-counted", "no-reclaim", "no-review", "no-notify"] as const)
    .filter((effect) => excluded[effect] > 0)
    .map((effect) => `${formatNumber(excluded[effect])} ${effect}`);
  return `${counted(excluded.any, "seat")}, whatever the status: ${effects.join(", ")}`;
}

function moneyText({ money, noMoneyBecause, seats }: SiteRow): string {
  if (!money) return noMoneyBecause ?? "no list price for this edition";
  const { currency } = money;
  const idle = `${formatMoney(money.idleMinor, currency)} a month for ${counted(seats.idle, "idle seat")}`;
  const unused = `${formatMoney(money.neverUsedMinor, currency)} never used`;
  return `${idle}, ${unused}, of ${formatMoney(money.seatsMinor, currency)} (list price ${formatMoney(money.perSeatMinor, currency)})`;
}

function groupsText({ productAccessGroups: groups }: SiteRow): string {
  if (groups.length === 0) return "no group that gives a seat was found";
  return groups
    .map(
      ({ name, members, isConfirmed, managedBy }) =>
        `${oneLine(name)} ${formatNumber(members)}${managedBy === "external" ? " (identity provider)" : ""}${isConfirmed ? "" : " (to confirm)"}`,
    )
    .join(" · ");
}

function besidesText({ accounts }: SiteRow): string {
  const parts = [
    counted(accounts.guest, "guest"),
    counted(accounts.app, "app"),
    counted(accounts.customer, "customer"),
    `${formatNumber(accounts.deactivated)} deactivated`,
    `${formatNumber(accounts["no-access"])} without access`,
  ];
  return `${parts.join(" · ")}; none of them holds a seat`;
}

function notSeenText({ notSeen }: SiteRow): string {
  if (notSeen.length === 0) return "nothing: every listing was read to its end";
  return notSeen
    .map(
      ({ kind, listings, because }) =>
        `${counted(listings, `listing of ${kind}`, `listings of ${kind}`)}: ${because ?? "no reason given"}`,
    )
    .join(" · ");
}
