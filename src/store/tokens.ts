import type { Reader, Tx } from "./database.ts";
import type { Operator } from "./operators.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

/** A token as everyone may know it; the token itself is shown once, when it is made. */
export interface ApiToken {
  id: string;
  operatorId: string;
  operatorName: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const columns = sql`
  t.id, t.operator_id as "operatorId", o.name as "operatorName", t.name, t.scopes, t.created_at as "createdAt",
  t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"
`;

/** Also a token that is revoked, expired, or whose operator has ended: whoever asks must look. */
export interface PresentedToken extends ApiToken {
  operatorKind: Operator["kind"];
  operatorEmail: string | null;
  operatorRoles: string[];
  operatorEndedAt: Date | null;
  /** Who made it, where that was another operator than its own. */
  madeBy: string | null;
}

export async function findTokenByHash(reader: Reader, tokenHash: string): Promise<PresentedToken | null> {
  const rows = await reader.query<PresentedToken>(sql`
    select ${columns}, o.kind as "operatorKind", o.email as "operatorEmail", o.roles as "operatorRoles",
           o.ended_at as "operatorEndedAt", t.made_by as "madeBy"
      from api_tokens t
      join operators o on o.id = t.operator_id
     where t.token_hash = ${tokenHash}
  `);
  return rows[0] ?? null;
}

export async function findToken(reader: Reader, id: string): Promise<ApiToken | null> {
  const rows = await reader.query<ApiToken>(sql`
    select ${columns}
      from api_tokens t
      join operators o on o.id = t.operator_id
     where t.id = ${id}
  `);
  return rows[0] ?? null;
}

export async function lockToken(tx: Tx, id: string): Promise<ApiToken | null> {
  const rows = await tx.query<ApiToken>(sql`
    select ${columns}
      from api_tokens t
      join operators o on o.id = t.operator_id
     where t.id = ${id}
       for update of t
  `);
  return rows[0] ?? null;
}

export async function insertToken(
  tx: Tx,
  token: {
    operatorId: string;
    name: string;
    tokenHash: string;
    scopes: string[];
    createdAt: Date;
    expiresAt: Date | null;
    /** Who made it, where that was another operator. */
    madeBy?: string | null;
  },
): Promise<string> {
  const rows = await tx.query<{ id: string }>(sql`
    insert into api_tokens (operator_id, name, token_hash, scopes, created_at, expires_at, made_by)
    values (${token.operatorId}, ${token.name}, ${token.tokenHash}, ${token.scopes}, ${token.createdAt},
            ${token.expiresAt}, ${token.madeBy ?? null})
    returning id
  `);
  return rows[0]!.id;
}

export async function saveTokenRevoked(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`update api_tokens set revoked_at = ${at} where id = ${id}`);
}

/** Writes only where the last note is older than `olderThan`, so that a busy token does not cost a write a request. */
export async function saveTokenUse(tx: Tx, id: string, at: Date, olderThan: Date): Promise<void> {
  await tx.execute(sql`
    update api_tokens
       set last_used_at = ${at}
     where id = ${id}
       and (last_used_at is null or last_used_at < ${olderThan})
  `);
}

/** Revokes every token of an operator that is not; gives their ids. */
export async function revokeTokensOf(tx: Tx, operatorId: string, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update api_tokens set revoked_at = ${at} where operator_id = ${operatorId} and revoked_at is null returning id
  `);
  return rows.map((row) => row.id);
}

/** Whether any token was ever made, also one that is revoked by now. */
export async function hasTokens(reader: Reader): Promise<boolean> {
  const rows = await reader.query<{ id: string }>(sql`select id from api_tokens limit 1`);
  return rows.length > 0;
}

export type TokenState = "active" | "expired" | "revoked";

/** Tokens for a list; `operatorId` null is everybody's, `states` null every state. */
export function tokenRows(filter: {
  /** Null: everybody's may be seen. */
  visibleTo: string | null;
  operatorId: string | null;
  states: readonly TokenState[] | null;
  now: Date;
}): ListSource<ApiToken, ApiToken, "createdAt" | "name" | "lastUsedAt"> {
  const rows = sql`
      from api_tokens t
      join operators o on o.id = t.operator_id
     where (${filter.visibleTo}::text is null or t.operator_id = ${filter.visibleTo})
       and (${filter.operatorId}::text is null or t.operator_id = ${filter.operatorId})
       and (${filter.states}::text[] is null
            or case when t.revoked_at is not null then 'revoked'
                    when t.expires_at <= ${filter.now} then 'expired'
                    else 'active' end = any(${filter.states}))
  `;
  return {
    sorts: {
      createdAt: { by: sql`t.created_at`, type: "timestamptz" },
      name: { by: sql`t.name collate "C"`, type: "text" },
      lastUsedAt: { by: sql`t.last_used_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`t.id`, type: "text" },
    select: (page) => sql`select ${columns}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
