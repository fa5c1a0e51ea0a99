import { ok, refuse, type Result } from "../../lib/result.ts";
import type { AlertTerms } from "../../rules/capacity/alerts.ts";
import { type CapacityAlert, deleteAlert, findAlert, insertAlert } from "../../store/licenses/capacity-alerts.ts";
import { findSite } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export type AddAlertRefusal = "no-such-site" | "alert-exists" | "percent-too-high";

/** Most of a site's seats that an alert can be about: more than all of them may be used where Atlassian lets it. */
const PERCENT_MAX = 200;

export function addCapacityAlert(
  { db, clock, actor }: Context,
  { siteId, unit, threshold, recipients }: AlertTerms & { siteId: string; recipients: string[] },
): Promise<Result<CapacityAlert, AddAlertRefusal>> {
  return db.transaction(async (tx) => {
    if (!(await findSite(tx, siteId))) return refuse("no-such-site");
    if (unit === "percent" && threshold > PERCENT_MAX) return refuse("percent-too-high");
    const made = { siteId, unit, threshold, recipients, createdBy: actor.operatorId, at: clock.now() };
    const id = await insertAlert(tx, made);
    if (id === null) return refuse("alert-exists");
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "capacity-alert.added",
      subjectId: id,
      detail: { siteId, unit, threshold },
      personal: { recipients },
    });
    const alert = await findAlert(tx, id);
    if (!alert) throw new Error(`The alert ${id} is gone while it is made.`);
    return ok(alert);
  });
}

export function removeCapacityAlert({ db, actor }: Context, alertId: string): Promise<Result<null, "no-such-alert">> {
  return db.transaction(async (tx) => {
    const alert = await findAlert(tx, alertId);
    if (!alert) return refuse("no-such-alert");
    await deleteAlert(tx, alertId);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "capacity-alert.removed",
      subjectId: alertId,
      detail: { siteId: alert.siteId, unit: alert.unit, threshold: alert.threshold },
    });
    return ok(null);
  });
}
