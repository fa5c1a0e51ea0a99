import type { SignInLinkKind } from "../../model/sessions.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface SignInLink {
  id: string;
  kind: SignInLinkKind;
  /** Null for the first admin, who is nobody yet. */
  operatorId: string | null;
  expiresAt: Date;
}

/** By its code; or by its id, where a signature in a mail proves it. */
export type LinkKey = { codeHash: string; linkId?: never } | { linkId: string; codeHash?: never };

export async function insertSignInLink(
  tx: Tx,
  link: {
    codeHash: string;
    kind: SignInLinkKind;
    operatorId: string | null;
    madeBy: string | null;
    at: Date;
    expiresAt: Date;
  },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into sign_in_links (code_hash, kind, operator_id, made_by, created_at, expires_at)
    values (${link.codeHash}, ${link.kind}, ${link.operatorId}, ${link.madeBy}, ${link.at}, ${link.expiresAt})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  return row.id;
}

/** Marks the link of this code as used and answers it: to exactly one caller, and only before it expires. */
export async function useSignInLink(tx: Tx, kind: SignInLinkKind, key: LinkKey, at: Date): Promise<SignInLink | null> {
  const rows = await tx.query<SignInLink>(sql`
    update sign_in_links
       set used_at = ${at}
     where kind = ${kind} and used_at is null and expires_at > ${at}
       and (code_hash = ${key.codeHash ?? null} or id = ${key.linkId ?? null})
    returning id, kind, operator_id as "operatorId", expires_at as "expiresAt"
  `);
  return rows[0] ?? null;
}

/** Whose link that is, while it works; it goes on working. */
export async function findLivingLink(
  reader: Reader,
  kind: SignInLinkKind,
  key: LinkKey,
  at: Date,
): Promise<SignInLink | null> {
  const rows = await reader.query<SignInLink>(sql`
    select id, kind, operator_id as "operatorId", expires_at as "expiresAt"
      from sign_in_links
     where kind = ${kind} and used_at is null and expires_at > ${at}
       and (code_hash = ${key.codeHash ?? null} or id = ${key.linkId ?? null})
  `);
  return rows[0] ?? null;
}

/** No link that was ever given out works any longer. */
export async function endEverySignInLink(tx: Tx, at: Date): Promise<void> {
  await tx.execute(sql`update sign_in_links set used_at = ${at} where used_at is null`);
}

/** None of these works any longer: the links of an operator, or, with null, those for the first admin. */
export async function endSignInLinks(tx: Tx, operatorId: string | null, at: Date): Promise<void> {
  await tx.execute(sql`
    update sign_in_links
       set used_at = ${at}
     where operator_id is not distinct from ${operatorId} and used_at is null
  `);
}
