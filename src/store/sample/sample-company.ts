import type { SampleCompany, SampleState } from "../../model/sample-company.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/** Hears that the sample company is to be made or removed. Nothing is in the message. */
export const SAMPLE_CHANNEL = "sample_company";

const COLUMNS = rawSql(`
  state, scale, seed, began_at as "beganAt", step, problem, requested_by as "requestedBy", requested_at as "requestedAt",
  ready_at as "readyAt"`);

export async function findSampleCompany(reader: Reader): Promise<SampleCompany | null> {
  const rows = await reader.query<SampleCompany>(sql`select ${COLUMNS} from sample_company`);
  return rows[0] ?? null;
}

/** Waits for, then holds, the row until the transaction ends. */
export async function lockSampleCompany(tx: Tx): Promise<SampleCompany | null> {
  const rows = await tx.query<SampleCompany>(sql`select ${COLUMNS} from sample_company for update`);
  return rows[0] ?? null;
}

/** False where there is one already. */
export async function insertSampleCompany(
  tx: Tx,
  made: Pick<SampleCompany, "scale" | "seed" | "requestedBy"> & { at: Date },
): Promise<boolean> {
  const inserted = await tx.execute(sql`
    insert into sample_company (state, scale, seed, began_at, step, requested_by, requested_at)
    values ('making', ${made.scale}, ${made.seed}, ${made.at}, 'Waiting to begin', ${made.requestedBy}, ${made.at})
        on conflict do nothing
  `);
  await wake(tx);
  return inserted === 1;
}

/** What is being done; whatever went wrong before is over. False once the state is another one. */
export async function saveSampleStep(tx: Tx, state: SampleState, step: string): Promise<boolean> {
  const saved = await tx.execute(sql`
    update sample_company set step = ${step}, problem = null where state = ${state}
  `);
  return saved === 1;
}

export async function saveSampleProblem(tx: Tx, problem: string): Promise<void> {
  await tx.execute(sql`update sample_company set problem = ${problem}`);
}

/** False where its removal was asked for meanwhile. */
export async function saveSampleReady(tx: Tx, at: Date): Promise<boolean> {
  const saved = await tx.execute(sql`
    update sample_company
       set state = 'present', step = 'Ready', problem = null, ready_at = ${at}
     where state = 'making'
  `);
  return saved === 1;
}

export async function saveSampleRemoving(tx: Tx): Promise<void> {
  await tx.execute(sql`
    update sample_company set state = 'removing', step = 'Waiting to begin', problem = null
  `);
  await wake(tx);
}

export async function deleteSampleCompany(tx: Tx): Promise<void> {
  await tx.execute(sql`delete from sample_company where state = 'removing'`);
}

async function wake(tx: Tx): Promise<void> {
  await tx.query(sql`select pg_notify(${SAMPLE_CHANNEL}, '')`);
}

export interface SampleParts {
  connectionIds: string[];
  siteIds: string[];
  /** Runs of its sites that are queued or under way, oldest first. */
  runIds: string[];
}

export async function findSampleParts(reader: Reader): Promise<SampleParts> {
  const [row] = await reader.query<SampleParts>(sql`
    select array(select id from connections where is_sample order by created_at, id) as "connectionIds",
           array(select id from sites where is_sample order by name, id) as "siteIds",
           array(select r.id
                   from runs r
                   join sites s on s.id = r.site_id
                  where s.is_sample and r.state in ('queued', 'running')
                  order by r.requested_at, r.id) as "runIds"
  `);
  return row ?? { connectionIds: [], siteIds: [], runIds: [] };
}

/** Whether a run of its sites, or a job that a run or its work began, is queued or under way. */
export async function isSampleAtWork(reader: Reader): Promise<boolean> {
  const [row] = await reader.query<{ is: boolean }>(sql`
    select exists (select from runs r join sites s on s.id = r.site_id
                    where s.is_sample and r.state in ('queued', 'running'))
        or exists (select from job_results r
                    where r.state = 'running' and r.trigger in ('run', 'work')) as is
  `);
  return row?.is ?? false;
}

/** Whether anything of a real company is here: a connection in service, or a site that was read once. */
export async function hasRealCompany(reader: Reader): Promise<boolean> {
  const [row] = await reader.query<{ is: boolean }>(sql`
    select exists (select from connections where not is_sample and state in ('published', 'paused'))
        or exists (select from sites where not is_sample and last_synced_at is not null) as is
  `);
  return row?.is ?? false;
}
