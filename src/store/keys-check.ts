import type { Reader, Tx } from "./database.ts";
import { secretPlace } from "./credentials.ts";
import { sql } from "./sql.ts";

const NAME = "keys-check";
/** The place that the known text is sealed to. */
export const KEYS_CHECK_PLACE = "installation_settings/keys-check/value";

/** The known text, sealed with the installation's keys; null before any process sealed it. */
export async function findKeysCheck(reader: Reader): Promise<string | null> {
  const [row] = await reader.query<{ value: string }>(sql`
    select value from installation_settings where name = ${NAME}
  `);
  return row?.value ?? null;
}

/** The first one stays: of two processes that start at once with different keys, one is then told. */
export async function insertKeysCheck(tx: Tx, sealed: string, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into installation_settings (name, value, updated_at)
    values (${NAME}, ${JSON.stringify(sealed)}, ${at})
        on conflict (name) do nothing
  `);
}

export async function deleteKeysCheck(tx: Tx): Promise<void> {
  await tx.execute(sql`delete from installation_settings where name = ${NAME}`);
}

export interface SealedSecret {
  credentialId: string;
  place: string;
  sealed: string;
}

/** Everything that is sealed, oldest credential first. */
export async function listSealedSecrets(reader: Reader): Promise<SealedSecret[]> {
  const rows = await reader.query<{
    id: string;
    column: "secret" | "access_token" | "refresh_token";
    sealed: string;
  }>(sql`
    select c.id, each."column", each.sealed
      from credentials c
     cross join lateral (values ('secret', c.secret), ('access_token', c.access_token), ('refresh_token', c.refresh_token))
                        as each("column", sealed)
     where each.sealed is not null
     order by c.created_at, c.id
  `);
  return rows.map(({ id, column, sealed }) => ({ credentialId: id, place: secretPlace(id, column), sealed }));
}

/** Keeps the rows and what they are for; what was sealed is gone, and each asks to be entered again. */
export async function forgetSecrets(tx: Tx, credentialIds: readonly string[], at: Date): Promise<number> {
  return tx.execute(sql`
    update credentials
       set secret = null, access_token = null, refresh_token = null, access_refresh_at = null, access_expires_at = null,
           lease_until = null, version = version + 1, updated_at = ${at},
           state = case when state = 'active' then 'needs-reauthorization' else state end
     where id = any (${credentialIds}::text[])
  `);
}

/** Any number; processes that share a key file also share the database. */
const KEY_FILE_LOCK = 7_302;

/** Until the transaction ends, no other process adds to the key file. */
export async function lockKeyFile(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${KEY_FILE_LOCK})`);
}
