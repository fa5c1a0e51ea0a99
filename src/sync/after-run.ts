import { summaryTerms } from "../rules/summary-terms.ts";
import type { Database } from "../store/database.ts";
import { saveFreshness } from "../store/freshness.ts";
import { findSite } from "../store/sites.ts";
import { summarizeSite } from "../store/summaries.ts";
import type { AfterRunContext } from "./context.ts";

/**
 * What follows from the facts once a run has merged them: how fresh each kind is, seats opened and ended, and the
 * summaries that lists read. One transaction of set-based statements; calling it twice changes nothing.
 */
export async function afterRun(db: Database, context: AfterRunContext): Promise<void> {
  const { siteId, observedAt: asOf, settings } = context;
  await db.transaction(async (tx) => {
    await saveFreshness(tx, context);
    const site = await findSite(tx, siteId);
    if (!site) return;
    const { edition } = site;
    await summarizeSite(tx, { siteId, edition, asOf }, summaryTerms({ edition, ...settings }, asOf));
  });
}
