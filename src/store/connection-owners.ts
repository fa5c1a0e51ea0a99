import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** Whether anything is owned under this e-mail, whatever its case. */
export async function ownsConnections(reader: Reader, email: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select connection_id from connection_owners where lower(email) = lower(${email}) limit 1
  `);
  return rows.length > 0;
}
