import type { Clock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/errors.ts";
import type { LinkSigner } from "../../lib/signed-link.ts";
import type { Log } from "../../lib/log.ts";
import { findTemplate } from "../../rules/messages/index.ts";
import { renderMessage, type RenderedMessage } from "../../rules/messages/render.ts";
import type { MessageTemplate } from "../../rules/messages/template.ts";
import type { Database, Tx } from "../../store/database.ts";
import {
  dropExcludedMessages,
  dropSampleMails,
  giveBackMessages,
  saveMessageOutcomes,
  takeMessages,
  type MessageChannel,
  type MessageOutcome,
  type TakenMessage,
} from "../../store/messages.ts";
import type { Mailer, SendOutcome } from "./mailer.ts";
import { createMessageLinks } from "./message-links.ts";

export interface SendParts {
  db: Database;
  clock: Clock;
  log: Log;
  links: LinkSigner;
  publicUrl: string;
  holder: string;
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  /** What there is to say; every template unless told otherwise. */
  findTemplate?(kind: string): MessageTemplate | null;
}

export interface SentCounts {
  sent: number;
  later: number;
  failed: number;
  dropped: number;
  /** What kept a whole channel from sending, in words; null where nothing did. */
  trouble: string | null;
}

/** Taken at once; the time they are taken for is far longer than sending them takes. */
const BATCH = 20;
const TAKEN_MS = 15 * 60_000;

/** Sends the mails that are due, until none is left, the server takes none, or `signal` is aborted. */
export async function sendMails(parts: SendParts, signal: AbortSignal): Promise<SentCounts> {
  const { db, clock, mailer } = parts;
  const counts: SentCounts = { sent: 0, later: 0, failed: 0, dropped: 0, trouble: null };
  counts.dropped = (await db.transaction((tx) => dropExcluded(tx, clock.now()))).length;
  if (!mailer) return counts;
  await sendDue(parts, "mail", counts, signal, { send: (message) => sendMail(parts, mailer, message) });
  return counts;
}

async function dropExcluded(tx: Tx, at: Date): Promise<string[]> {
  const messageIds = [...(await dropExcludedMessages(tx, at)), ...(await dropSampleMails(tx, at))];
  if (messageIds.length > 0) {
    tx.record({
      actorId: "system",
      through: "job",
      entry: "messages.dropped",
      subjectId: null,
      detail: { messageIds },
    });
  }
  return messageIds;
}

export interface Sending {
  send(message: TakenMessage): Promise<SendOutcome>;
  /** What else follows from how a batch went, in the transaction that keeps it. */
  settle?(tx: Tx, taken: readonly TakenMessage[], outcomes: readonly MessageOutcome[]): Promise<void>;
}

type DueParts = Pick<SendParts, "db" | "clock" | "holder">;

/** Takes due messages of a channel batch by batch, and keeps how each batch went together with its journal entry. */
export async function sendDue(
  parts: DueParts,
  channel: MessageChannel,
  counts: SentCounts,
  signal: AbortSignal,
  sending: Sending,
): Promise<void> {
  while (!signal.aborted) {
    const { outcomes, trouble } = await sendBatch(parts, channel, sending);
    for (const { outcome } of outcomes) counts[outcome] += 1;
    counts.trouble ??= trouble;
    if (outcomes.length === 0 || trouble !== null) return;
  }
}

/** `trouble`: why no other message of the channel would fare better just now. */
async function sendBatch(
  { db, clock, holder }: DueParts,
  channel: MessageChannel,
  { send, settle }: Sending,
): Promise<{ outcomes: MessageOutcome[]; trouble: string | null }> {
  const at = clock.now();
  const until = new Date(at.getTime() + TAKEN_MS);
  const taken = await db.transaction((tx) => takeMessages(tx, { channel, holder, at, until, limit: BATCH }));
  const outcomes: MessageOutcome[] = [];
  if (taken.length === 0) return { outcomes, trouble: null };
  const troubles: string[] = [];
  const sendOne = async (message: TakenMessage) => {
    const startedAt = clock.now();
    const outcome = await send(message);
    if (outcome.outcome === "later" && outcome.isForAll) troubles.push(outcome.error);
    outcomes.push(toOutcome(message, outcome, startedAt, clock.now()));
  };
  // The first shows whether a mail server takes anything at all; each webhook has a server of its own.
  const probes = channel === "mail" ? 1 : taken.length;
  await Promise.all(taken.slice(0, probes).map(sendOne));
  const isUp = troubles.length === 0;
  const others = taken.slice(probes);
  if (isUp) await Promise.all(others.map(sendOne));
  await db.transaction(async (tx) => {
    await saveMessageOutcomes(tx, holder, outcomes, clock.now());
    if (!isUp) await giveBackMessages(tx, holder, idsOf(others), outcomes[0]?.nextAt ?? clock.now());
    await settle?.(tx, taken, outcomes);
    recordOutcomes(tx, outcomes);
  });
  return { outcomes, trouble: troubles[0] ?? null };
}

function idsOf(messages: readonly TakenMessage[]): string[] {
  return messages.map((each) => each.id);
}

function recordOutcomes(tx: Tx, outcomes: readonly MessageOutcome[]): void {
  for (const outcome of ["sent", "failed"] as const) {
    const messageIds = outcomes.filter((each) => each.outcome === outcome).map((each) => each.id);
    if (messageIds.length === 0) continue;
    const detail = { messageIds };
    tx.record({ actorId: "system", through: "job", entry: `messages.${outcome}`, subjectId: null, detail });
  }
}

async function sendMail(parts: SendParts, mailer: Mailer, message: TakenMessage): Promise<SendOutcome> {
  const written = write(parts, message);
  if (typeof written === "string") return { outcome: "failed", statusCode: null, error: written };
  return mailer.send({ id: message.id, to: message.recipient, ...written });
}

/** The words of a message, or why there are none. */
function write(parts: SendParts, { id, kind, data }: TakenMessage): RenderedMessage | string {
  const template = (parts.findTemplate ?? findTemplate)(kind);
  if (!template) return `Nothing in this version of Usher says how to write a message of the kind "${kind}".`;
  try {
    return renderMessage(template.write(data, createMessageLinks(parts.publicUrl, parts.links)));
  } catch (error) {
    parts.log.error({ messageId: id, kind, error: messageOf(error) }, "a message could not be written");
    return "The message could not be written, for a reason of Usher's own; the log of the process has it.";
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Mail: RFC 5321 §4.5.4.1 asks for at least four days. Twice as long each time, from a minute to four hours. */
const MAIL_MS_MAX = 4 * 24 * HOUR_MS;
const MAIL_STEP_MS_MAX = 4 * HOUR_MS;
/** Webhooks: Standard Webhooks, "Deliverability and reliability" (some seconds at first, then over about a day). */
const WEBHOOK_STEPS_MS = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
] as const;

/** When a message is tried again that could not be sent at `at`; null: it has been tried for long enough. */
export function nextTry({ channel, createdAt, tryNumber }: TakenMessage, at: Date): Date | null {
  if (channel === "webhook") {
    const stepMs = WEBHOOK_STEPS_MS[tryNumber - 1];
    return stepMs === undefined ? null : new Date(at.getTime() + stepMs);
  }
  // One that somebody asked to send again is tried once more, however old it is.
  if (at.getTime() - createdAt.getTime() > MAIL_MS_MAX) return null;
  return new Date(at.getTime() + Math.min(MINUTE_MS * 2 ** (tryNumber - 1), MAIL_STEP_MS_MAX));
}

function toOutcome(message: TakenMessage, sent: SendOutcome, startedAt: Date, at: Date): MessageOutcome {
  const { id, attempt } = message;
  const { statusCode, error } = sent;
  const tookMs = at.getTime() - startedAt.getTime();
  const base = { id, attempt, statusCode, startedAt, tookMs };
  const nextAt = sent.outcome === "later" ? nextTry(message, at) : null;
  if (sent.outcome === "later" && nextAt === null) {
    return { ...base, outcome: "failed", nextAt, error: `${error} It was tried for long enough.` };
  }
  return { ...base, outcome: sent.outcome, nextAt, error };
}
