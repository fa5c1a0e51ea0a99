import { sendMails, type SentCounts } from "../../actions/messages/send-messages.ts";
import { sendWebhooks } from "../../actions/messages/send-webhooks.ts";
import { countDueMessages, isMessageDue, type MessageChannel } from "../../store/messages.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import type { JobEnd, JobKind, JobParts } from "../kinds.ts";

export const SEND_MESSAGES = "send-messages";

/** Sends what was queued. It is begun as soon as something is due; its schedule only shows that it still can. */
export const sendMessages: JobKind = {
  kind: SEND_MESSAGES,
  name: "Send messages",
  cron: "*/15 * * * *",
  followsRuns: false,
  async hasWork(parts) {
    const { db, clock } = parts;
    if (!(await isMessageDue(db, channelsOf(parts), clock.now()))) return false;
    return (await findRestoredCopy(db)) === null;
  },
  async execute(parts, _, signal) {
    if (await findRestoredCopy(parts.db)) {
      return { state: "skipped", message: "This is a restored copy: messages wait until somebody confirms it." };
    }
    const counts = await sendMails(parts, signal);
    if (counts.trouble !== null) await parts.tell(counts.trouble);
    await sendWebhooks(parts, counts, signal);
    return endOf(counts, await waitingMails(parts));
  },
};

function channelsOf({ mailer }: JobParts): MessageChannel[] {
  return mailer ? ["mail", "webhook"] : ["webhook"];
}

/** Mails that wait for a server to be set. */
async function waitingMails({ db, clock, mailer }: JobParts): Promise<number> {
  return mailer ? 0 : countDueMessages(db, "mail", clock.now());
}

function endOf({ sent, later, failed, dropped, trouble }: SentCounts, waiting: number): JobEnd {
  const counted = { sent, "to be tried again": later, failed, "left out": dropped };
  const parts = Object.entries(counted)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  const says = parts.length > 0 ? [`Messages: ${parts.join(", ")}.`] : [];
  if (trouble !== null) says.push(trouble);
  if (waiting > 0) {
    says.push(
      `Waiting: ${waiting}. No mail server is configured: set USHER_SMTP_URL and USHER_MAIL_FROM and restart Usher.`,
    );
  }
  if (says.length === 0) says.push("Nothing was waiting.");
  const hasTrouble = failed > 0 || later > 0 || waiting > 0;
  const state = !hasTrouble ? "succeeded" : sent + dropped > 0 ? "partial" : waiting > 0 ? "skipped" : "failed";
  return { state, message: says.join(" ") };
}
