import type { PlanPause } from "../model/plans.ts";
import type { RulePause } from "../model/reclamation.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

const NAME = "restored-copy";

export interface RestoredCopy {
  /** When the backup was made that this is a copy of. */
  madeAt: Date;
  restoredAt: Date;
}

/** Null once a person said that this is the living copy, and where nothing was ever restored. */
export async function findRestoredCopy(reader: Reader): Promise<RestoredCopy | null> {
  const [row] = await reader.query<{ value: { madeAt: string }; restoredAt: Date }>(sql`
    select value, updated_at as "restoredAt" from installation_settings where name = ${NAME}
  `);
  return row ? { madeAt: new Date(row.value.madeAt), restoredAt: row.restoredAt } : null;
}

export async function markRestoredCopy(tx: Tx, { madeAt, restoredAt }: RestoredCopy): Promise<void> {
  await tx.execute(sql`
    insert into installation_settings (name, value, updated_at)
    values (${NAME}, ${JSON.stringify({ madeAt })}, ${restoredAt})
        on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
  `);
}

/** False: it was no restored copy, or somebody said so before. */
export async function unmarkRestoredCopy(tx: Tx): Promise<boolean> {
  return (await tx.execute(sql`delete from installation_settings where name = ${NAME}`)) > 0;
}

/** Connections that were published when the backup was made; they wait, with their jobs, for a person to resume them. */
export async function pauseEveryConnection(tx: Tx, at: Date): Promise<string[]> {
  await tx.execute(sql`update jobs set enabled = false where connection_id is not null`);
  const rows = await tx.query<{ id: string }>(sql`
    update connections
       set state = 'paused', revision = revision + 1, updated_at = ${at}
     where state = 'published'
    returning id
  `);
  return rows.map((each) => each.id).sort();
}

/** Rules that acted when the backup was made; each waits for a person to activate it again. Gives their ids. */
export async function pauseEveryRule(tx: Tx, paused: RulePause, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update reclamation_rules
       set status = 'paused', paused = ${JSON.stringify(paused)}, revision = revision + 1, updated_at = ${at}
     where status = 'active'
    returning id
  `);
  return rows.map((each) => each.id).sort();
}

/** Plans that were being carried out; each waits for a person to resume or to stop it. Gives their ids. */
export async function pauseEveryPlan(tx: Tx, paused: PlanPause): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    update plans
       set paused = coalesce(paused, ${JSON.stringify(paused)}::jsonb), revision = revision + 1
     where state = 'applying'
    returning id
  `);
  return rows.map((each) => each.id).sort();
}

/** Gives the ids of the sites that Usher was allowed to write to before. */
export async function observeEverySite(tx: Tx): Promise<string[]> {
  await tx.execute(sql`
    update sites
       set health = case when last_synced_at is null then 'not-connected' else 'connected' end
     where health = 'syncing'
  `);
  const rows = await tx.query<{ id: string }>(sql`
    update sites set mode = 'observe', revision = revision + 1 where mode = 'act' returning id
  `);
  return rows.map((each) => each.id).sort();
}

/** Runs that were queued or under way go on where they were, not in a copy. */
export async function endRunsUnderWay(tx: Tx, at: Date): Promise<number> {
  const message = "It was under way when the backup was made that this installation was restored from.";
  await tx.execute(sql`
    update job_results set state = 'canceled', finished_at = ${at}, message = ${message} where state = 'running'
  `);
  return tx.execute(sql`
    update runs
       set state = 'canceled', finished_at = ${at}, error_code = 'run.restored', error_message = ${message}
     where state in ('queued', 'running')
  `);
}
