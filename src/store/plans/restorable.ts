import { DEFAULT_RECLAMATION_SETTINGS } from "../../model/reclamation.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/**
 * Whether Usher, or whoever it told to, took something of the row `r` that is not back yet. What was so before anything
 * was done (an account that somebody else suspended) is not Usher's to give back.
 */
export const IS_TAKEN = rawSql(`
  (r.state in ('done', 'failed', 'unverified')
   and exists (select 1
                 from actions x
                where x.plan_id = r.plan_id and x.position = r.position and x.state in ('done', 'unverified')))`);

/** A seat that was taken and may be given back. */
export interface RestorableSeat {
  planId: string;
  position: number;
  ruleId: string | null;
  /** Until when its holder may get it back. */
  restoreUntil: Date;
  selfServiceRestore: boolean;
  /** A plan that waits to give it back, or is doing so. */
  restoringPlanId: string | null;
}

/** The newest taking of a seat that was not given back; of one plan, where it is named. */
export async function findRestorable(
  reader: Reader,
  siteId: string,
  accountId: string,
  planId: string | null,
): Promise<RestorableSeat | null> {
  const [row] = await reader.query<RestorableSeat>(sql`
    select r.plan_id as "planId", r.position, p.rule_id as "ruleId",
           coalesce((select max(x.finished_at) from actions x where x.plan_id = r.plan_id and x.position = r.position),
                    p.applied_at)
             + make_interval(days => coalesce((settings.of ->> 'restoreDays')::integer, 30)) as "restoreUntil",
           coalesce((settings.of ->> 'selfServiceRestore')::boolean, true) as "selfServiceRestore",
           (select back.plan_id
              from plan_rows back
              join plans restoring on restoring.id = back.plan_id and restoring.kind = 'restore'
             where back.site_id = r.site_id and back.account_id = r.account_id
               and restoring.undoes_plan_id = r.plan_id and restoring.state in ('ready', 'applying')
               and back.state in ('planned', 'executing')
             limit 1) as "restoringPlanId"
      from plan_rows r
      join plans p on p.id = r.plan_id and p.kind = 'reclaim'
      left join candidates c on c.id = r.candidate_id
      left join reclamation_rules rule on rule.id = p.rule_id
     cross join lateral (select coalesce(c.settings, rule.settings) as of) as settings
     where r.site_id = ${siteId} and r.account_id = ${accountId}
       and (${planId}::text is null or r.plan_id = ${planId})
       and ${IS_TAKEN}
     order by p.applied_at desc
     limit 1
  `);
  return row ?? null;
}

/** The newest taking of a seat is given back; of one plan, where it is named. Null: nothing of it was taken. */
export async function saveRowRestored(
  tx: Tx,
  siteId: string,
  accountId: string,
  planId: string | null,
): Promise<{ planId: string; candidateId: string | null } | null> {
  const [row] = await tx.query<{ planId: string; candidateId: string | null }>(sql`
    update plan_rows taken
       set state = 'restored'
      from (select r.plan_id, r.position
              from plan_rows r
              join plans p on p.id = r.plan_id and p.kind = 'reclaim'
             where r.site_id = ${siteId} and r.account_id = ${accountId}
               and ${IS_TAKEN}
               and (${planId}::text is null or r.plan_id = ${planId})
             order by r.state = 'done' desc, p.applied_at desc
             limit 1) as newest
     where taken.plan_id = newest.plan_id and taken.position = newest.position
    returning taken.plan_id as "planId", taken.candidate_id as "candidateId"
  `);
  return row ?? null;
}

/** Days in which the seat of a candidate may be given back. */
export async function findRestoreDays(reader: Reader, candidateId: string): Promise<number> {
  const [row] = await reader.query<{ days: number | null }>(sql`
    select (settings ->> 'restoreDays')::integer as days from candidates where id = ${candidateId}
  `);
  return row?.days ?? DEFAULT_RECLAMATION_SETTINGS.restoreDays;
}

/** Seats of a plan of which something was taken and that were not given back, in its order. */
export function listSeatsToGiveBack(reader: Reader, planId: string): Promise<{ siteId: string; accountId: string }[]> {
  return reader.query<{ siteId: string; accountId: string }>(sql`
    select r.site_id as "siteId", r.account_id as "accountId"
      from plan_rows r
     where r.plan_id = ${planId}
       and ${IS_TAKEN}
     order by r.position
  `);
}

/** Seats of these sites that are being given back, or were since their holders were last read. */
export async function countSeatsGiven(reader: Reader, siteIds: readonly string[]): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select count(distinct (r.site_id, r.account_id)) as seats
      from plans p
      join plan_rows r on r.plan_id = p.id and r.site_id = any (${siteIds as string[]})
      left join site_summaries known on known.site_id = r.site_id
     where p.kind = 'restore'
       and (r.state = 'executing' and p.state = 'applying'
            or r.state = 'done' and (p.finished_at is null or p.finished_at > coalesce(known.as_of, '-infinity')))
  `);
  return row?.seats ?? 0;
}
