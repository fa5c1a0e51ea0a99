import { messageOf } from "../../lib/errors.ts";
import type { SecretBox } from "../../lib/secret-box.ts";
import type { Tx } from "../../store/database.ts";
import type { MessageOutcome, TakenMessage } from "../../store/messages.ts";
import { notify } from "../../store/notifications/notify.ts";
import {
  dropWaitingDeliveries,
  listSealedWebhooks,
  lockWebhook,
  noteWebhookResult,
  saveWebhook,
  webhookSecretPlace,
  type SealedWebhook,
} from "../../store/webhooks.ts";
import type { SendOutcome } from "./mailer.ts";
import { sendDue, type SendParts, type SentCounts } from "./send-messages.ts";
import type { WebhookPoster } from "./webhook-poster.ts";

export interface WebhookParts extends Omit<SendParts, "mailer"> {
  secrets: SecretBox;
  webhooks: WebhookPoster;
}

/** A receiver that nothing reached for so long is told of nothing any more. */
const FAILING_MS_MAX = 3 * 86_400_000;

/** Delivers what is due to webhooks, until none is left or `signal` is aborted. */
export async function sendWebhooks(parts: WebhookParts, counts: SentCounts, signal: AbortSignal): Promise<void> {
  await sendDue(parts, "webhook", counts, signal, {
    send: (message) => deliver(parts, message),
    settle: (tx, taken, outcomes) => settleWebhooks(tx, taken, outcomes, parts.clock.now()),
  });
}

async function deliver(parts: WebhookParts, message: TakenMessage): Promise<SendOutcome> {
  const [webhook] = await listSealedWebhooks(parts.db, [message.recipient]);
  if (!webhook) return failed("There is no such webhook any more.");
  if (webhook.state === "disabled") return failed("The webhook is disabled.");
  const secrets = openSecrets(parts, webhook);
  if (typeof secrets === "string") return failed(secrets);
  const { id, kind, subjectId, data, createdAt } = message;
  const body = JSON.stringify({ type: kind, timestamp: createdAt.toISOString(), data: { subjectId, ...data } });
  return parts.webhooks.post({ id, url: webhook.url, body, secrets, at: parts.clock.now() });
}

/** The secrets that sign now, or why none can be opened. */
function openSecrets({ secrets, clock, log }: WebhookParts, webhook: SealedWebhook): string[] | string {
  const { id, secret, previousSecret, previousUntil } = webhook;
  const isOverlapping = previousSecret !== null && previousUntil !== null && previousUntil > clock.now();
  try {
    return [secret, ...(isOverlapping ? [previousSecret] : [])].map((each) =>
      secrets.open(webhookSecretPlace(id), each),
    );
  } catch (error) {
    log.error({ webhookId: id, error: messageOf(error) }, "the secret of a webhook cannot be opened");
    return "Its secret cannot be opened with this installation's keys. Rotate it, and give the receiver the new one.";
  }
}

function failed(error: string): SendOutcome {
  return { outcome: "failed", statusCode: null, error };
}

/** Keeps since when each fails, and disables the ones that fail for too long or want no more. */
async function settleWebhooks(
  tx: Tx,
  taken: readonly TakenMessage[],
  outcomes: readonly MessageOutcome[],
  at: Date,
): Promise<void> {
  const outcomeById = new Map(outcomes.map((each) => [each.id, each]));
  const ofWebhook = Map.groupBy(taken, (each) => each.recipient);
  for (const [webhookId, messages] of [...ofWebhook].toSorted()) {
    const ended = messages.flatMap((each) => outcomeById.get(each.id) ?? []);
    await noteWebhookResult(
      tx,
      webhookId,
      ended.some((each) => each.outcome === "sent"),
      at,
    );
    const webhook = await lockWebhook(tx, webhookId);
    if (!webhook || webhook.state === "disabled") continue;
    const isUnwanted = ended.some((each) => each.statusCode === 410);
    const failsSince = webhook.failingSince;
    const isTooLong = failsSince !== null && at.getTime() - failsSince.getTime() > FAILING_MS_MAX;
    if (!isUnwanted && !isTooLong) continue;
    const reason = isUnwanted
      ? "It answered 410: it wants no more."
      : `Nothing was delivered since ${failsSince?.toISOString().slice(0, 10)}. The last try: ${ended.at(-1)?.error ?? ""}`;
    await disable(tx, webhook, reason, at);
  }
}

async function disable(
  tx: Tx,
  webhook: NonNullable<Awaited<ReturnType<typeof lockWebhook>>>,
  reason: string,
  at: Date,
): Promise<void> {
  const { id, name, ownerId } = webhook;
  await saveWebhook(tx, { ...webhook, state: "disabled", disabledReason: reason }, at);
  await dropWaitingDeliveries(tx, id, "The webhook was disabled before it was delivered.", at);
  tx.record({
    actorId: "system",
    through: "job",
    entry: "webhook.disabled",
    subjectId: id,
    detail: {},
    personal: { reason },
  });
  const data = { webhook: name, webhookId: id, reason };
  await notify(tx, { kind: "webhook-disabled", subjectId: id, data, at, ownerId, dedupeKey: null });
}
