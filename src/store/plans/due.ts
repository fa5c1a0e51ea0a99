import type { PlanKind } from "../../model/plans.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import { groupsBringingAccess } from "../access-sql.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";
import type { Action } from "./actions.ts";
import { listPlanRowsAt, type PlanRow } from "./rows.ts";
import { listActionsAt } from "./actions.ts";

/** A seat that is to be changed, or looked at, now. */
export interface DueSeat {
  row: PlanRow;
  plan: {
    kind: PlanKind;
    acceptsProducts: string[];
    appliedBy: string;
    ruleId: string | null;
    undoesPlanId: string | null;
  };
  /** All of the seat, those that are finished too. */
  actions: Action[];
}

/**
 * Open actions of plans under way. What was sent is read back whatever became of the plan; what was not waits while the
 * plan is paused, and behind its first batch. What a person or another system changes waits for their word.
 */
const OPEN = rawSql(`
       actions x
  join plans p on p.id = x.plan_id and p.state = 'applying'
  join plan_rows r on r.plan_id = x.plan_id and r.position = x.position and r.state = 'executing'
 where x.state in ('planned', 'running')
   and (x.kind not in ('instruction', 'webhook') or x.reported_at is not null)
   and (x.sent_at is not null or x.reported_at is not null
        or (p.paused is null and (p.canary_until is null or r.position < p.canary_until)))`);

/** The seats that are due, plan by plan in the order in which they were applied. */
export async function listDueSeats(reader: Reader, at: Date, limit: number): Promise<DueSeat[]> {
  const due = await reader.query<{
    planId: string;
    position: number;
    kind: PlanKind;
    acceptsProducts: string[];
    appliedBy: string;
    ruleId: string | null;
    undoesPlanId: string | null;
  }>(sql`
    select p.id as "planId", r.position, p.kind, p.accepts_products as "acceptsProducts", p.applied_by as "appliedBy",
           p.rule_id as "ruleId", p.undoes_plan_id as "undoesPlanId"
      from ${OPEN}
     group by p.id, r.position
    having min(x.next_at) <= ${at}
     order by p.applied_at, p.id, r.position
     limit ${limit}
  `);
  if (due.length === 0) return [];
  const [rows, actions] = [await listPlanRowsAt(reader, due), await listActionsAt(reader, due)];
  const keyOf = (each: { planId: string; position: number }) => `${each.planId}/${each.position}`;
  const rowsByKey = new Map(rows.map((row) => [keyOf(row), row]));
  const actionsByKey = Map.groupBy(actions, keyOf);
  return due.flatMap(({ planId, position, ...plan }) => {
    const row = rowsByKey.get(keyOf({ planId, position }));
    return row ? [{ row, plan, actions: actionsByKey.get(keyOf(row)) ?? [] }] : [];
  });
}

/** When the next seat is due; null: none will be by itself. */
export async function findNextDue(reader: Reader): Promise<Date | null> {
  const [row] = await reader.query<{ nextAt: Date | null }>(sql`select min(x.next_at) as "nextAt" from ${OPEN}`);
  return row?.nextAt ?? null;
}

/** What a seat is checked by again, in the transaction that says that its change is being sent. */
export interface SeatNow {
  rowState: string;
  planState: string;
  isPaused: boolean;
  isAct: boolean;
  isServed: boolean;
  /** Of a plan that nobody looked at: its rule acts; true of every other. */
  isRuleGoing: boolean;
  exclusions: string[];
  candidateState: CandidateState | null;
  /** What runs have seen of its use by now. */
  lastUseAt: Date | null;
}

/** Waits for, then holds, the row until the transaction ends. */
export async function lockSeatNow(
  tx: Tx,
  { planId, position }: { planId: string; position: number },
  at: Date,
): Promise<SeatNow | null> {
  const [row] = await tx.query<SeatNow>(sql`
    select r.state as "rowState", p.state as "planState", p.paused is not null as "isPaused", s.mode = 'act' as "isAct",
           exists (select 1
                     from site_capabilities held
                     join connections c on c.id = held.connection_id
                     join connection_sites x on x.connection_id = c.id and x.site_id = s.id
                    where held.site_id = s.id and held.capability = 'reclaim' and c.state = 'published'
                      and held.capability = any (c.capabilities)) as "isServed",
           not p.is_unattended or p.rule_id is null
             or exists (select 1
                          from reclamation_rules acting
                         where acting.id = p.rule_id and acting.status = 'active' and acting.ended_at is null)
             as "isRuleGoing",
           array(select rule.name
                   from exclusion_hits hit
                   join exclusion_rules rule on rule.id = hit.rule_id
                  where hit.site_id = r.site_id and hit.account_id = r.account_id and 'no-reclaim' = any (hit.effects)
                    and (hit.until is null or hit.until > ${at})
                  order by rule.name) as exclusions,
           c.state as "candidateState",
           nullif(greatest(coalesce(f.viewed_at, '-infinity'), coalesce(f.contributed_at, '-infinity'),
                           coalesce(f.administered_at, '-infinity'), coalesce(f.authenticated_at, '-infinity')),
                  '-infinity') as "lastUseAt"
      from plan_rows r
      join plans p on p.id = r.plan_id
      join sites s on s.id = r.site_id
      left join candidates c on c.id = r.candidate_id
      left join seat_facts f on f.site_id = r.site_id and f.account_id = r.account_id
     where r.plan_id = ${planId} and r.position = ${position}
       for update of r
  `);
  return row ?? null;
}

/** Source ids of the groups of a site that bring the product, by themselves or through nesting, and that nobody dropped. */
export async function listBringingGroups(reader: Reader, siteId: string): Promise<Set<string>> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    select g.source_id as "sourceId"
      from (${groupsBringingAccess(sql`${siteId}`)}) as bringing
      join groups g on g.site_id = ${siteId} and g.id = bringing.group_id
     where bringing.is_managed
  `);
  return new Set(rows.map((row) => row.sourceId));
}
