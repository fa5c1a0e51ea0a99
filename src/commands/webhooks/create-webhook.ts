import type { AddressPolicy } from "../../lib/address-policy.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import { refuseWebhookUrl } from "../../lib/webhook-url.ts";
import { StoreFailure } from "../../store/database.ts";
import {
  findWebhook,
  insertWebhook,
  makeWebhookId,
  webhookSecretPlace,
  type WebhookRow,
} from "../../store/webhooks.ts";
import type { Context } from "../context.ts";
import { makeWebhookSecret } from "./webhook-secret.ts";

export interface NewWebhook {
  name: string;
  url: string;
  events: readonly string[];
}

export interface AddressRefusal {
  code: "address-not-allowed";
  errors: { field: "url"; what: string; expected: string }[];
}

export type CreateWebhookRefusal = AddressRefusal | "name-taken";

/** The secret is in this answer and nowhere else: the database holds it sealed. */
export function createWebhook(
  { db, clock, secrets, actor }: Context,
  policy: AddressPolicy,
  { name, url, events }: NewWebhook,
): Promise<Result<WebhookRow & { secret: string }, CreateWebhookRefusal>> {
  const work = db.transaction(async (tx): Promise<Result<WebhookRow & { secret: string }, CreateWebhookRefusal>> => {
    const refused = refuseAddress(url, policy);
    if (refused) return refuse(refused);
    const at = clock.now();
    const id = await makeWebhookId(tx);
    const secret = makeWebhookSecret();
    const sealed = secrets.seal(webhookSecretPlace(id), secret);
    const told = [...new Set(events)].sort();
    await insertWebhook(tx, { id, name, url, events: told, secret: sealed, ownerId: actor.operatorId, at });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "webhook.created",
      subjectId: id,
      detail: { events: told },
      personal: { name, url },
    });
    const made = await findWebhook(tx, id);
    if (!made) throw new Error(`The webhook ${id} was just inserted and is not there.`);
    return ok({ ...made, secret });
  });
  return work.catch(refuseTakenWebhookName);
}

/** Why the address may not be one of a webhook; null where it may. */
export function refuseAddress(url: string, policy: AddressPolicy): AddressRefusal | null {
  const what = refuseWebhookUrl(new URL(url), policy);
  const expected = "an https address that anybody can reach, or one that USHER_WEBHOOK_ALLOW names";
  return what === null ? null : { code: "address-not-allowed", errors: [{ field: "url", what, expected }] };
}

export function refuseTakenWebhookName(thrown: unknown): Result<never, "name-taken"> {
  if (thrown instanceof StoreFailure && thrown.constraint === "webhooks_name") return refuse("name-taken");
  throw thrown;
}
