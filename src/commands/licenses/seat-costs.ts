import { toDay } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { SeatCost } from "../../model/money.ts";
import { seatCostOfLicense } from "../../rules/billing/seat-cost.ts";
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
