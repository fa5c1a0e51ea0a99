import type { Credential, CredentialKind, CredentialState } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import { rawSql, sql } from "./sql.ts";

export interface CredentialDraft {
  connectionId: string;
  kind: CredentialKind;
  label: string;
  accountEmail: string | null;
  username?: string | null;
  clientId: string | null;
  askedScopes: readonly string[] | null;
  organizationId: string | null;
  directoryId?: string | null;
  expiresAt: Date | null;
  at: Date;
}

/** What is stored of a credential for everyone but its user: nothing sealed. */
export interface StoredCredential extends Credential {
  askedScopes: string[] | null;
  /** Of an organization key, where it was entered: a key with scopes does not tell its organization. */
  organizationId: string | null;
  /** Source keys of the sites it is known to reach; null where that was never told. */
  coveredSites: string[] | null;
  /** OAuth: whether consent was given and its tokens are stored. True for every other kind. */
  isAuthorized: boolean;
}

/** The row as its user needs it; the texts are sealed and of no use without the installation's keys. */
export interface SealedCredential extends StoredCredential {
  secret: string | null;
  accessToken: string | null;
  accessRefreshAt: Date | null;
  refreshToken: string | null;
  version: number;
  leaseUntil: Date | null;
}

const COLUMNS = rawSql(`
  id, connection_id as "connectionId", kind, label, account_email as "accountEmail", username, client_id as "clientId",
  asked_scopes as "askedScopes", scopes, covered_sites as "coveredSites", source_account_id as "sourceAccountId",
  organization_id as "organizationId", directory_id as "directoryId", expires_at as "expiresAt", state, created_at as "createdAt",
  (kind <> 'oauth' or access_token is not null) as "isAuthorized"`);

const SEALED_COLUMNS = rawSql(`
  secret, access_token as "accessToken", access_refresh_at as "accessRefreshAt", refresh_token as "refreshToken",
  version, lease_until as "leaseUntil"`);

/** The place a secret is sealed to: moved to another row or column it does not open. */
export function secretPlace(credentialId: string, column: "secret" | "access_token" | "refresh_token"): string {
  return `credentials/${credentialId}/${column}`;
}

/** Without its secret: that is sealed to the id made here. */
export async function insertCredential(tx: Tx, draft: CredentialDraft): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into credentials (connection_id, kind, label, account_email, username, client_id, asked_scopes,
                             organization_id, directory_id, expires_at, created_at, updated_at)
    values (${draft.connectionId}, ${draft.kind}, ${draft.label}, ${draft.accountEmail}, ${draft.username ?? null},
            ${draft.clientId}, ${draft.askedScopes}, ${draft.organizationId}, ${draft.directoryId ?? null}, ${draft.expiresAt},
            ${draft.at}, ${draft.at})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  return row.id;
}

/**
 * Credentials in use, oldest first; what was replaced or taken out of use, and what waits in a revision, is left out.
 * `keptSince`: with those that were taken out of use from then on, for a run that began before.
 */
export function listCredentials(
  reader: Reader,
  connectionId: string,
  keptSince: Date | null = null,
): Promise<StoredCredential[]> {
  return reader.query<StoredCredential>(sql`
    select ${COLUMNS}
      from credentials
     where connection_id = ${connectionId}
       and state <> 'replaced'
       and revision_id is null
       and (retired_at is null or retired_at >= ${keptSince})
     order by created_at, id
  `);
}

/** A credential that waits with the revision it came with. */
export interface RevisionCredential extends StoredCredential {
  /** The one in use that it takes over for; null: it joins them. */
  replacesId: string | null;
}

/** In the order in which they were entered. */
export function listRevisionCredentials(reader: Reader, revisionId: string): Promise<RevisionCredential[]> {
  return reader.query<RevisionCredential>(sql`
    select ${COLUMNS}, replaces_id as "replacesId"
      from credentials
     where revision_id = ${revisionId}
       and state <> 'replaced'
     order by created_at, id
  `);
}

/** The organization that was entered with a key of the connection; null where none was. */
export async function findEnteredOrganization(reader: Reader, connectionId: string): Promise<string | null> {
  const [row] = await reader.query<{ organizationId: string }>(sql`
    select organization_id as "organizationId"
      from credentials
     where connection_id = ${connectionId}
       and organization_id is not null
       and state <> 'replaced'
       and revision_id is null
       and retired_at is null
     order by created_at desc
     limit 1
  `);
  return row?.organizationId ?? null;
}

export async function findSealedCredential(reader: Reader, id: string): Promise<SealedCredential | null> {
  const rows = await reader.query<SealedCredential>(sql`
    select ${COLUMNS}, ${SEALED_COLUMNS}
      from credentials
     where id = ${id}
       and state <> 'replaced'
  `);
  return rows[0] ?? null;
}

/** Waits for, then holds, the row until the transaction ends. */
export async function lockCredential(tx: Tx, id: string): Promise<SealedCredential | null> {
  const rows = await tx.query<SealedCredential>(sql`
    select ${COLUMNS}, ${SEALED_COLUMNS}
      from credentials
     where id = ${id}
       and state <> 'replaced'
       for update
  `);
  return rows[0] ?? null;
}

/**
 * Takes the lease of a refresh if nobody holds it and nothing changed since `version` was read; a lapsed lease is free.
 * Answers the new version, or null when another was faster.
 */
export async function takeCredentialLease(
  tx: Tx,
  lease: { id: string; version: number; until: Date; at: Date },
): Promise<number | null> {
  const rows = await tx.query<{ version: number }>(sql`
    update credentials
       set version = version + 1, lease_until = ${lease.until}
     where id = ${lease.id}
       and version = ${lease.version}
       and (lease_until is null or lease_until <= ${lease.at})
       and state = 'active'
    returning version
  `);
  return rows[0]?.version ?? null;
}

/** Gives the lease back without a change; does nothing when it is held by another by now. */
export async function releaseCredentialLease(tx: Tx, id: string, version: number): Promise<void> {
  await tx.execute(sql`
    update credentials
       set lease_until = null
     where id = ${id}
       and version = ${version}
  `);
}

/** Sealed tokens of a grant, with what came with them. */
export interface SealedGrant {
  accessToken: string;
  accessRefreshAt: Date;
  accessExpiresAt: Date;
  refreshToken: string | null;
  scopes: readonly string[];
  /** When the grant ends unless it is used before. */
  expiresAt: Date;
}

/** Saves a new pair and ends the lease; false when the version moved on: then the pair is not the newest one. */
export async function saveGrant(tx: Tx, id: string, version: number, grant: SealedGrant, at: Date): Promise<boolean> {
  const saved = await tx.execute(sql`
    update credentials
       set access_token = ${grant.accessToken}, access_refresh_at = ${grant.accessRefreshAt},
           access_expires_at = ${grant.accessExpiresAt}, refresh_token = ${grant.refreshToken}, scopes = ${grant.scopes},
           expires_at = ${grant.expiresAt}, state = 'active', version = version + 1, lease_until = null,
           updated_at = ${at}
     where id = ${id}
       and version = ${version}
  `);
  return saved > 0;
}

/**
 * A new secret in place of the old; whoever holds a lease on the old one loses it. A client secret that no refresh has
 * proved leaves a lost grant lost: only a new consent brings that back. A user name that is not given stays.
 */
export async function saveSecret(
  tx: Tx,
  id: string,
  change: {
    sealed: string;
    accountEmail: string | null;
    username?: string | null;
    expiresAt: Date | null;
    at: Date;
    isProved: boolean;
  },
): Promise<void> {
  await tx.execute(sql`
    update credentials
       set secret = ${change.sealed}, account_email = ${change.accountEmail},
           username = coalesce(${change.username ?? null}, username), expires_at = ${change.expiresAt},
           state = case when ${change.isProved}::boolean then 'active' else state end, version = version + 1, lease_until = null, updated_at = ${change.at}
     where id = ${id}
  `);
}

/** False when the version moved on: then somebody entered a newer secret, and that one is not in question. */
export async function saveCredentialLost(tx: Tx, id: string, version: number, at: Date): Promise<boolean> {
  const saved = await tx.execute(sql`
    update credentials
       set state = 'needs-reauthorization', version = version + 1, lease_until = null, updated_at = ${at}
     where id = ${id}
       and version = ${version}
       and state = 'active'
  `);
  return saved > 0;
}

/** What a check learned of a credential: that it works, what it reaches, and whose it is (null leaves what is known). */
export async function saveCredentialSeen(
  tx: Tx,
  id: string,
  seen: { coveredSites: readonly string[] | null; sourceAccountId: string | null; at: Date },
): Promise<void> {
  await tx.execute(sql`
    update credentials
       set covered_sites = coalesce(${seen.coveredSites}, covered_sites),
           source_account_id = coalesce(${seen.sourceAccountId}, source_account_id),
           updated_at = ${seen.at}
     where id = ${id}
  `);
}

export async function saveCredentialState(tx: Tx, id: string, state: CredentialState, at: Date): Promise<void> {
  await tx.execute(sql`
    update credentials
       set state = ${state}, updated_at = ${at}
     where id = ${id}
  `);
}

/** Keeps the row, which the journal names, and forgets every secret of it. */
export async function removeCredential(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update credentials
       set state = 'replaced', secret = null, access_token = null, refresh_token = null, access_refresh_at = null,
           access_expires_at = null, lease_until = null, version = version + 1, updated_at = ${at}
     where id = ${id}
  `);
}
