import { SOURCE_LATE_HOURS } from "../../rules/evidence.ts";
import { summaryTerms } from "../../rules/summary-terms.ts";
import type { Tx } from "../../store/database.ts";
import { findStatusBasis } from "../../store/evidence.ts";
import { isBeingRead } from "../../store/imports/evidence.ts";
import { findSite } from "../../store/sites.ts";
import { summarizeSite } from "../../store/summaries.ts";

/**
 * The statuses and prices of a site as of its last run, with what came to be known since. A site that was never read has
 * none yet, and one that is being read gets them when its run ends.
 */
export async function summarizeAnew(tx: Tx, siteId: string): Promise<void> {
  const [site, basis] = [await findSite(tx, siteId), await findStatusBasis(tx, siteId)];
  if (!site || !basis || (await isBeingRead(tx, siteId))) return;
  const { asOf, idleAfterDays, lateHoursMax } = basis;
  const { edition } = site;
  const terms = summaryTerms({ edition, idleAfterDays, staleAfterHours: lateHoursMax - SOURCE_LATE_HOURS }, asOf);
  await summarizeSite(tx, { siteId, edition, asOf }, terms);
}
