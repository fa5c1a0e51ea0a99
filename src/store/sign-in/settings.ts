import { DEFAULT_SIGN_IN, type SignInSettings } from "../../model/sign-in-settings.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

export interface SavedSignInSettings extends SignInSettings {
  /** Sealed. */
  clientSecret: string | null;
  /** Zero: as it comes. */
  revision: number;
}

/** What the box seals the client's secret for. */
export const CLIENT_SECRET_PLACE = "sign_in_settings/client_secret";

export async function readSignInSettings(reader: Reader): Promise<SavedSignInSettings> {
  const rows = await reader.query<{ settings: SignInSettings; clientSecret: string | null; revision: number }>(sql`
    select settings, client_secret as "clientSecret", revision from sign_in_settings
  `);
  const [row] = rows;
  if (!row) return { ...DEFAULT_SIGN_IN, clientSecret: null, revision: 0 };
  return { ...row.settings, clientSecret: row.clientSecret, revision: row.revision };
}

const LOCK = "usher/sign-in-settings";

/** Until the transaction ends nobody else changes them, also where there are none yet. */
export async function lockSignInSettings(tx: Tx): Promise<SavedSignInSettings> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`);
  return readSignInSettings(tx);
}

export async function saveSignInSettings(
  tx: Tx,
  { passwords, sso, clientSecret, revision }: SavedSignInSettings,
  by: string,
  at: Date,
): Promise<void> {
  const settings = JSON.stringify({ passwords, sso } satisfies SignInSettings);
  await tx.execute(sql`
    insert into sign_in_settings (settings, client_secret, revision, updated_at, updated_by)
    values (${settings}, ${clientSecret}, ${revision}, ${at}, ${by})
        on conflict (only_row) do update
       set settings = excluded.settings, client_secret = excluded.client_secret, revision = excluded.revision,
           updated_at = excluded.updated_at, updated_by = excluded.updated_by
  `);
}

/** Single sign-on is off until the client's secret is entered again; sessions of it no longer sign out at the provider. */
export async function forgetSignInSecrets(tx: Tx): Promise<void> {
  await tx.execute(sql`update sign_in_settings set client_secret = null, revision = revision + 1`);
  await tx.execute(sql`update sessions set sign_out_url = null where sign_out_url is not null`);
}
