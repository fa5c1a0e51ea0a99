import { noticeTemplates } from "../notifications/notices.ts";
import { checkInMessage, checkInReminder } from "./check-in.ts";
import { consentAsked } from "./consent-asked.ts";
import { decisionNeeded } from "./decision-needed.ts";
import { digest } from "./digest.ts";
import { seatKept } from "./seat-kept.ts";
import { seatReclaimed } from "./seat-reclaimed.ts";
import { seatScheduled } from "./seat-scheduled.ts";
import { welcomeMessage } from "./welcome.ts";
import type { MessageTemplate } from "./template.ts";

/** Every kind of message to a person, one line each. */
export const MESSAGE_TEMPLATES: readonly MessageTemplate[] = [
  checkInMessage,
  checkInReminder,
  decisionNeeded,
  consentAsked,
  seatKept,
  seatScheduled,
  seatReclaimed,
  digest,
  welcomeMessage,
  ...noticeTemplates,
];

export function findTemplate(kind: string): MessageTemplate | null {
  return MESSAGE_TEMPLATES.find((each) => each.kind === kind) ?? null;
}
