import type { Executor, PlanMembership } from "../../model/plans.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";
import { IS_TAKEN } from "./restorable.ts";

/** A seat that a plan took, with what was taken. */
export interface ReclaimedSeat {
  accountId: string;
  accountSourceId: string;
  planId: string;
  position: number;
  ruleId: string | null;
  candidateId: string | null;
  executor: Executor;
  /** Those that Usher removed itself; all that the seat had where something else took it. */
  memberships: (PlanMembership & { isThere: boolean })[];
  isGone: boolean;
  otherPlanId: string | null;
  finishedAt: Date | null;
}

/** Of each account the newest seat taken from it that was not given back; from one plan only, where it is named. */
export function listReclaimedSeats(
  reader: Reader,
  siteId: string,
  accountIds: readonly string[],
  planId: string | null,
): Promise<ReclaimedSeat[]> {
  return reader.query<ReclaimedSeat>(sql`
    with taken as (
      select distinct on (r.account_id) r.account_id, r.plan_id, r.position, r.candidate_id, r.executor, r.memberships,
             p.rule_id, p.applied_at
        from plan_rows r
        join plans p on p.id = r.plan_id and p.kind = 'reclaim'
       where r.site_id = ${siteId} and r.account_id = any (${accountIds as string[]})
         and ${IS_TAKEN}
         and (${planId}::text is null or r.plan_id = ${planId})
       order by r.account_id, p.applied_at desc)
    select t.account_id as "accountId", a.source_id as "accountSourceId", t.plan_id as "planId", t.position,
           t.rule_id as "ruleId", t.candidate_id as "candidateId", t.executor,
           (select coalesce(jsonb_agg(each || jsonb_build_object(
                     'isThere', v.group_id is not null,
                     'isExternal', coalesce(v.managed_by = 'external', (each ->> 'isExternal')::boolean)) order by place),
                     '[]')
              from jsonb_array_elements(t.memberships) with ordinality as every(each, place)
              left join group_versions v on v.site_id = ${siteId} and v.group_id = each ->> 'groupId'
                                        and v.valid_to is null
             where t.executor <> 'group-memberships'
                or exists (select 1
                             from actions x
                            where x.plan_id = t.plan_id and x.position = t.position
                              and x.state in ('done', 'unverified')
                              and x.target ->> 'groupSourceId' = each ->> 'groupSourceId')) as memberships,
           v.account_id is null or v.status = 'closed' as "isGone",
           (select busy.plan_id
              from plan_rows busy
             where busy.site_id = ${siteId} and busy.account_id = t.account_id and busy.state = 'executing'
             limit 1) as "otherPlanId",
           (select max(x.finished_at)
              from actions x
             where x.plan_id = t.plan_id and x.position = t.position) as "finishedAt"
      from taken t
      join accounts a on a.site_id = ${siteId} and a.id = t.account_id
      left join account_versions v on v.site_id = ${siteId} and v.account_id = t.account_id and v.valid_to is null
  `);
}
