import type { Reader, Tx } from "./database.ts";
import type { MessageChannel } from "./messages.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";
import { signalWork } from "./work-signal.ts";

export type MessageState = "waiting" | "sent" | "failed" | "dropped";

/** A message as it is listed: what it says is made when it is sent. */
export interface MessageRow {
  id: string;
  channel: MessageChannel;
  kind: string;
  recipient: string;
  subjectId: string | null;
  state: MessageState;
  attempts: number;
  /** Null once it has ended. */
  nextAt: Date | null;
  createdAt: Date;
  endedAt: Date | null;
  error: string | null;
  /** What the last attempt was answered; null where there was no answer. */
  statusCode: number | null;
}

export interface MessageAttempt {
  attempt: number;
  at: Date;
  tookMs: number;
  outcome: "sent" | "later" | "failed";
  statusCode: number | null;
  error: string | null;
}

const COLUMNS = sql`
  m.id, m.channel, m.kind, m.recipient, m.subject_id as "subjectId", m.state, m.attempts,
  case when m.state = 'waiting' then m.next_at end as "nextAt", m.created_at as "createdAt", m.ended_at as "endedAt",
  m.error,
  (select a.status_code from message_attempts a where a.message_id = m.id order by a.attempt desc limit 1) as "statusCode"
`;

export async function findMessage(reader: Reader, id: string): Promise<MessageRow | null> {
  const rows = await reader.query<MessageRow>(sql`select ${COLUMNS} from messages m where m.id = ${id}`);
  return rows[0] ?? null;
}

export async function lockMessage(tx: Tx, id: string): Promise<MessageRow | null> {
  const rows = await tx.query<MessageRow>(sql`select ${COLUMNS} from messages m where m.id = ${id} for update of m`);
  return rows[0] ?? null;
}

export async function listMessageAttempts(reader: Reader, id: string): Promise<MessageAttempt[]> {
  return reader.query<MessageAttempt>(sql`
    select attempt, at, took_ms as "tookMs", outcome, status_code as "statusCode", error
      from message_attempts
     where message_id = ${id}
     order by attempt
  `);
}

/** It is due at once, and tried as often again as a new one. */
export async function saveMessageAgain(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update messages
       set state = 'waiting', next_at = ${at}, ended_at = null, error = null, holder = null, tried_before = attempts
     where id = ${id}
  `);
  await signalWork(tx);
}

export interface MessageFilter {
  channel: MessageChannel | null;
  states: readonly MessageState[] | null;
  kinds: readonly string[] | null;
  recipient: string | null;
  subjectId: string | null;
}

export function messageRows(filter: MessageFilter): ListSource<MessageRow, MessageRow, "createdAt"> {
  const rows = sql`
      from messages m
     where (${filter.channel}::text is null or m.channel = ${filter.channel})
       and (${filter.states}::text[] is null or m.state = any(${filter.states}))
       and (${filter.kinds}::text[] is null or m.kind = any(${filter.kinds}))
       and (${filter.recipient}::text is null or lower(m.recipient) = lower(${filter.recipient}))
       and (${filter.subjectId}::text is null or m.subject_id = ${filter.subjectId})
  `;
  return {
    sorts: { createdAt: { by: sql`m.created_at`, type: "timestamptz" } },
    tie: { by: sql`m.id`, type: "text" },
    select: (page) => sql`select ${COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
