import { toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { SavingDate, SeatCost } from "../../model/money.ts";
import { monthSavingOf, savingDate, seatCostOfLicense } from "../../rules/billing/seat-cost.ts";
import { seatCostAtListPrice } from "../../rules/seat-cost.ts";
import type { Reader } from "../../store/database.ts";
import { listLicensesInForce } from "../../store/licenses/licenses.ts";
import { countSeatsBySite } from "../../store/licenses/seat-counts.ts";
import { listSiteEditions } from "../../store/licenses/site-editions.ts";

/**
 * What a seat of each site costs at `at`: by the license that covers the site then, else by the list price of its
 * edition. Sites that are not known are left out. Of a license for several sites, the seats of all of them count.
 */
export async function seatCosts(reader: Reader, siteIds: readonly string[], at: Date): Promise<Map<string, SeatCost>> {
  const sites = await listSiteEditions(reader, siteIds);
  const licenses = await listLicensesInForce(reader, toDay(at), siteIds);
  const licenseOf = (siteId: string): License | undefined => licenses.find((each) => each.siteIds.includes(siteId));
  const seats = await countSeatsBySite(
    reader,
    licenses.flatMap((license) => license.siteIds),
  );
  return new Map(
    sites.map((site) => {
      const license = licenseOf(site.id);
      if (!license) return [site.id, seatCostAtListPrice(site)];
      const used = license.siteIds.reduce((sum, siteId) => sum + (seats.get(siteId) ?? 0), 0);
      return [site.id, seatCostOfLicense(license, site.id, used, at)];
    }),
  );
}

/** What seats of one currency and of one date of saving take off a month together. */
export interface MonthSaving {
  currency: string;
  monthMinor: number;
  seats: number;
  saving: SavingDate;
}

/**
 * What giving back so many seats of each site would take off a month, by currency and by when it is felt. The seats of a
 * license go together: bands and tiers are left from the top. `withoutPrice` are seats whose price nobody knows.
 */
export async function monthSavings(
  reader: Reader,
  seatsBySite: ReadonlyMap<string, number>,
  at: Date,
): Promise<{ savings: MonthSaving[]; withoutPrice: number }> {
  const siteIds = [...seatsBySite.keys()];
  const licenses = await listLicensesInForce(reader, toDay(at), siteIds);
  const held = await countSeatsBySite(
    reader,
    licenses.flatMap((license) => license.siteIds),
  );
  const sumOver = (sites: readonly string[], seats: ReadonlyMap<string, number>) =>
    sites.reduce((sum, siteId) => sum + (seats.get(siteId) ?? 0), 0);
  const ofLicenses = licenses.map((license) => {
    const seats = sumOver(license.siteIds, seatsBySite);
    const monthMinor = monthSavingOf(license, sumOver(license.siteIds, held), seats);
    return { seats, monthMinor, currency: license.currency, saving: savingDate(license, at) };
  });
  const uncovered = siteIds.filter((siteId) => !licenses.some((license) => license.siteIds.includes(siteId)));
  const atListPrice = (await listSiteEditions(reader, uncovered)).map((site) => {
    const { monthMinor, currency, saving } = seatCostAtListPrice(site);
    const seats = seatsBySite.get(site.id) ?? 0;
    return { seats, monthMinor: monthMinor === null ? null : monthMinor * seats, currency, saving };
  });
  return addedUp([...ofLicenses, ...atListPrice]);
}

function addedUp(
  all: readonly { seats: number; monthMinor: number | null; currency: string | null; saving: SavingDate }[],
) {
  const sums = new Map<string, MonthSaving>();
  let withoutPrice = 0;
  for (const { seats, monthMinor, currency, saving } of all) {
    if (seats === 0) continue;
    if (monthMinor === null || currency === null) {
      withoutPrice += seats;
      continue;
    }
    const key = `${currency}/${saving.kind}/${saving.from?.toISOString()}`;
    const known = sums.get(key) ?? { currency, monthMinor: 0, seats: 0, saving };
    sums.set(key, { ...known, monthMinor: known.monthMinor + monthMinor, seats: known.seats + seats });
  }
  return { savings: [...sums.values()], withoutPrice };
}
