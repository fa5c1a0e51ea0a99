import type { Reader, Tx } from "../database.ts";
import { type Sql, sql } from "../sql.ts";

/** What applying a plan depends on at one of its sites. */
export interface SiteReadiness {
  siteId: string;
  name: string;
  mode: "observe" | "act";
  /** A published connection serves `reclaim` for it. */
  isServed: boolean;
  /** What is known of the seats is of then; null: nothing was read yet. */
  dataAsOf: Date | null;
}

export function listSiteReadiness(reader: Reader, siteIds: readonly string[]): Promise<SiteReadiness[]> {
  return reader.query<SiteReadiness>(sql`
    select s.id as "siteId", s.name, s.mode, summary.as_of as "dataAsOf",
           exists (select 1
                     from site_capabilities held
                     join connections c on c.id = held.connection_id
                     join connection_sites x on x.connection_id = c.id and x.site_id = s.id
                    where held.site_id = s.id and held.capability = 'reclaim' and c.state = 'published'
                      and held.capability = any (c.capabilities)) as "isServed"
      from sites s
      left join site_summaries summary on summary.site_id = s.id
     where s.id = any (${siteIds as string[]})
     order by s.name, s.id
  `);
}

/** Who applies a plan, and who made the token they do it by, where that was another operator. */
export interface Applier {
  operatorId: string;
  vouchedBy: string | null;
}

/**
 * Approvals `a` that come from another human than the applier: of a person, who neither is the applier nor made the token
 * it is applied by, nor approved by a token that the applier made.
 */
function isSecondPerson({ operatorId, vouchedBy }: Applier): Sql {
  return sql`
    a.operator_id <> ${operatorId} and a.operator_id is distinct from ${vouchedBy}
    and a.vouched_by is distinct from ${operatorId}
    and exists (select 1 from operators o where o.id = a.operator_id and o.kind = 'person')
  `;
}

/** People other than the applier who approved exactly this. */
export async function countApprovals(reader: Reader, planId: string, hash: string, applier: Applier): Promise<number> {
  const [row] = await reader.query<{ approvals: number }>(sql`
    select count(*) as approvals
      from plan_approvals a
     where a.plan_id = ${planId} and a.hash = ${hash} and ${isSecondPerson(applier)}
  `);
  return row?.approvals ?? 0;
}

/** Whether `operatorId` ever made a token for the service account `accountId`, and so may be who acts by it. */
export async function holdsAccount(reader: Reader, operatorId: string, accountId: string): Promise<boolean> {
  const rows = await reader.query(sql`
    select t.id
      from api_tokens t
      join operators o on o.id = t.operator_id
     where t.operator_id = ${accountId} and t.made_by = ${operatorId} and o.kind = 'service-account'
     limit 1
  `);
  return rows.length > 0;
}

/** False: the operator had approved it already. */
export async function insertApproval(
  tx: Tx,
  approval: { planId: string; operatorId: string; vouchedBy: string | null; hash: string; at: Date },
): Promise<boolean> {
  const made = await tx.execute(sql`
    insert into plan_approvals (plan_id, operator_id, vouched_by, at, hash)
    values (${approval.planId}, ${approval.operatorId}, ${approval.vouchedBy}, ${approval.at}, ${approval.hash})
        on conflict do nothing
  `);
  return made === 1;
}

export interface Approval {
  operatorId: string;
  name: string;
  at: Date;
}

export function listApprovals(reader: Reader, planId: string): Promise<Approval[]> {
  return reader.query<Approval>(sql`
    select a.operator_id as "operatorId", o.name, a.at
      from plan_approvals a
      join operators o on o.id = a.operator_id
     where a.plan_id = ${planId}
     order by a.at
  `);
}

const APPLYING_LOCK = "usher/apply-plan";

/**
 * Plans are applied one after the other, until the transaction ends: what one takes is counted before the next is held
 * against the limits, and a seat is in one of them only.
 */
export async function lockApplying(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${APPLYING_LOCK}))`);
}

/** Seats of plans that an operator applied since `since` and that no second person agreed to. */
export async function countUnapprovedSeats(reader: Reader, applier: Applier, since: Date): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select coalesce(sum((p.counts ->> 'seats')::integer), 0) as seats
      from plans p
     where p.applied_by = ${applier.operatorId} and p.applied_at > ${since} and p.kind = 'reclaim' and not p.is_unattended
       and not exists (select 1
                         from plan_approvals a
                        where a.plan_id = p.id and a.hash = p.hash and ${isSecondPerson(applier)})
  `);
  return row?.seats ?? 0;
}

/** Seats that plans which nobody looked at take since `since`, of one rule. */
export async function countUnattendedSeats(reader: Reader, ruleId: string | null, since: Date): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select coalesce(sum((p.counts ->> 'seats')::integer), 0) as seats
      from plans p
     where p.is_unattended and p.kind = 'reclaim' and p.applied_at > ${since} and p.rule_id is not distinct from ${ruleId}
  `);
  return row?.seats ?? 0;
}

/**
 * Queues the changes of a plan that is being applied: of each row that is to be changed, one action for each membership,
 * or one for the whole account. Where a first batch is tried, the plan keeps where the others begin.
 */
export async function planActions(tx: Tx, planId: string, at: Date): Promise<number> {
  await leaveOutOfOthers(tx, planId);
  const planned = await tx.execute(sql`
    insert into actions (plan_id, position, site_id, account_id, kind, target, next_at, planned_at)
    select r.plan_id, r.position, r.site_id, r.account_id,
           case r.executor
                when 'group-memberships' then case p.kind when 'reclaim' then 'remove-member' else 'add-member' end
                when 'directory' then case p.kind when 'reclaim' then 'suspend-account' else 'reinstate-account' end
                when 'scim' then case p.kind when 'reclaim' then 'scim-deactivate' else 'scim-activate' end
                when 'account' then case p.kind when 'reclaim' then 'disable-account' else 'enable-account' end
                else r.executor end,
           case when each.membership is null then jsonb_build_object('accountSourceId', a.source_id)
                else jsonb_build_object('accountSourceId', a.source_id,
                                        'groupSourceId', each.membership ->> 'groupSourceId') end,
           ${at}, ${at}
      from plan_rows r
      join plans p on p.id = r.plan_id
      join accounts a on a.site_id = r.site_id and a.id = r.account_id
      left join lateral jsonb_array_elements(r.memberships) with ordinality as each(membership, place)
        on r.executor = 'group-memberships'
     where r.plan_id = ${planId} and r.state = 'planned'
     order by r.position, each.place
  `);
  await tx.execute(sql`
    update plans
       set canary_until = (select r.position
                             from plan_rows r
                            where r.plan_id = ${planId} and r.state = 'planned'
                            order by r.position
                           offset canary_size
                            limit 1)
     where id = ${planId} and canary_size > 0
  `);
  await tx.execute(sql`update plan_rows set state = 'executing' where plan_id = ${planId} and state = 'planned'`);
  return planned;
}

/** What another plan is changing by now is left to it. */
async function leaveOutOfOthers(tx: Tx, planId: string): Promise<void> {
  await tx.execute(sql`
    update plan_rows r
       set state = 'left-out',
           outcome = jsonb_build_object('code', 'in-other-plan', 'fix', null,
                                        'message', 'The plan ' || busy.plan_id || ' is changing it already.')
      from plan_rows busy
     where r.plan_id = ${planId} and r.state = 'planned'
       and busy.site_id = r.site_id and busy.account_id = r.account_id and busy.state = 'executing'
  `);
}
