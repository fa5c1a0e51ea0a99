import type { PlanKind, PlanLimits, PlanPause } from "../../model/plans.ts";
import type { Reader, Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { IS_TAKEN } from "./restorable.ts";

/** A plan under way, with how far it is. */
export interface PlanUnderWay {
  id: string;
  kind: PlanKind;
  ruleId: string | null;
  undoesPlanId: string | null;
  isUnattended: boolean;
  appliedBy: string;
  siteIds: string[];
  limits: PlanLimits;
  isPaused: boolean;
  seats: number;
  executing: number;
  failed: number;
  unverified: number;
  leftOut: number;
  failuresSeen: number;
  canary: { executing: number; failed: number } | null;
}

export function listPlansUnderWay(reader: Reader): Promise<PlanUnderWay[]> {
  return reader.query<PlanUnderWay>(sql`
    select p.id, p.kind, p.rule_id as "ruleId", p.undoes_plan_id as "undoesPlanId", p.applied_by as "appliedBy",
           p.is_unattended as "isUnattended", p.site_ids as "siteIds", p.limits, p.paused is not null as "isPaused", p.failures_seen as "failuresSeen",
           (p.counts ->> 'seats')::integer as seats,
           count(*) filter (where r.state = 'executing') as executing,
           count(*) filter (where r.state = 'failed') as failed,
           count(*) filter (where r.state = 'unverified') as unverified,
           count(*) filter (where r.state = 'left-out') - (p.counts ->> 'leftOut')::integer as "leftOut",
           case when p.canary_until is not null then
             jsonb_build_object(
               'executing', count(*) filter (where r.position < p.canary_until and r.state = 'executing'
                                                   and r.executor not in ('instruction', 'webhook')),
               'failed', count(*) filter (where r.position < p.canary_until
                                                and r.state in ('failed', 'unverified')))
           end as canary
      from plans p
      join plan_rows r on r.plan_id = p.id
     where p.state = 'applying'
     group by p.id
     order by p.applied_at, p.id
  `);
}

/** Lets the rows behind the first batch go on. */
export async function endCanary(tx: Tx, planId: string): Promise<void> {
  await tx.execute(sql`update plans set canary_until = null, revision = revision + 1 where id = ${planId}`);
}

/** Goes on where it stood, the first batch done with; what failed so far does not pause it again. */
export async function savePlanResumed(tx: Tx, planId: string): Promise<void> {
  await tx.execute(sql`
    update plans
       set paused = null, canary_until = null, revision = revision + 1,
           failures_seen = (select count(*)
                              from plan_rows r
                             where r.plan_id = plans.id and r.state in ('failed', 'unverified'))
     where id = ${planId}
  `);
}

/** Ends the rows of which nothing was sent; gives how many. What was sent is still read back. */
export async function stopPlanRows(tx: Tx, planId: string, reason: string, at: Date): Promise<number> {
  const outcome = JSON.stringify({ code: "stopped", message: reason, fix: null });
  const stopped = sql`
    select r.position
      from plan_rows r
     where r.plan_id = ${planId} and r.state = 'executing'
       and not exists (select 1
                         from actions sent
                        where sent.plan_id = r.plan_id and sent.position = r.position and sent.sent_at is not null)`;
  await tx.execute(sql`
    update actions
       set state = 'skipped', finished_at = ${at}, outcome = ${outcome}
     where plan_id = ${planId} and state in ('planned', 'running') and position in (${stopped})
  `);
  return tx.execute(sql`
    update plan_rows
       set state = 'left-out', outcome = ${outcome}
     where plan_id = ${planId} and position in (${stopped})
  `);
}

/** How many seats of a reclaim plan were taken by it, and how many of those were given back. */
export async function countRestored(reader: Reader, planId: string): Promise<{ taken: number; restored: number }> {
  const [row] = await reader.query<{ taken: number; restored: number }>(sql`
    select count(*) filter (where r.state = 'restored' or r.state = 'done' and ${IS_TAKEN}) as taken,
           count(*) filter (where r.state = 'restored') as restored
      from plan_rows r
     where r.plan_id = ${planId}
  `);
  return row ?? { taken: 0, restored: 0 };
}

/** False: it was paused already, or is not under way. */
export async function savePlanPause(tx: Tx, planId: string, paused: PlanPause): Promise<boolean> {
  const saved = await tx.execute(sql`
    update plans
       set paused = ${JSON.stringify(paused)}, revision = revision + 1
     where id = ${planId} and state = 'applying' and paused is null
  `);
  return saved === 1;
}

/** Whether a plan under way has no seat left that is being changed. */
export async function isPlanToFinish(reader: Reader): Promise<boolean> {
  const [row] = await reader.query<{ isThere: boolean }>(sql`
    select exists (select 1
                     from plans p
                    where p.state = 'applying'
                      and not exists (select 1 from plan_rows r where r.plan_id = p.id and r.state = 'executing'))
           as "isThere"
  `);
  return row?.isThere ?? false;
}
