import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";

/** Attempts of one address or e-mail that were not followed by a right one. */
export interface SignInWait {
  key: string;
  failures: number;
  lastAt: Date;
  waitUntil: Date;
}

/** Waits for, then holds, the rows of these keys, made if there are none: attempts are counted one after the other. */
export async function lockWaits(tx: Tx, keys: readonly string[], at: Date): Promise<SignInWait[]> {
  // In the order of the keys, so that two attempts never wait for each other.
  const sorted = keys.toSorted();
  await tx.execute(sql`
    insert into sign_in_waits (key, failures, last_at, wait_until)
    select key, 0, ${at}::timestamptz, ${at}::timestamptz
      from unnest(${sorted}::text[]) as key
     order by key
        on conflict do nothing
  `);
  return tx.query<SignInWait>(sql`
    select key, failures, last_at as "lastAt", wait_until as "waitUntil"
      from sign_in_waits
     where key = any (${sorted}::text[])
     order by key
       for update
  `);
}

export async function saveWait(tx: Tx, wait: SignInWait): Promise<void> {
  await tx.execute(sql`
    update sign_in_waits
       set failures = ${wait.failures}, last_at = ${wait.lastAt}, wait_until = ${wait.waitUntil}
     where key = ${wait.key}
  `);
}

export async function deleteWaits(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.execute(sql`delete from sign_in_waits where key = any (${keys as string[]})`);
}

/** What nobody waits for any more. */
export async function deletePastWaits(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`delete from sign_in_waits where last_at < ${before} and wait_until < ${before}`);
}
