import * as api from "../../api/overview.ts";
import { ok } from "../../lib/result.ts";
import type { SeatStatus } from "../../model/facts.ts";
import { seesReaders } from "../../rules/evidence.ts";
import { estimateAtListPrice } from "../../rules/list-prices.ts";
import { countExcludedSeats } from "../../store/exclusions/of-account.ts";
import {
  countSeatHolders,
  listNotSeen,
  listSiteOverviews,
  type NotSeenRow,
  type SiteOverviewRow,
} from "../../store/overview.ts";
import { handle } from "../route.ts";

export const overviewHandlers = [
  handle(api.getOverview, async ({ reader, ctx }) => {
    const now = ctx.clock.now();
    const [rows, notSeen, people, excluded] = await Promise.all([
      listSiteOverviews(reader),
      listNotSeen(reader),
      countSeatHolders(reader),
      countExcludedSeats(reader, now),
    ]);
    const notSeenBySite = Map.groupBy(notSeen, (each) => each.siteId);
    const excludedBySite = new Map(excluded.map(({ siteId, ...seats }) => [siteId, seats]));
    const sites = rows.map((row) => ({
      ...siteOverview(row, notSeenBySite.get(row.siteId) ?? [], now),
      excluded: excludedBySite.get(row.siteId) ?? NOTHING_EXCLUDED,
    }));
    return ok({
      sites,
      seats: sumSeats(rows),
      people,
      dataAsOf: sites.every((each) => each.dataAsOf !== null) ? oldest(sites.map((each) => each.dataAsOf)) : null,
      isStale: sites.some((each) => each.isStale),
    });
  }),
];

const NOTHING_EXCLUDED = { any: 0, "not-counted": 0, "no-reclaim": 0, "no-review": 0, "no-notify": 0 };

function siteOverview(row: SiteOverviewRow, notSeen: NotSeenRow[], now: Date) {
  const { siteId, site, edition, mode, health, seats, accounts, productAccessGroups, dataAsOf } = row;
  const estimate = estimateAtListPrice(edition, seats);
  return {
    siteId,
    site,
    edition,
    mode,
    health,
    seats,
    seatsTotal: Object.values(seats).reduce((sum, each) => sum + each, 0),
    accounts,
    evidence: row.evidence.map((each) => ({
      ...each,
      knownSince: each.knownSince && new Date(each.knownSince),
      knownUntil: new Date(each.knownUntil),
      seesReaders: seesReaders(each.kind),
    })),
    productAccessGroups,
    money: estimate && {
      currency: estimate.price.currency,
      perSeatMinor: estimate.price.priceMinor,
      seatsMinor: estimate.seatsMinor,
      idleMinor: estimate.idleMinor,
      neverUsedMinor: estimate.neverUsedMinor,
      unusedMinor: estimate.unusedMinor,
      realFrom: estimate.realFrom,
      basis: estimate.basis,
      priceCollectedOn: estimate.price.collectedOn,
      priceSource: estimate.price.source,
    },
    noMoneyBecause: estimate ? null : whyNoMoney(edition),
    notSeen: notSeen.map(({ kind, state, listings, code, message, fix }) => ({
      kind,
      state,
      listings,
      code,
      because: message,
      fix,
    })),
    dataAsOf,
    isStale: dataAsOf !== null && now.getTime() - dataAsOf.getTime() > row.staleAfterHours * 3_600_000,
  };
}

function whyNoMoney(edition: SiteOverviewRow["edition"]): string {
  if (edition === null) return "The site's edition could not be read, so no price is known.";
  if (edition === "unrecognized") return "The site's edition is not recognized, so no price is known.";
  return `The ${edition} edition has no list price. Add what you bought to see money.`;
}

function sumSeats(rows: readonly SiteOverviewRow[]): Record<SeatStatus, number> {
  const sum = { active: 0, idle: 0, "never-used": 0, "no-evidence": 0 };
  for (const { seats } of rows) {
    for (const status of Object.keys(sum) as SeatStatus[]) sum[status] += seats[status];
  }
  return sum;
}

function oldest(instants: readonly (Date | null)[]): Date | null {
  return instants.reduce((least, each) => (least === null || (each !== null && each < least) ? each : least), null);
}
