import { ok, refuse, type Result } from "../../lib/result.ts";
import { executorsOf } from "../../rules/plans/draft-rows.ts";
import { findSiteExecutor, saveSiteExecutor, type SiteExecutor } from "../../store/plans/executors.ts";
import { lockSite } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export interface ChooseExecutorRefusal {
  code: "no-such-site" | "not-for-source" | "webhook-needed" | "stale-revision";
  detail: string;
}

/** A person chooses how the seats of a site are taken and given; plans made before keep what they say. */
export function chooseExecutor(
  { db, clock, actor }: Context,
  choice: Omit<SiteExecutor, "revision">,
  revision: number | null,
): Promise<Result<SiteExecutor, ChooseExecutorRefusal>> {
  return db.transaction(async (tx) => {
    const site = await lockSite(tx, choice.siteId);
    if (!site) return refuse({ code: "no-such-site", detail: `There is no site ${choice.siteId}.` });
    const before = await findSiteExecutor(tx, site.id);
    if (revision !== null && revision !== before.revision) {
      return refuse({ code: "stale-revision", detail: `It has revision ${before.revision} by now.` });
    }
    const offered = executorsOf(site.source);
    const wrong = [choice.executor, choice.managedExecutor].find((each) => !offered.includes(each));
    if (wrong) {
      const detail = `Seats of ${site.name} cannot be taken by ${wrong}. Choose from ${offered.join(", ")}.`;
      return refuse({ code: "not-for-source", detail });
    }
    const usesWebhook = choice.executor === "webhook" || choice.managedExecutor === "webhook";
    if (usesWebhook && choice.webhookId === null) {
      return refuse({ code: "webhook-needed", detail: "Name the webhook that the outside flow listens to." });
    }
    const at = clock.now();
    await saveSiteExecutor(tx, choice, { operatorId: actor.operatorId, at });
    const after = await findSiteExecutor(tx, site.id);
    const { executor, managedExecutor, webhookId } = after;
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "site.executor-chosen",
      subjectId: site.id,
      detail: { from: before.executor, executor, managedExecutor, webhookId },
    });
    return ok(after);
  });
}
