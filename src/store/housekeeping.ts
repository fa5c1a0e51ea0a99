import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Results that ended before `before`; the newest of each job stays, so that "last result" is never empty. */
export async function deleteJobResults(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`
    delete from job_results result
     where result.finished_at < ${before}
       and exists (select 1
                     from job_results later
                    where later.job_id = result.job_id and later.started_at > result.started_at)
  `);
}

/** Staged pages are of use only to a run that will go on. */
export async function deleteOrphanedStagedRows(tx: Tx): Promise<number> {
  return tx.execute(sql`
    delete from staged_rows s
     using runs r
     where r.id = s.run_id and r.state not in ('queued', 'running')
  `);
}

export async function deleteOauthAttempts(tx: Tx, expiredBefore: Date): Promise<number> {
  return tx.execute(sql`delete from oauth_attempts where expires_at < ${expiredBefore}`);
}

/** Leases of holders that are long gone; one that is taken over is written anew anyway. */
export async function deleteLapsedLeases(tx: Tx): Promise<number> {
  return tx.execute(sql`delete from leases where until < clock_timestamp() - interval '1 day'`);
}
