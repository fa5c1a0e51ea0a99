import { ok, refuse, type Result } from "../../lib/result.ts";
import { findMessage, type MessageRow } from "../../store/message-lists.ts";
import { queueMessage } from "../../store/messages.ts";
import { lockWebhook } from "../../store/webhooks.ts";
import type { Context } from "../context.ts";

/** What a receiver gets that somebody wants to try. */
export const TEST_EVENT = "test";

/** Queues an event that says nothing, signed as all others are. */
export function testWebhook(
  { db, clock, actor }: Context,
  webhookId: string,
): Promise<Result<MessageRow, "no-such-webhook" | "webhook-disabled">> {
  return db.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, webhookId);
    if (!webhook) return refuse("no-such-webhook");
    if (webhook.state === "disabled") return refuse("webhook-disabled");
    const id = await queueMessage(tx, {
      channel: "webhook",
      kind: TEST_EVENT,
      recipient: webhookId,
      subjectId: webhookId,
      data: { says: "This is a test of the webhook." },
      dedupeKey: null,
      at: clock.now(),
    });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "webhook.tested",
      subjectId: webhookId,
      detail: { messageId: id },
    });
    return ok((await findMessage(tx, id!))!);
  });
}
