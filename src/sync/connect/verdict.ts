import type { Probe } from "../../model/connections.ts";
import { judgeSite, type SiteVerdict } from "../../rules/connection-health.ts";
import { ALWAYS_ON } from "../../rules/connections.ts";
import type { Tx } from "../../store/database.ts";
import { findLostDetail, listSiteCapabilities } from "../../store/site-capabilities.ts";
import { saveSiteHealth } from "../../store/sites.ts";

/**
 * What a connection's check says of the site as a whole: only what this connection reads of it. Where others read it and
 * this one nothing, its check says nothing of the site; without its roster, it can say what failed and not that all is well.
 */
export async function saveVerdict(
  tx: Tx,
  connectionId: string,
  siteId: string,
  verdict: SiteVerdict,
  probes: readonly Probe[],
): Promise<void> {
  const served = (await listSiteCapabilities(tx, [siteId])).filter((each) => each.isServed);
  if (served.length === 0) return saveSiteHealth(tx, siteId, verdict.health, verdict.healthDetail);
  const own = served.filter((each) => each.connectionId === connectionId).map((each) => each.capability);
  if (own.length === 0) return;
  const judged = judgeSite(own, probes);
  if (!own.includes(ALWAYS_ON)) {
    const worst = probes.find((each) => own.includes(each.capability) && each.outcome === "failed");
    if (!worst) return;
    const detail = { capability: worst.capability, reason: `${worst.name}: ${worst.detail}`, fix: worst.fix ?? "" };
    return saveSiteHealth(tx, siteId, "degraded", detail);
  }
  const health = verdict.health === "needs-reauthorization" ? verdict.health : judged.health;
  const lost = health === "connected" ? await findLostDetail(tx, siteId) : null;
  await saveSiteHealth(tx, siteId, lost ? "degraded" : health, lost ?? judged.healthDetail);
}
