import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** Whether anything is owned under this e-mail, whatever its case. */
export async function ownsConnections(reader: Reader, email: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select connection_id from connection_owners where lower(email) = lower(${email}) limit 1
  `);
  return rows.length > 0;
}

export async function listOwnedConnections(reader: Reader, email: string): Promise<ReadonlySet<string>> {
  const rows = await reader.query<{ id: string }>(sql`
    select connection_id as id from connection_owners where lower(email) = lower(${email})
  `);
  return new Set(rows.map(({ id }) => id));
}

export async function ownsConnection(reader: Reader, email: string, connectionId: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select connection_id from connection_owners where connection_id = ${connectionId} and lower(email) = lower(${email})
  `);
  return rows.length > 0;
}

/**
 * Whether a connection in service, whose check has reached the site, is owned under this e-mail: a draft names sites that
 * nobody proved to be its owner's.
 */
export async function ownsConnectionOfSite(reader: Reader, email: string, siteId: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select o.connection_id
      from connection_owners o
      join connections c on c.id = o.connection_id and c.state in ('published', 'paused')
      join connection_sites x on x.connection_id = o.connection_id
     where x.site_id = ${siteId} and x.validated_at is not null and lower(o.email) = lower(${email})
     limit 1
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

/**
 * The connection that a run or a job's result is of, by the id of either; null where there is none, or it is of none. A
 * result that is a run is the run's: on a shared site another connection may have read for the job.
 */
export async function findConnectionOfResult(reader: Reader, id: string): Promise<string | null> {
  const rows = await reader.query<{ connectionId: string | null }>(sql`
    select connection_id as "connectionId" from runs where id = ${id}
     union all
    select coalesce(n.connection_id, j.connection_id)
      from job_results r
      join jobs j on j.id = r.job_id
      left join runs n on n.id = r.run_id
     where r.id = ${id}
  `);
  return rows[0]?.connectionId ?? null;
}
