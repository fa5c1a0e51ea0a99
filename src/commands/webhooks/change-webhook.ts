import type { AddressPolicy } from "../../lib/address-policy.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Tx } from "../../store/database.ts";
import { dropWaitingDeliveries, findWebhook, lockWebhook, saveWebhook, type WebhookRow } from "../../store/webhooks.ts";
import type { Context } from "../context.ts";
import { refuseAddress, refuseTakenWebhookName, type AddressRefusal } from "./create-webhook.ts";

export interface WebhookChange {
  name?: string;
  url?: string;
  events?: readonly string[];
  state?: WebhookRow["state"];
}

export type ChangeWebhookRefusal = AddressRefusal | "no-such-webhook" | "stale-revision" | "name-taken";

/** `revision` null changes whatever is there. What waits for one that is switched off is not sent. */
export function changeWebhook(
  context: Context,
  policy: AddressPolicy,
  webhookId: string,
  revision: number | null,
  change: WebhookChange,
): Promise<Result<WebhookRow, ChangeWebhookRefusal>> {
  const { db, clock } = context;
  const work = db.transaction(async (tx): Promise<Result<WebhookRow, ChangeWebhookRefusal>> => {
    const webhook = await lockWebhook(tx, webhookId);
    if (!webhook) return refuse("no-such-webhook");
    if (revision !== null && revision !== webhook.revision) return refuse("stale-revision");
    const refused = change.url === undefined ? null : refuseAddress(change.url, policy);
    if (refused) return refuse(refused);

    const at = clock.now();
    const state = change.state ?? webhook.state;
    const disabledReason = state === "active" ? null : (webhook.disabledReason ?? "Somebody switched it off.");
    const events = change.events ? [...new Set(change.events)].sort() : webhook.events;
    const { name = webhook.name, url = webhook.url } = change;
    await saveWebhook(tx, { id: webhookId, name, url, events, state, disabledReason }, at);
    if (state === "disabled") await dropWaitingDeliveries(tx, webhookId, "The webhook was switched off.", at);
    record(tx, context, webhookId, { fields: Object.keys(change).sort(), events, state }, { name, url });
    return ok((await findWebhook(tx, webhookId))!);
  });
  return work.catch(refuseTakenWebhookName);
}

function record(
  tx: Tx,
  { actor }: Context,
  subjectId: string,
  detail: Record<string, unknown>,
  personal: Record<string, unknown>,
): void {
  const { operatorId: actorId, through } = actor;
  tx.record({ actorId, through, entry: "webhook.changed", subjectId, detail, personal });
}
