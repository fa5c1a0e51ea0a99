import type { Tx } from "../store/database.ts";
import { notify } from "../store/notifications/notify.ts";
import type { RunEnd, RunRow } from "../store/runs.ts";
import { findSite } from "../store/sites.ts";

/**
 * Tells the owners of the site's connections of a run that needs them, once a day for each way in which it can: a delta
 * that fails every hour is one mail.
 */
export async function tellRunEnd(
  tx: Tx,
  run: Pick<RunRow, "id" | "siteId" | "connectionId">,
  end: RunEnd,
): Promise<void> {
  if (end.state !== "failed" && end.state !== "held" && end.state !== "partial") return;
  const site = await findSite(tx, run.siteId);
  if (!site) return;
  const { at } = end;
  const day = at.toISOString().slice(0, 10);
  const about = { subjectId: run.siteId, connectionId: run.connectionId, siteIds: [run.siteId], at };
  const { name, health, healthDetail } = site;
  const keyOf = (kind: string) => `${kind}/${run.siteId}/${day}`;
  if (end.state === "held") {
    const data = { site: name, runId: run.id };
    await notify(tx, { ...about, kind: "run-held", data, dedupeKey: keyOf("run-held") });
    return;
  }
  const { reason = "", fix = "" } = healthDetail ?? {};
  // A lost credential is told by whoever lost it, also for runs of other sites.
  if (health === "needs-reauthorization") return;
  if (end.state === "failed") {
    const data = { site: name, runId: run.id, reason: end.error?.message ?? "The run failed." };
    await notify(tx, { ...about, kind: "run-failed", data, dedupeKey: keyOf("run-failed") });
    return;
  }
  if (health !== "degraded") return;
  const data = { site: name, reason, fix };
  await notify(tx, { ...about, kind: "connection-degraded", data, dedupeKey: keyOf("connection-degraded") });
}
