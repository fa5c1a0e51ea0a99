import type { CredentialKind } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

export type ConsentKind = Exclude<CredentialKind, "scim-key" | "basic">;

/** A link by which somebody who is no operator gives a connection a credential. */
export interface ConsentLink {
  id: string;
  connectionId: string;
  kind: ConsentKind;
  /** The OAuth app that is consented to, or what gets a new secret; null: a new token or key is asked for. */
  credentialId: string | null;
  state: "open" | "used" | "revoked";
  email: string | null;
  note: string | null;
  /** What went wrong when it was last tried, in words. */
  problem: string | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}

const COLUMNS = rawSql(`
  l.id, l.connection_id as "connectionId", l.kind, l.credential_id as "credentialId", l.state, l.email, l.note, l.problem,
  l.created_by as "createdBy", l.created_at as "createdAt", l.expires_at as "expiresAt", l.ended_at as "endedAt"`);

export async function insertConsentLink(
  tx: Tx,
  draft: Omit<ConsentLink, "id" | "state" | "problem" | "endedAt">,
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into consent_links (connection_id, kind, credential_id, email, note, created_by, created_at, expires_at)
    values (${draft.connectionId}, ${draft.kind}, ${draft.credentialId}, ${draft.email}, ${draft.note},
            ${draft.createdBy}, ${draft.createdAt}, ${draft.expiresAt})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  return row.id;
}

export async function findConsentLink(reader: Reader, id: string): Promise<ConsentLink | null> {
  const rows = await reader.query<ConsentLink>(sql`select ${COLUMNS} from consent_links l where l.id = ${id}`);
  return rows[0] ?? null;
}

/** Waits for, then holds, the link until the transaction ends, so that it counts once. */
export async function lockConsentLink(tx: Tx, id: string): Promise<ConsentLink | null> {
  const rows = await tx.query<ConsentLink>(sql`
    select ${COLUMNS}
      from consent_links l
     where l.id = ${id}
       for update of l
  `);
  return rows[0] ?? null;
}

/** It opens nothing any more. One that ended already stays as it ended. */
export async function endConsentLink(tx: Tx, id: string, state: "used" | "revoked", at: Date): Promise<number> {
  return tx.execute(sql`
    update consent_links
       set state = ${state}, ended_at = ${at}, problem = null
     where id = ${id} and state = 'open'
  `);
}

/** One that was taken for a secret that then did not arrive counts again. */
export async function reopenConsentLink(tx: Tx, id: string, problem: string): Promise<void> {
  await tx.execute(sql`
    update consent_links
       set state = 'open', ended_at = null, problem = ${problem}
     where id = ${id} and state = 'used'
  `);
}

export async function saveConsentProblem(tx: Tx, id: string, problem: string): Promise<void> {
  await tx.execute(sql`update consent_links set problem = ${problem} where id = ${id} and state = 'open'`);
}

export function consentLinkRows(connectionId: string): ListSource<ConsentLink, ConsentLink, "createdAt"> {
  return {
    sorts: { createdAt: { by: rawSql("l.created_at"), type: "timestamptz" } },
    tie: { by: rawSql("l.id"), type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from consent_links l
       where l.connection_id = ${connectionId} and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from consent_links l where l.connection_id = ${connectionId}`,
  };
}

/** Housekeeping: what ended, or could have been used, before `before`. */
export async function deleteConsentLinks(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from consent_links where coalesce(ended_at, expires_at) < ${before}`);
}
