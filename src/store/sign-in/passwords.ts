import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

/** Whoever may try to sign in by this e-mail; the hash is null where they have no password. */
export interface PasswordHolder {
  operatorId: string;
  endedAt: Date | null;
  hash: string | null;
}

export async function findPasswordHolder(reader: Reader, email: string): Promise<PasswordHolder | null> {
  const rows = await reader.query<PasswordHolder>(sql`
    select o.id as "operatorId", o.ended_at as "endedAt", p.hash
      from operators o
      left join operator_passwords p on p.operator_id = o.id
     where o.kind = 'person' and lower(o.email) = lower(${email})
  `);
  return rows[0] ?? null;
}

export async function findPasswordHash(reader: Reader, operatorId: string): Promise<string | null> {
  const rows = await reader.query<{ hash: string }>(sql`
    select hash from operator_passwords where operator_id = ${operatorId}
  `);
  return rows[0]?.hash ?? null;
}

export async function savePassword(tx: Tx, operatorId: string, hash: string, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into operator_passwords (operator_id, hash, changed_at)
    values (${operatorId}, ${hash}, ${at})
        on conflict (operator_id) do update set hash = excluded.hash, changed_at = excluded.changed_at
  `);
}

export async function deletePassword(tx: Tx, operatorId: string): Promise<void> {
  await tx.execute(sql`delete from operator_passwords where operator_id = ${operatorId}`);
}
