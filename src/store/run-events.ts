import type { RunEvent } from "../model/runs.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Hears the id of each run that has new events. */
export const RUN_EVENTS_CHANNEL = "run_events";

/** Appends to a run's log and wakes its readers at commit. One process writes a run's events, the one that holds the run. */
export async function appendRunEvents(tx: Tx, runId: string, events: readonly Omit<RunEvent, "seq">[]): Promise<void> {
  await tx.execute(sql`
    insert into run_events (run_id, seq, at, level, event, message, data)
    select ${runId}, coalesce((select max(seq) from run_events where run_id = ${runId}), 0) + each.position,
           (each.value ->> 'at')::timestamptz, each.value ->> 'level', each.value ->> 'event', each.value ->> 'message',
           each.value -> 'data'
      from jsonb_array_elements(${JSON.stringify(events)}::jsonb) with ordinality as each(value, position)
  `);
  await tx.query(sql`select pg_notify(${RUN_EVENTS_CHANNEL}, ${runId})`);
}

/** Oldest first, those after `after`; 0 begins at the first. */
export async function listRunEvents(reader: Reader, runId: string, after: number, limit: number): Promise<RunEvent[]> {
  return reader.query<RunEvent>(sql`
    select seq, at, level, event, message, data
      from run_events
     where run_id = ${runId} and seq > ${after}
     order by seq
     limit ${limit}
  `);
}

/** Housekeeping: the log of runs that ended before `before` goes, the runs themselves stay. */
export async function deleteRunEvents(tx: Tx, before: Date): Promise<number> {
  return tx.execute(sql`
    delete from run_events e
     using runs r
     where r.id = e.run_id and r.finished_at < ${before}
  `);
}
