import { ok, refuse, type Result } from "../../lib/result.ts";
import { findMessage, lockMessage, saveMessageAgain, type MessageRow } from "../../store/message-lists.ts";
import { findWebhook } from "../../store/webhooks.ts";
import type { Context } from "../context.ts";

export type SendAgainRefusal = "no-such-message" | "still-waiting" | "webhook-disabled" | "mail-was-sent";

/**
 * Sends a message once more, with its own id: a failed one, or a delivery that the receiver lost. A mail that was sent
 * is not sent twice: whoever got it has it.
 */
export function sendAgain(
  { db, clock, actor }: Context,
  messageId: string,
  ofWebhookId: string | null,
): Promise<Result<MessageRow, SendAgainRefusal>> {
  return db.transaction(async (tx) => {
    const message = await lockMessage(tx, messageId);
    if (!message || (ofWebhookId !== null && message.recipient !== ofWebhookId)) return refuse("no-such-message");
    if (message.state === "waiting") return refuse("still-waiting");
    if (message.channel === "mail" && message.state === "sent") return refuse("mail-was-sent");
    if (message.channel === "webhook" && (await findWebhook(tx, message.recipient))?.state !== "active") {
      return refuse("webhook-disabled");
    }
    await saveMessageAgain(tx, messageId, clock.now());
    const { operatorId: actorId, through } = actor;
    tx.record({ actorId, through, entry: "message.sent-again", subjectId: messageId });
    return ok((await findMessage(tx, messageId))!);
  });
}
