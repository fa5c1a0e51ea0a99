import { SESSION_IDLE_MS, type SessionEndReason, type SignInWay } from "../../model/sessions.ts";
import type { Reader, Tx } from "../database.ts";
import type { Operator } from "../operators.ts";
import type { ListSource } from "../paging.ts";
import { sql } from "../sql.ts";

/** A session as its operator may know it; what its cookie holds is nowhere but there. */
export interface Session {
  id: string;
  operatorId: string;
  operatorName: string;
  through: SignInWay;
  userAgent: string | null;
  createdAt: Date;
  /** Right to a minute. */
  lastUsedAt: Date;
  endsAt: Date;
  endedAt: Date | null;
  endReason: SessionEndReason | null;
}

export const SESSION_COLUMNS = sql`
  s.id, s.operator_id as "operatorId", o.name as "operatorName", s.through, s.user_agent as "userAgent",
  s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.ends_at as "endsAt", s.ended_at as "endedAt",
  s.end_reason as "endReason"
`;

/** Also a session that has ended, or whose operator has: whoever asks must look. */
export interface PresentedSession extends Session {
  operator: Pick<Operator, "kind" | "email" | "roles" | "endedAt">;
}

export async function findSessionBySecret(reader: Reader, secretHash: string): Promise<PresentedSession | null> {
  const rows = await reader.query<Session & Operator & { operatorEndedAt: Date | null }>(sql`
    select ${SESSION_COLUMNS}, o.kind, o.email, o.roles, o.ended_at as "operatorEndedAt"
      from sessions s
      join operators o on o.id = s.operator_id
     where s.secret_hash = ${secretHash}
  `);
  const [row] = rows;
  if (!row) return null;
  const { kind, email, roles, operatorEndedAt, ...session } = row;
  return { ...session, operator: { kind, email, roles, endedAt: operatorEndedAt } };
}

export async function findSession(reader: Reader, id: string): Promise<Session | null> {
  const rows = await reader.query<Session>(sql`
    select ${SESSION_COLUMNS}
      from sessions s
      join operators o on o.id = s.operator_id
     where s.id = ${id}
  `);
  return rows[0] ?? null;
}

export async function insertSession(
  tx: Tx,
  session: {
    operatorId: string;
    secretHash: string;
    through: SignInWay;
    userAgent: string | null;
    at: Date;
    endsAt: Date;
  },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into sessions (operator_id, secret_hash, through, user_agent, created_at, last_used_at, ends_at)
    values (${session.operatorId}, ${session.secretHash}, ${session.through}, ${session.userAgent}, ${session.at},
            ${session.at}, ${session.endsAt})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  await tx.execute(sql`update operators set last_signed_in_at = ${session.at} where id = ${session.operatorId}`);
  return row.id;
}

/** Sealed; null where the provider has no such place, or nobody came by one. */
export async function findSignOutUrl(reader: Reader, id: string): Promise<string | null> {
  const rows = await reader.query<{ signOutUrl: string | null }>(sql`
    select sign_out_url as "signOutUrl" from sessions where id = ${id}
  `);
  return rows[0]?.signOutUrl ?? null;
}

export async function saveSignOutUrl(tx: Tx, id: string, sealed: string): Promise<void> {
  await tx.execute(sql`update sessions set sign_out_url = ${sealed} where id = ${id}`);
}

/** What the box seals a session's sign-out address for. */
export function signOutPlace(sessionId: string): string {
  return `sessions/${sessionId}/sign_out_url`;
}

/** Writes only where the last note is older than `olderThan`. */
export async function saveSessionUse(tx: Tx, id: string, at: Date, olderThan: Date): Promise<void> {
  await tx.execute(sql`
    update sessions
       set last_used_at = ${at}
     where id = ${id} and last_used_at < ${olderThan} and ended_at is null
  `);
}

/** Ends sessions that have not ended, and gives their ids: one, all of an operator, or all of one but `exceptId`. */
export async function endSessions(
  tx: Tx,
  which: { id?: string; operatorId?: string; exceptId?: string | null },
  reason: SessionEndReason,
  at: Date,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update sessions
       set ended_at = ${at}, end_reason = ${reason}, sign_out_url = null
     where ended_at is null and ends_at > ${at}
       and (${which.id ?? null}::text is null or id = ${which.id ?? null})
       and (${which.operatorId ?? null}::text is null or operator_id = ${which.operatorId ?? null})
       and (${which.exceptId ?? null}::text is null or id <> ${which.exceptId ?? null})
    returning id
  `);
  return rows.map((row) => row.id);
}

/** When a session ends if it is not used again. */
export function idleEndOf({ lastUsedAt, endsAt }: Pick<Session, "lastUsedAt" | "endsAt">): Date {
  return new Date(Math.min(lastUsedAt.getTime() + SESSION_IDLE_MS, endsAt.getTime()));
}

/** Whether it may be used at `at`. */
export function isSessionAlive(session: Pick<Session, "lastUsedAt" | "endsAt" | "endedAt">, at: Date): boolean {
  return session.endedAt === null && idleEndOf(session) > at;
}

export type SessionState = "active" | "ended";

/** Sessions for a list; `operatorId` null is everybody's, `states` null every state. */
export function sessionRows(filter: {
  operatorId: string | null;
  states: readonly SessionState[] | null;
  now: Date;
}): ListSource<Session, Session, "lastUsedAt" | "createdAt" | "operatorName"> {
  const idleSince = new Date(filter.now.getTime() - SESSION_IDLE_MS);
  const rows = sql`
      from sessions s
      join operators o on o.id = s.operator_id
     where (${filter.operatorId}::text is null or s.operator_id = ${filter.operatorId})
       and (${filter.states}::text[] is null
            or case when s.ended_at is null and s.ends_at > ${filter.now} and s.last_used_at > ${idleSince} then 'active'
                    else 'ended' end = any (${filter.states}))
  `;
  return {
    sorts: {
      lastUsedAt: { by: sql`s.last_used_at`, type: "timestamptz" },
      createdAt: { by: sql`s.created_at`, type: "timestamptz" },
      operatorName: { by: sql`o.name collate "C"`, type: "text" },
    },
    tie: { by: sql`s.id`, type: "text" },
    select: (page) => sql`select ${SESSION_COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}

/** What ended before `before`, in whichever way. */
export async function deleteSessions(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from sessions where ends_at < ${before} or ended_at < ${before}`);
}
