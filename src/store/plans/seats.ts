import type { PlanMembership } from "../../model/plans.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import { groupsBringingAccess } from "../access-sql.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** What a plan needs to know of one seat that it is to take. */
export interface PlannedSeat {
  accountId: string;
  accountSourceId: string;
  seatId: string | null;
  /** Null: it is not on the site any more, or holds neither a seat nor a guest's place. */
  accountClass: "licensed" | "guest" | null;
  /** The direct memberships that bring the product, through groups that nobody dropped. */
  memberships: PlanMembership[];
  /** Names of dropped groups that go on giving the product. */
  keepsAccessThrough: string[];
  /** Names of the exclusions that forbid to take it. */
  exclusions: string[];
  /** A plan that is being applied and has this seat. */
  otherPlanId: string | null;
  /** Nobody knows whether it is used, and its holder is not known to have left. */
  isUnobserved: boolean;
  lastUseAt: Date | null;
  grantedAt: Date | null;
  /** The candidate that was named is another seat's. */
  isOfOther: boolean;
  /** Somebody said that it stays with its holder until then; null: nobody did, or that is over. */
  keptUntil: Date | null;
  /** The one that was named, else the one about which somebody is asked, or has been told, now. */
  candidate: {
    id: string;
    ruleId: string | null;
    state: CandidateState;
    /** The last use that the rule knew. */
    lastUsedAt: Date | null;
    answer: string | null;
    answeredAt: Date | null;
  } | null;
}

/** The seats of these accounts at one site as the facts have them, in no order. */
export function listPlannedSeats(
  reader: Reader,
  siteId: string,
  seats: readonly { accountId: string; candidateId: string | null }[],
  at: Date,
): Promise<PlannedSeat[]> {
  const site = sql`${siteId}`;
  const accounts = seats.map((each) => each.accountId);
  const candidates = seats.map((each) => each.candidateId);
  return reader
    .query<PlannedSeat>(sql`
    with wish as materialized (
      select account_id, candidate_id
        from unnest(${accounts}::text[], ${candidates}::text[]) as each(account_id, candidate_id)),
    bringing as materialized (${groupsBringingAccess(site)}),
    held as (
      select m.account_id,
             coalesce(jsonb_agg(jsonb_build_object('groupId', g.id, 'groupSourceId', g.source_id,
                                                   'name', coalesce(v.name, g.source_id),
                                                   'isExternal', coalesce(v.managed_by = 'external', false))
                                order by coalesce(v.name, g.source_id), g.id) filter (where b.is_managed), '[]')
               as memberships,
             array_agg(coalesce(v.name, g.source_id) order by 1) filter (where not b.is_managed) as dropped
        from wish w
        join memberships m on m.site_id = ${siteId} and m.account_id = w.account_id and m.valid_to is null
        join bringing b on b.group_id = m.group_id
        join groups g on g.site_id = ${siteId} and g.id = m.group_id
        left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
       group by m.account_id)
    select w.account_id as "accountId", a.source_id as "accountSourceId", f.seat_id as "seatId",
           f.account_class as "accountClass", coalesce(held.memberships, '[]') as memberships,
           coalesce(held.dropped, '{}') as "keepsAccessThrough",
           array(select rule.name
                   from exclusion_hits hit
                   join exclusion_rules rule on rule.id = hit.rule_id
                  where hit.site_id = ${siteId} and hit.account_id = w.account_id and 'no-reclaim' = any (hit.effects)
                    and (hit.until is null or hit.until > ${at})
                  order by rule.name) as exclusions,
           (select busy.plan_id
              from plan_rows busy
             where busy.site_id = ${siteId} and busy.account_id = w.account_id and busy.state = 'executing'
             limit 1) as "otherPlanId",
           nullif(greatest(coalesce(f.viewed_at, '-infinity'), coalesce(f.contributed_at, '-infinity'),
                           coalesce(f.administered_at, '-infinity'), coalesce(f.authenticated_at, '-infinity')),
                  '-infinity') as "lastUseAt",
           coalesce(f.seat_status = 'no-evidence' and coalesce(f.person_status, 'active') = 'active', false) as "isUnobserved",
           f.granted_at as "grantedAt", w.candidate_id is not null and c.id is null as "isOfOther",
           (select max(k.kept_until)
              from candidates k
             where k.site_id = ${siteId} and k.account_id = w.account_id and k.state = 'kept'
               and k.kept_until > ${at}) as "keptUntil",
           case when c.id is not null then
             jsonb_build_object('id', c.id, 'ruleId', c.rule_id, 'state', c.state, 'lastUsedAt', c.last_used_at, 'answer', c.answer,
                                'answeredAt', c.answered_at) end as candidate
      from wish w
      join accounts a on a.site_id = ${siteId} and a.id = w.account_id
      left join seat_facts f on f.site_id = ${siteId} and f.account_id = w.account_id
      left join held on held.account_id = w.account_id
      left join candidates c
        on c.site_id = ${siteId} and c.account_id = w.account_id
       and (c.id = w.candidate_id
            or w.candidate_id is null and c.closed_at is null
               and c.state in ('asking', 'deciding', 'scheduled', 'executing'))
  `)
    .then((rows) => rows.map(withDates));
}

/** Instants inside jsonb are ISO text. */
function withDates(row: PlannedSeat): PlannedSeat {
  if (!row.candidate) return row;
  const { lastUsedAt, answeredAt } = row.candidate;
  const dates = { lastUsedAt: lastUsedAt && new Date(lastUsedAt), answeredAt: answeredAt && new Date(answeredAt) };
  return { ...row, candidate: { ...row.candidate, ...dates } };
}
