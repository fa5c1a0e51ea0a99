import * as api from "../../api/messages.ts";
import { sendAgain } from "../../commands/messages/send-again.ts";
import { ok, refuse } from "../../lib/result.ts";
import { findMessage, listMessageAttempts, messageRows } from "../../store/message-lists.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const messageHandlers = [
  handleList(api.listMessages, async ({ query }) => {
    const { channel = null, state: states = null, kind: kinds = null, recipient = null, subjectId = null } = query;
    return ok(messageRows({ channel, states, kinds, recipient, subjectId }));
  }),

  handle(api.getMessage, async ({ reader, params }) => {
    const message = await findMessage(reader, params.messageId);
    if (!message) return refuse("no-such-message");
    return ok({ ...message, tries: await listMessageAttempts(reader, message.id) });
  }),

  handle(api.sendMessageAgain, ({ ctx, params }) => sendAgain(ctx, params.messageId, null)),
];
