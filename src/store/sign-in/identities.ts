import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";

/** The operator who is this subject at the provider. */
export async function findIdentity(reader: Reader, issuer: string, subject: string): Promise<string | null> {
  const rows = await reader.query<{ operatorId: string }>(sql`
    select operator_id as "operatorId" from sso_identities where issuer = ${issuer} and subject = ${subject}
  `);
  return rows[0]?.operatorId ?? null;
}

/** Whether the operator is some subject at the provider already. */
export async function hasIdentity(reader: Reader, issuer: string, operatorId: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select subject from sso_identities where issuer = ${issuer} and operator_id = ${operatorId} limit 1
  `);
  return rows.length > 0;
}

export async function insertIdentity(
  tx: Tx,
  identity: { issuer: string; subject: string; operatorId: string; at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into sso_identities (issuer, subject, operator_id, linked_at)
    values (${identity.issuer}, ${identity.subject}, ${identity.operatorId}, ${identity.at})
  `);
}
