import { toDay } from "../../lib/day.ts";
import type { Reader } from "../../store/database.ts";
import { listLicensesInForce } from "../../store/licenses/licenses.ts";
import { countSeatsGiven } from "../../store/plans/restorable.ts";
import { countSeatsBySite } from "../../store/licenses/seat-counts.ts";

/**
 * Seats that were bought for a site and that nobody holds, nor is being given now; null where no license says how many
 * there are.
 */
export async function countFreeSeats(reader: Reader, siteId: string, at: Date): Promise<number | null> {
  const licenses = await listLicensesInForce(reader, toDay(at), [siteId]);
  const [first] = licenses;
  // Where what is counted is billed, one more seat is there for whoever pays for it.
  if (!first || licenses.some((each) => each.quantity === null)) return null;
  const bought = licenses.reduce((sum, each) => sum + (each.quantity ?? 0), 0);
  const siteIds = [...new Set(licenses.flatMap((each) => each.siteIds))];
  const held = await countSeatsBySite(reader, siteIds);
  const given = await countSeatsGiven(reader, siteIds);
  return bought - given - siteIds.reduce((sum, each) => sum + (held.get(each) ?? 0), 0);
}
