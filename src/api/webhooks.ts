import { z } from "zod";
import { NOTIFICATION_KINDS } from "../model/notifications.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";
import { Message, MESSAGE_STATES } from "./messages.ts";

const kinds = NOTIFICATION_KINDS.map((each) => each.kind);

export const EventKind = z.enum(kinds as [string, ...string[]]).meta({
  id: "EventKind",
  description: NOTIFICATION_KINDS.map(({ kind, when }) => `\`${kind}\`: ${when}.`).join(" "),
});

/** Events of the matrix, and actions that a site hands to an outside flow. */
const events = z.array(EventKind).min(1).max(kinds.length);
const url = z
  .url({ protocol: /^https?$/, error: "a web address such as https://flows.example.com/usher" })
  .max(2000)
  .meta({ description: "https. Internal addresses only where the setting `USHER_WEBHOOK_ALLOW` names them." });

export const Webhook = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    state: z.enum(["active", "disabled"]),
    disabledReason: z.string().nullable(),
    failingSince: instant.nullable().meta({ description: "Since when nothing was delivered; null while all is well." }),
    previousUntil: instant.nullable().meta({ description: "Until when the secret before the newest also signs." }),
    ownerId: z.string().nullable(),
    revision: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Webhook" });

const NewSecret = Webhook.extend({
  secret: z.string().meta({ description: "Shown this once. Deliveries are signed with it by Standard Webhooks." }),
}).meta({ id: "WebhookWithSecret" });

const params = z.strictObject({ webhookId: idOf("webhook") });
const NO_SUCH_WEBHOOK = { "no-such-webhook": { status: 404, says: "There is no such webhook." } } as const;
const NAME_TAKEN = {
  "name-taken": { status: 409, says: "Another webhook has this name. Choose another one." },
} as const;
const DISABLED = {
  "webhook-disabled": { status: 409, says: "The webhook is disabled or deleted. Enable it first." },
} as const;
const NOT_ALLOWED = {
  "address-not-allowed": { status: 422, says: "A webhook may not go to this address, and nothing was saved." },
} as const;

export const listWebhooks = defineList({
  id: "webhooks.list",
  path: "/webhooks",
  summary: "Other systems that are told of events",
  scope: "notifications:read",
  item: Webhook,
  sorts: ["name", "createdAt"],
  filters: { state: z.enum(["active", "disabled"]).optional() },
});

export const getWebhook = defineRoute({
  id: "webhooks.get",
  method: "GET",
  path: "/webhooks/{webhookId}",
  summary: "One webhook",
  scope: "notifications:read",
  params,
  answer: Webhook,
  refusals: NO_SUCH_WEBHOOK,
  revisioned: true,
});

export const createWebhook = defineRoute({
  id: "webhooks.create",
  method: "POST",
  path: "/webhooks",
  summary: "Tell another system of events",
  description:
    "Each event is posted as JSON and signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). " +
    "What is not answered with 2xx within 15 seconds is tried again for about a day. The secret is in this answer and " +
    "nowhere else, ever again.",
  scope: "notifications:write",
  body: z.strictObject({ name: text(100), url, events }),
  answer: NewSecret,
  status: 201,
  refusals: { ...NOT_ALLOWED, ...NAME_TAKEN },
  revisioned: true,
});

export const changeWebhook = defineRoute({
  id: "webhooks.change",
  method: "PATCH",
  path: "/webhooks/{webhookId}",
  summary: "Change a webhook, or switch it off and on",
  scope: "notifications:write",
  params,
  body: z.strictObject({ name: text(100), url, events, state: z.enum(["active", "disabled"]) }).partial(),
  answer: Webhook,
  refusals: { ...NO_SUCH_WEBHOOK, ...NOT_ALLOWED, ...NAME_TAKEN },
  revisioned: true,
  needsIfMatch: true,
});

export const rotateWebhook = defineRoute({
  id: "webhooks.rotate",
  method: "POST",
  path: "/webhooks/{webhookId}/rotate",
  summary: "Give a webhook a new secret",
  description: "The one before signs beside it for some hours, so that the receiver can change over without a loss.",
  scope: "notifications:write",
  params,
  body: z.strictObject({
    overlapHours: z.int().min(0).max(720).default(24).meta({ description: "0: the old one ends at once." }),
  }),
  answer: NewSecret,
  refusals: NO_SUCH_WEBHOOK,
});

export const testWebhook = defineRoute({
  id: "webhooks.test",
  method: "POST",
  path: "/webhooks/{webhookId}/test",
  summary: "Send a webhook an event that says nothing",
  scope: "notifications:write",
  params,
  answer: Message,
  status: 202,
  refusals: { ...NO_SUCH_WEBHOOK, ...DISABLED },
});

export const deleteWebhook = defineRoute({
  id: "webhooks.delete",
  method: "DELETE",
  path: "/webhooks/{webhookId}",
  summary: "Tell a webhook of nothing any more",
  description: "Its deliveries stay to be looked at, in the list of messages.",
  scope: "notifications:write",
  params,
  refusals: NO_SUCH_WEBHOOK,
});

export const listDeliveries = defineList({
  id: "webhooks.deliveries",
  path: "/webhooks/{webhookId}/deliveries",
  summary: "What a webhook was told, and what it answered",
  scope: "notifications:read",
  params,
  item: Message,
  sorts: ["createdAt"],
  defaultSort: "-createdAt",
  filters: { state: manyOf(z.enum(MESSAGE_STATES)).optional(), kind: manyOf(text(100)).optional() },
  refusals: NO_SUCH_WEBHOOK,
});

export const replayDelivery = defineRoute({
  id: "webhooks.replay",
  method: "POST",
  path: "/webhooks/{webhookId}/deliveries/{messageId}/replay",
  summary: "Deliver an event once more, with the same id",
  scope: "notifications:write",
  params: z.strictObject({ webhookId: idOf("webhook"), messageId: idOf("message") }),
  answer: Message,
  status: 202,
  refusals: {
    "no-such-message": { status: 404, says: "This webhook has no such delivery." },
    "still-waiting": { status: 409, says: "It still waits to be delivered, and will be by itself." },
    ...DISABLED,
  },
});

export const webhookRoutes = [
  listWebhooks,
  getWebhook,
  createWebhook,
  changeWebhook,
  rotateWebhook,
  testWebhook,
  deleteWebhook,
  listDeliveries,
  replayDelivery,
];
