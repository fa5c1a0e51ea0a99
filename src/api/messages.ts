import { z } from "zod";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

export const MESSAGE_STATES = ["waiting", "sent", "failed", "dropped"] as const;

export const Message = z
  .object({
    id: z.string(),
    channel: z.enum(["mail", "webhook"]),
    kind: z.string().meta({ description: "What it says: `check-in`, `digest`, `run-failed`." }),
    recipient: z.string().meta({ description: "An address, or a webhook's id." }),
    subjectId: z.string().nullable(),
    state: z.enum(MESSAGE_STATES).meta({ description: "`dropped`: what it was for ended before it was sent." }),
    attempts: z.int(),
    nextAt: instant.nullable().meta({ description: "When it is tried next; null once it has ended." }),
    createdAt: instant,
    endedAt: instant.nullable(),
    statusCode: z.int().nullable().meta({ description: "SMTP or HTTP, of the last attempt; null without an answer." }),
    error: z.string().nullable(),
  })
  .meta({ id: "Message" });

const params = z.strictObject({ messageId: idOf("message") });
const NO_SUCH_MESSAGE = { "no-such-message": { status: 404, says: "There is no such message." } } as const;

export const listMessages = defineList({
  id: "messages.list",
  path: "/messages",
  summary: "Mails and webhook deliveries, and how they went",
  scope: "notifications:read",
  item: Message,
  sorts: ["createdAt"],
  defaultSort: "-createdAt",
  filters: {
    channel: z.enum(["mail", "webhook"]).optional(),
    state: manyOf(z.enum(MESSAGE_STATES)).optional(),
    kind: manyOf(text(100)).optional(),
    recipient: text(320).optional(),
    subjectId: text(100).optional(),
  },
});

export const getMessage = defineRoute({
  id: "messages.get",
  method: "GET",
  path: "/messages/{messageId}",
  summary: "One message with each attempt to send it",
  scope: "notifications:read",
  params,
  answer: Message.extend({
    tries: z.array(
      z.object({
        attempt: z.int(),
        at: instant,
        tookMs: z.int(),
        outcome: z.enum(["sent", "later", "failed"]),
        statusCode: z.int().nullable(),
        error: z.string().nullable(),
      }),
    ),
  }).meta({ id: "MessageWithTries" }),
  refusals: NO_SUCH_MESSAGE,
});

export const sendMessageAgain = defineRoute({
  id: "messages.send-again",
  method: "POST",
  path: "/messages/{messageId}/send-again",
  summary: "Try a message again that failed",
  scope: "notifications:write",
  params,
  answer: Message,
  status: 202,
  refusals: {
    ...NO_SUCH_MESSAGE,
    "still-waiting": { status: 409, says: "It still waits to be sent, and will be by itself." },
    "mail-was-sent": { status: 409, says: "The mail server took this mail: it is not sent twice." },
    "webhook-disabled": { status: 409, says: "The webhook is disabled or deleted. Enable it first." },
  },
});

export const messageRoutes = [listMessages, getMessage, sendMessageAgain];
