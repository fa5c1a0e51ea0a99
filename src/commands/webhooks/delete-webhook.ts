import { ok, refuse, type Result } from "../../lib/result.ts";
import { endWebhook, lockWebhook } from "../../store/webhooks.ts";
import type { Context } from "../context.ts";

/** It is told of nothing any more; its deliveries stay to be looked at. */
export function deleteWebhook(
  { db, clock, actor }: Context,
  webhookId: string,
): Promise<Result<void, "no-such-webhook">> {
  return db.transaction(async (tx) => {
    if (!(await lockWebhook(tx, webhookId))) return refuse("no-such-webhook");
    await endWebhook(tx, webhookId, clock.now());
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "webhook.deleted", subjectId: webhookId });
    return ok(undefined);
  });
}
