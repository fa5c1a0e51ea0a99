import type { Edition, SourceKind } from "../../model/connections.ts";
import type { License } from "../../model/licenses.ts";
import {
  COUNTS,
  type PositionCounts,
  type PositionLine,
  type PositionMoney,
  type PositionShare,
  type PositionStatus,
} from "../../model/position.ts";
import { allocated } from "../billing/price.ts";
import { listPriceOf } from "../list-prices.ts";
import { type LicenseFacts, type Standing, standingAtListPrice, standingOfLicense } from "./line.ts";

export type SiteShare = Omit<PositionShare, "costMinor"> & { siteId: string };

export interface PositionFacts {
  sites: readonly { id: string; source: SourceKind; edition: Edition | null }[];
  /** Sites without any seat or guest may be left out. */
  counts: ReadonlyMap<string, PositionCounts>;
  shares: readonly SiteShare[];
  /** In force at `at`; at most one a site. */
  licenses: readonly License[];
  peaks: ReadonlyMap<string, number>;
  realized: ReadonlyMap<string, number>;
  at: Date;
}

export const NO_COUNTS: PositionCounts = {
  used: 0,
  excluded: 0,
  unmapped: 0,
  guests: 0,
  active: 0,
  idle: 0,
  neverUsed: 0,
  noEvidence: 0,
  pending: 0,
  reclaimable: 0,
};

/**
 * Every line of a position: each product, followed by its editions at sites and then by its licenses; last the licenses of
 * a product that no site has yet.
 */
export function assemblePosition(facts: PositionFacts): PositionLine[] {
  const licenses = facts.licenses.map((license) => licenseLine(license, facts));
  const editions = facts.sites.map((site) => editionLine(site, licenses, facts));
  const lines = [...licenses, ...editions.filter(({ licenseId }) => licenseId === null)];
  const products = [...new Set(facts.sites.map(({ source }) => source))].toSorted();
  const ofProducts = products.flatMap((product) => {
    const isOfIt = (each: PositionLine) => each.product === product;
    return [productLine(product, lines.filter(isOfIt)), ...editions.filter(isOfIt), ...licenses.filter(isOfIt)];
  });
  return [...ofProducts, ...licenses.filter(({ product }) => !products.includes(product))];
}

function licenseLine(license: License, facts: PositionFacts): PositionLine {
  const counts = sumOf(license.siteIds.map((siteId) => facts.counts.get(siteId) ?? NO_COUNTS));
  const held = counts.used + counts.excluded;
  const standing = standingOfLicense({
    license,
    counts,
    peakSeats: facts.peaks.get(license.id) ?? held,
    realizedMinor: facts.realized.get(license.id) ?? 0,
    at: facts.at,
  } satisfies LicenseFacts);
  const { edition, metric } = license;
  const product: SourceKind = edition === "data-center" ? "confluence-data-center" : "confluence-cloud";
  const theirs = facts.shares.filter(({ siteId }) => license.siteIds.includes(siteId));
  return {
    level: "license",
    product,
    siteId: null,
    licenseId: license.id,
    edition,
    metric,
    ...counts,
    ...standing,
    shares: sharesOf(theirs, standing.money[0]?.costMinor ?? null),
  };
}

/** A site alone on its license has its numbers; one of several has its own seats and its part of the cost. */
function editionLine(
  { id, source, edition }: PositionFacts["sites"][number],
  licenses: readonly PositionLine[],
  facts: PositionFacts,
): PositionLine {
  const counts = facts.counts.get(id) ?? NO_COUNTS;
  const license = facts.licenses.find(({ siteIds }) => siteIds.includes(id));
  const line = licenses.find(({ licenseId }) => licenseId === license?.id);
  const theirs = facts.shares.filter(({ siteId }) => siteId === id);
  const standing =
    license && line
      ? license.siteIds.length === 1
        ? line
        : standingOfPart(license, line, id, facts)
      : standingAtListPrice({ edition }, listPriceOf(edition), counts);
  const { status, owned, free, short, money, ways } = standing;
  return {
    level: "edition",
    product: source,
    siteId: id,
    licenseId: license?.id ?? null,
    edition,
    metric: license?.metric ?? null,
    ...counts,
    status,
    owned,
    free,
    short,
    money,
    ways,
    shares: sharesOf(theirs, money[0]?.costMinor ?? null),
  };
}

function standingOfPart(license: License, line: PositionLine, siteId: string, facts: PositionFacts): Standing {
  const [money] = line.money;
  const weights = license.siteIds.map((each) => {
    const { used, excluded } = facts.counts.get(each) ?? NO_COUNTS;
    return used + excluded;
  });
  const cost = money?.costMinor ?? null;
  const part = cost === null ? null : (allocated(cost, weights)[license.siteIds.indexOf(siteId)] ?? null);
  const own: PositionMoney[] = money
    ? [{ ...money, costMinor: part, trueUpMinor: null, overMinor: null, avoidableMinor: null, realizedMinor: 0 }]
    : [];
  return { status: line.status, owned: null, free: null, short: null, money: own, ways: [] };
}

/** Licenses, and the sites without one, of a product together; money of one currency and period adds up. */
function productLine(product: SourceKind, lines: readonly PositionLine[]): PositionLine {
  const entries = Map.groupBy(
    lines.flatMap(({ money }) => money),
    ({ currency, period, basis }) => `${currency} ${period} ${basis}`,
  );
  return {
    level: "product",
    product,
    siteId: null,
    licenseId: null,
    edition: null,
    metric: null,
    ...sumOf(lines),
    status: worstOf(lines.map(({ status }) => status)),
    owned: totalOf(lines.map(({ owned }) => owned)),
    free: totalOf(lines.map(({ free }) => free)),
    short: totalOf(lines.map(({ short }) => short)),
    money: [...entries.values()].map(moneyOf),
    ways: [],
    shares: [],
  };
}

const WORST_FIRST: readonly PositionStatus[] = ["short", "unknown", "over", "covered"];

function worstOf(statuses: readonly PositionStatus[]): PositionStatus {
  return WORST_FIRST.find((each) => statuses.includes(each)) ?? "unknown";
}

function moneyOf(entries: readonly PositionMoney[]): PositionMoney {
  const [first] = entries as [PositionMoney];
  const sum = (read: (money: PositionMoney) => number | null) => totalOf(entries.map(read));
  const froms = entries
    .filter(({ avoidableMinor }) => (avoidableMinor ?? 0) > 0)
    .map(({ avoidableFrom }) => avoidableFrom);
  return {
    currency: first.currency,
    period: first.period,
    basis: first.basis,
    costMinor: sum(({ costMinor }) => costMinor),
    trueUpMinor: sum(({ trueUpMinor }) => trueUpMinor),
    overMinor: sum(({ overMinor }) => overMinor),
    avoidableMinor: sum(({ avoidableMinor }) => avoidableMinor),
    // Of several events the last: only then all of it is saved.
    avoidableFrom: froms.includes(null) ? null : (froms.toSorted().at(-1) ?? null),
    nextSeatMinor: null,
    lowerTier: null,
    realizedMinor: sum(({ realizedMinor }) => realizedMinor) ?? 0,
  };
}

/** One that is not known makes the whole unknown: it is not zero. */
function totalOf(amounts: readonly (number | null)[]): number | null {
  return amounts.includes(null) ? null : amounts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

function sumOf(all: readonly PositionCounts[]): PositionCounts {
  const sum = { ...NO_COUNTS };
  for (const each of all) for (const field of COUNTS) sum[field] += each[field];
  return sum;
}

/** Equal values of several sites together, each kind sharing the whole cost. */
function sharesOf(shares: readonly SiteShare[], costMinor: number | null): PositionShare[] {
  const groups = Map.groupBy(shares, ({ by, value, isRest }) => JSON.stringify([by, isRest, value]));
  const merged = [...groups.values()].map((group) => {
    const [{ by, value, isRest }] = group as [SiteShare];
    const sum = (field: "seats" | "idle" | "neverUsed") => group.reduce((all, each) => all + each[field], 0);
    return { by, value, isRest, seats: sum("seats"), idle: sum("idle"), neverUsed: sum("neverUsed") };
  });
  return (["cost-center", "department"] as const).flatMap((by) => {
    const ofKind = merged.filter((each) => each.by === by);
    const costs =
      costMinor === null
        ? null
        : allocated(
            costMinor,
            ofKind.map(({ seats }) => seats),
          );
    return ofKind.map((each, index) => ({ ...each, costMinor: costs?.[index] ?? null }));
  });
}
