import { toDay } from "../../lib/day.ts";
import { capacityOfSite, reaches } from "../../rules/capacity/alerts.ts";
import type { Tx } from "../../store/database.ts";
import { listWatchedAlerts, saveCrossed } from "../../store/licenses/capacity-alerts.ts";
import { notify } from "../../store/notifications/notify.ts";

/** Tells whoever asked for it that a threshold was reached: once, and again when it was less and is reached anew. */
export async function watchCapacity(tx: Tx, at: Date): Promise<void> {
  for (const alert of await listWatchedAlerts(tx, toDay(at))) {
    const owned = capacityOfSite(alert);
    const isReached = reaches(alert, alert.used, owned);
    if (isReached === (alert.crossedAt !== null)) continue;
    await saveCrossed(tx, alert.id, isReached ? at : null);
    if (!isReached) continue;
    const { id, site, siteId, used, threshold, unit, recipients, createdBy } = alert;
    await notify(tx, {
      kind: "capacity-alert",
      subjectId: siteId,
      data: { site, siteId, used, owned, threshold, unit },
      at,
      siteIds: [siteId],
      ownerId: createdBy,
      asked: recipients,
      dedupeKey: `capacity-alert/${id}/${at.toISOString()}`,
    });
  }
}
