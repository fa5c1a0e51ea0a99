import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Makes a credential part of a revision: it is not in use, and takes over for `replacesId` (null: joins) when that is applied. */
export async function attachToRevision(
  tx: Tx,
  id: string,
  part: { revisionId: string; replacesId: string | null },
): Promise<void> {
  await tx.execute(sql`
    update credentials
       set revision_id = ${part.revisionId}, replaces_id = ${part.replacesId}
     where id = ${id}
  `);
}

/** From now on it is in use. */
export async function putInUse(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update credentials
       set revision_id = null, replaces_id = null, updated_at = ${at}
     where id = ${id}
  `);
}

/** Secrets, each sealed to the credential that they are for. */
export interface SealedSecrets {
  secret: string | null;
  accessToken: string | null;
  refreshToken: string | null;
}

/**
 * The credential that is in use goes on as itself with the secrets of another one, so that runs under way go on with it.
 * Whoever holds a lease on the old secrets loses it.
 */
export async function takeOverCredential(
  tx: Tx,
  ids: { from: string; to: string },
  sealed: SealedSecrets,
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    update credentials current
       set secret = ${sealed.secret}, access_token = ${sealed.accessToken}, refresh_token = ${sealed.refreshToken},
           access_refresh_at = entered.access_refresh_at, access_expires_at = entered.access_expires_at,
           scopes = entered.scopes, asked_scopes = entered.asked_scopes, account_email = entered.account_email,
           username = entered.username, client_id = entered.client_id, organization_id = entered.organization_id,
           covered_sites = coalesce(entered.covered_sites, current.covered_sites),
           source_account_id = coalesce(entered.source_account_id, current.source_account_id),
           expires_at = entered.expires_at, state = 'active', version = current.version + 1, lease_until = null,
           updated_at = ${at}
      from credentials entered
     where current.id = ${ids.to}
       and entered.id = ${ids.from}
  `);
}

/** Takes it out of use; runs that began with it may still open it. */
export async function retireCredential(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update credentials
       set retired_at = ${at}, updated_at = ${at}
     where id = ${id}
  `);
}

/** Forgets at once what runs under way may still open. */
export async function removeRetiredCredentials(tx: Tx, connectionId: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update credentials
       set state = 'replaced', secret = null, access_token = null, refresh_token = null, access_refresh_at = null,
           access_expires_at = null, lease_until = null, version = version + 1, updated_at = ${at}
     where connection_id = ${connectionId}
       and retired_at is not null
       and state <> 'replaced'
  `);
}

/** Forgets the secrets of what was taken out of use, once no run that began with its connection is under way. */
export async function forgetRetiredCredentials(tx: Tx, at: Date): Promise<number> {
  return tx.execute(sql`
    update credentials c
       set state = 'replaced', secret = null, access_token = null, refresh_token = null, access_refresh_at = null,
           access_expires_at = null, lease_until = null, version = version + 1, updated_at = ${at}
     where c.retired_at is not null
       and c.state <> 'replaced'
       and not exists (select 1
                         from runs r
                         left join run_readers by on by.run_id = r.id
                        where r.state = 'running'
                          and c.connection_id in (r.connection_id, by.connection_id))
  `);
}
