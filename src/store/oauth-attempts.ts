import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

export type AuthorizationOutcome = "authorized" | "declined" | "site-not-covered" | "failed";

/** A site that a grant covers, as the source named it. */
export interface CoveredSite {
  sourceKey: string;
  name: string;
  baseUrl: string;
}

/** One authorize link that was given out. */
export interface OAuthAttempt {
  id: string;
  connectionId: string;
  credentialId: string;
  operatorId: string;
  scopes: string[];
  redirectUrl: string;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** Null until the callback came and was worked off. */
  outcome: AuthorizationOutcome | null;
  message: string | null;
  sites: CoveredSite[];
  /** The path of Usher that the browser goes back to. */
  returnTo: string | null;
  /** The link by which somebody who is no operator was asked. */
  consentLinkId: string | null;
}

export async function insertOAuthAttempt(
  tx: Tx,
  attempt: Omit<OAuthAttempt, "id" | "usedAt" | "outcome" | "message" | "sites"> & { stateHash: string },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into oauth_attempts (state_hash, connection_id, credential_id, operator_id, scopes, redirect_url, created_at,
                                expires_at, return_to, consent_link_id)
    values (${attempt.stateHash}, ${attempt.connectionId}, ${attempt.credentialId}, ${attempt.operatorId},
            ${attempt.scopes}, ${attempt.redirectUrl}, ${attempt.createdAt}, ${attempt.expiresAt}, ${attempt.returnTo},
            ${attempt.consentLinkId})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  return row.id;
}

export async function findOAuthAttempt(reader: Reader, connectionId: string, id: string): Promise<OAuthAttempt | null> {
  const rows = await reader.query<OAuthAttempt>(sql`
    select id, connection_id as "connectionId", credential_id as "credentialId", operator_id as "operatorId", scopes,
           redirect_url as "redirectUrl", created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt",
           outcome, message, sites, return_to as "returnTo", consent_link_id as "consentLinkId"
      from oauth_attempts
     where id = ${id}
       and connection_id = ${connectionId}
  `);
  return rows[0] ?? null;
}

/** Marks the attempt of this state as used and answers it: to exactly one caller, and only before it expires. */
export async function useOAuthAttempt(tx: Tx, stateHash: string, at: Date): Promise<OAuthAttempt | null> {
  const rows = await tx.query<OAuthAttempt>(sql`
    update oauth_attempts
       set used_at = ${at}
     where state_hash = ${stateHash}
       and used_at is null
       and expires_at > ${at}
    returning id, connection_id as "connectionId", credential_id as "credentialId", operator_id as "operatorId", scopes,
              redirect_url as "redirectUrl", created_at as "createdAt", expires_at as "expiresAt",
              used_at as "usedAt", outcome, message, sites, return_to as "returnTo",
              consent_link_id as "consentLinkId"
  `);
  return rows[0] ?? null;
}

/** Why a state does not count, for the words on the page. Null: no link of ours ever carried it. */
export async function findAttemptOfState(
  reader: Reader,
  stateHash: string,
): Promise<{ usedAt: Date | null; expiresAt: Date } | null> {
  const rows = await reader.query<{ usedAt: Date | null; expiresAt: Date }>(sql`
    select used_at as "usedAt", expires_at as "expiresAt"
      from oauth_attempts
     where state_hash = ${stateHash}
  `);
  return rows[0] ?? null;
}

export async function saveAttemptOutcome(
  tx: Tx,
  id: string,
  result: { outcome: AuthorizationOutcome; message: string; sites: readonly CoveredSite[] },
): Promise<void> {
  await tx.execute(sql`
    update oauth_attempts
       set outcome = ${result.outcome}, message = ${result.message}, sites = ${JSON.stringify(result.sites)}
     where id = ${id}
  `);
}
