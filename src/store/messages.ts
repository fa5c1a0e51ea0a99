import { SAMPLE_EMAIL_DOMAIN } from "../model/sample-company.ts";
import type { Reader, Tx } from "./database.ts";
import { isExcludedSql } from "./exclusions/hits.ts";
import { sql } from "./sql.ts";
import { signalWork } from "./work-signal.ts";

export interface MessageDraft {
  channel: "mail" | "webhook";
  /** What it says; one template or event type each. */
  kind: string;
  /** Address, or the id of a webhook. */
  recipient: string;
  subjectId: string | null;
  /** Ids and plain values that the template needs; read again when it is sent where they may have changed. */
  data: Record<string, unknown>;
  /** What makes it the same thing said twice; null: always said. */
  dedupeKey: string | null;
  at: Date;
}

/** Queues a message, which leaves only if this transaction commits. Null: it was said already, and is not said again. */
export async function queueMessage(tx: Tx, draft: MessageDraft): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into messages (channel, kind, recipient, subject_id, data, dedupe_key, next_at, created_at)
    values (${draft.channel}, ${draft.kind}, ${draft.recipient}, ${draft.subjectId}, ${JSON.stringify(draft.data)},
            ${draft.dedupeKey}, ${draft.at}, ${draft.at})
        on conflict (dedupe_key) do nothing
    returning id
  `);
  await signalWork(tx);
  return row?.id ?? null;
}

export type MessageChannel = MessageDraft["channel"];

/** A message that this process has taken to send it. */
export interface TakenMessage {
  id: string;
  channel: MessageChannel;
  kind: string;
  recipient: string;
  subjectId: string | null;
  data: Record<string, unknown>;
  createdAt: Date;
  /** Which attempt this is, from 1 on. */
  attempt: number;
  /** Which it is since it was last asked to be sent. */
  tryNumber: number;
}

/** Whether a message of these channels is due. */
export async function isMessageDue(reader: Reader, channels: readonly MessageChannel[], at: Date): Promise<boolean> {
  const rows = await reader.query(sql`
    select id
      from messages
     where state = 'waiting' and next_at <= ${at} and channel = any (${channels as string[]})
     limit 1
  `);
  return rows.length > 0;
}

/** Messages that wait, though due, for something that this process does not have. */
export async function countDueMessages(reader: Reader, channel: MessageChannel, at: Date): Promise<number> {
  const [row] = await reader.query<{ count: number }>(sql`
    select count(*) as count from messages where state = 'waiting' and next_at <= ${at} and channel = ${channel}
  `);
  return row?.count ?? 0;
}

/**
 * Takes up to `limit` due messages, the oldest first. Nobody else takes one before `until`: should this process die
 * meanwhile, it is sent again then, with the same id.
 */
export async function takeMessages(
  tx: Tx,
  take: { channel: MessageChannel; holder: string; at: Date; until: Date; limit: number },
): Promise<TakenMessage[]> {
  return tx.query<TakenMessage>(sql`
    with due as (
      select id
        from messages
       where state = 'waiting' and next_at <= ${take.at} and channel = ${take.channel}
       order by next_at, id
       limit ${take.limit}
         for update skip locked
    )
    update messages m
       set holder = ${take.holder}, next_at = ${take.until}, attempts = m.attempts + 1
      from due
     where m.id = due.id
    returning m.id, m.channel, m.kind, m.recipient, m.subject_id as "subjectId", m.data, m.created_at as "createdAt",
              m.attempts as attempt, m.attempts - m.tried_before as "tryNumber"
  `);
}

/** Ends mails to people of the sample company, whom nobody can reach; gives their ids. */
export async function dropSampleMails(tx: Tx, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update messages
       set state = 'dropped', ended_at = ${at}, holder = null, error = 'The sample company has no mailboxes.'
     where state = 'waiting' and channel = 'mail' and next_at <= ${at} and recipient like ${`%@${SAMPLE_EMAIL_DOMAIN}`}
    returning id
  `);
  return rows.map((row) => row.id);
}

/** Ends what was queued for accounts that are left alone by now; gives their ids. */
export async function dropExcludedMessages(tx: Tx, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update messages m
       set state = 'dropped', ended_at = ${at}, holder = null,
           error = 'An exclusion says that this account gets no messages.'
      from (select id as account_id, site_id from accounts) account
     where m.state = 'waiting' and m.channel = 'mail' and m.next_at <= ${at} and account.account_id = m.subject_id
       and ${isExcludedSql(sql`account`, "no-notify", at)}
    returning m.id
  `);
  return rows.map((row) => row.id);
}

/** What ended before `before`, with its attempts; what it was deduplicated by may then be said anew. */
export async function deleteMessages(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from messages where ended_at < ${before}`);
}

/** How one attempt went. */
export interface MessageOutcome {
  id: string;
  attempt: number;
  /** `later` is tried again at `nextAt`. */
  outcome: "sent" | "later" | "failed";
  nextAt: Date | null;
  statusCode: number | null;
  error: string | null;
  startedAt: Date;
  tookMs: number;
}

/** Keeps how each went. One that somebody else has taken meanwhile, because this took too long, is left to them. */
export async function saveMessageOutcomes(
  tx: Tx,
  holder: string,
  outcomes: readonly MessageOutcome[],
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    with ended as (
      select *
        from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb)
          as o(id text, attempt integer, outcome text, "nextAt" timestamptz, "statusCode" integer, error text,
               "startedAt" timestamptz, "tookMs" integer)
    ), attempts as (
      insert into message_attempts (message_id, attempt, at, took_ms, outcome, status_code, error)
      select id, attempt, "startedAt", "tookMs", outcome, "statusCode", error from ended
          on conflict (message_id, attempt) do nothing
    )
    update messages m
       set state = case ended.outcome when 'later' then 'waiting' else ended.outcome end,
           next_at = coalesce(ended."nextAt", m.next_at), error = ended.error, holder = null,
           ended_at = case when ended.outcome <> 'later' then ${at}::timestamptz end
      from ended
     where m.id = ended.id and m.holder = ${holder} and m.attempts = ended.attempt and m.state = 'waiting'
  `);
}

/** Gives back what was taken and not tried; it waits until `nextAt`. */
export async function giveBackMessages(tx: Tx, holder: string, ids: readonly string[], nextAt: Date): Promise<void> {
  await tx.execute(sql`
    update messages
       set holder = null, attempts = attempts - 1, next_at = ${nextAt}
     where id = any (${ids as string[]}) and holder = ${holder} and state = 'waiting'
  `);
}
