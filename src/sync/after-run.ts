import { summaryTerms } from "../rules/summary-terms.ts";
import type { Database, Tx } from "../store/database.ts";
import { saveFreshness } from "../store/freshness.ts";
import { listMatchRules } from "../store/matching/rules.ts";
import { areMatchesSettled, lockPeople, settleMatches } from "../store/matching/settle.ts";
import { findSite } from "../store/sites.ts";
import { summarizeSite } from "../store/summaries.ts";
import type { AfterRunContext } from "./context.ts";

/**
 * What follows from the facts once a run has merged them: how fresh each kind is, who is behind the accounts, seats
 * opened and ended, and the summaries that lists read. People come first: everything that moves them waits for its turn
 * there. One transaction of set-based statements; calling it twice changes nothing.
 */
export async function afterRun(db: Database, context: AfterRunContext): Promise<void> {
  const { siteId, observedAt: asOf, settings } = context;
  await db.transaction(async (tx) => {
    await saveFreshness(tx, context);
    const site = await findSite(tx, siteId);
    if (!site) return;
    await lockPeople(tx);
    if (!(await areMatchesSettled(tx, siteId))) await match(tx, context);
    const { edition } = site;
    await summarizeSite(tx, { siteId, edition, asOf }, summaryTerms({ edition, ...settings }, asOf));
  });
}

async function match(tx: Tx, { runId, siteId, observedAt }: AfterRunContext): Promise<void> {
  const { changed, moved } = await settleMatches(tx, await listMatchRules(tx), observedAt);
  if (moved === 0) return;
  const detail = { runId, accountsChanged: changed, accountsMoved: moved };
  tx.record({ actorId: "system", through: "job", entry: "accounts.matched", subjectId: siteId, detail });
}
