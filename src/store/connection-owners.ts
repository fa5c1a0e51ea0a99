import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** Whether anything is owned under this e-mail, whatever its case. */
export async function ownsConnections(reader: Reader, email: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select connection_id from connection_owners where lower(email) = lower(${email}) limit 1
  `);
  return rows.length > 0;
}

export async function ownsConnection(reader: Reader, email: string, connectionId: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select connection_id from connection_owners where connection_id = ${connectionId} and lower(email) = lower(${email})
  `);
  return rows.length > 0;
}

/** The connection that a run reads by; null where there is no such run, or it has none. */
export async function findConnectionOfRun(reader: Reader, runId: string): Promise<string | null> {
  const rows = await reader.query<{ connectionId: string | null }>(sql`
    select connection_id as "connectionId" from runs where id = ${runId}
  `);
  return rows[0]?.connectionId ?? null;
}

/** The connection that a job is of; null where there is no such job, or it is of none. */
export async function findConnectionOfJob(reader: Reader, jobId: string): Promise<string | null> {
  const rows = await reader.query<{ connectionId: string | null }>(sql`
    select connection_id as "connectionId" from jobs where id = ${jobId}
  `);
  return rows[0]?.connectionId ?? null;
}
