import { z } from "zod";
import { defineRoute } from "./contract.ts";
import { EventKind } from "./webhooks.ts";

const RECEIVER = /^(?:connection-owners|owner|role:[a-z][a-z-]{0,39}|address:[^\s@<>"]{1,64}@[^\s@<>"]{1,190})$/;

const Receiver = z
  .strictObject({
    to: z
      .string()
      .regex(RECEIVER, "one of connection-owners, owner, role:<role>, address:<e-mail>")
      .meta({ description: "`owner` is whoever owns what it is about, such as a reclamation rule." }),
    how: z.enum(["now", "digest"]).meta({ description: "A mail of its own, or a line of the mail of the day." }),
  })
  .meta({ id: "Receiver" });

export const NotificationSetting = z
  .object({
    kind: EventKind,
    when: z.string(),
    receivers: z.array(Receiver),
    isDefault: z.boolean().meta({ description: "As it comes with Usher." }),
    webhooks: z.array(z.string()).meta({ description: "Webhooks that are told of it, by name; edit them there." }),
    revision: z.int(),
  })
  .meta({ id: "NotificationSetting" });

export const listNotifications = defineRoute({
  id: "notifications.list",
  method: "GET",
  path: "/notifications",
  summary: "Who is told of what",
  description: "Every kind of event. Somebody in several roles is told once.",
  scope: "notifications:read",
  answer: z.object({ items: z.array(NotificationSetting) }),
});

export const getNotification = defineRoute({
  id: "notifications.get",
  method: "GET",
  path: "/notifications/{kind}",
  summary: "Who is told of one kind of event",
  scope: "notifications:read",
  params: z.strictObject({ kind: EventKind }),
  answer: NotificationSetting,
  revisioned: true,
});

export const setNotification = defineRoute({
  id: "notifications.set",
  method: "PUT",
  path: "/notifications/{kind}",
  summary: "Say who is told of a kind of event",
  scope: "notifications:write",
  params: z.strictObject({ kind: EventKind }),
  body: z.strictObject({
    receivers: z
      .array(Receiver)
      .max(50)
      .nullable()
      .meta({ description: "In place of those so far; an empty list tells nobody, null is as it comes with Usher." }),
  }),
  answer: NotificationSetting,
  revisioned: true,
  needsIfMatch: true,
});

export const notificationRoutes = [listNotifications, getNotification, setNotification];
