import * as api from "../../api/webhooks.ts";
import { sendAgain } from "../../commands/messages/send-again.ts";
import { changeWebhook } from "../../commands/webhooks/change-webhook.ts";
import { createWebhook } from "../../commands/webhooks/create-webhook.ts";
import { deleteWebhook } from "../../commands/webhooks/delete-webhook.ts";
import { rotateWebhook } from "../../commands/webhooks/rotate-webhook.ts";
import { testWebhook } from "../../commands/webhooks/test-webhook.ts";
import { ok, refuse } from "../../lib/result.ts";
import { messageRows } from "../../store/message-lists.ts";
import { findWebhook, webhookRows } from "../../store/webhooks.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const webhookHandlers = [
  handleList(api.listWebhooks, async ({ query }) => ok(webhookRows({ state: query.state ?? null }))),

  handle(api.getWebhook, async ({ reader, params }) => {
    const webhook = await findWebhook(reader, params.webhookId);
    return webhook ? ok(webhook) : refuse("no-such-webhook");
  }),

  handle(api.createWebhook, ({ ctx, services, body }) => createWebhook(ctx, services.webhookPolicy, body)),

  handle(api.changeWebhook, ({ ctx, services, params, body, ifMatch }) =>
    changeWebhook(ctx, services.webhookPolicy, params.webhookId, ifMatch, body),
  ),

  handle(api.rotateWebhook, ({ ctx, params, body }) => rotateWebhook(ctx, params.webhookId, body.overlapHours)),

  handle(api.testWebhook, ({ ctx, params }) => testWebhook(ctx, params.webhookId)),

  handle(api.deleteWebhook, ({ ctx, params }) => deleteWebhook(ctx, params.webhookId)),

  handleList(api.listDeliveries, async ({ reader, params, query }) => {
    if (!(await findWebhook(reader, params.webhookId))) return refuse("no-such-webhook");
    const { state: states = null, kind: kinds = null } = query;
    return ok(messageRows({ channel: "webhook", recipient: params.webhookId, states, kinds, subjectId: null }));
  }),

  handle(api.replayDelivery, async ({ ctx, params }) => {
    const again = await sendAgain(ctx, params.messageId, params.webhookId);
    // A delivery is no mail.
    if (!again.ok && again.error === "mail-was-sent") return refuse("no-such-message");
    return again.ok ? again : refuse(again.error as Exclude<typeof again.error, "mail-was-sent">);
  }),
];
