import { ok, refuse, type Result } from "../../lib/result.ts";
import {
  findWebhook,
  lockWebhook,
  saveWebhookSecret,
  webhookSecretPlace,
  type WebhookRow,
} from "../../store/webhooks.ts";
import type { Context } from "../context.ts";
import { makeWebhookSecret } from "./webhook-secret.ts";

const HOUR_MS = 3_600_000;

/** Gives it a new secret. The one before signs beside it for `overlapHours`, so that no delivery is lost meanwhile. */
export function rotateWebhook(
  { db, clock, secrets, actor }: Context,
  webhookId: string,
  overlapHours: number,
): Promise<Result<WebhookRow & { secret: string }, "no-such-webhook">> {
  return db.transaction(async (tx) => {
    if (!(await lockWebhook(tx, webhookId))) return refuse("no-such-webhook");
    const at = clock.now();
    const secret = makeWebhookSecret();
    const until = new Date(at.getTime() + overlapHours * HOUR_MS);
    await saveWebhookSecret(tx, webhookId, { secret: secrets.seal(webhookSecretPlace(webhookId), secret), until, at });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "webhook.rotated",
      subjectId: webhookId,
      detail: { overlapHours },
    });
    return ok({ ...(await findWebhook(tx, webhookId))!, secret });
  });
}
