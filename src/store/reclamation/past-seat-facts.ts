import { accountSummaries } from "../accounts-at.ts";
import { amongKnown, holds, type Past } from "../instants.ts";
import { managerOf } from "../person-columns.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/**
 * What conditions would have seen of each seat on a past day, with the columns of `seat_facts`: from the history of
 * accounts, people and memberships, and from the events that had been seen by then. Reading was observed until the last
 * time before that the directory of the organization was read to its end. What has no history is unknown: editions,
 * spaces, and what an import covered. One statement, to be given an alias.
 */
export function pastSeatFacts({ at, siteIds }: Past): Sql {
  const past = { at, siteIds };
  return sql`(
    select s.site_id, s.account_id, s.person_id, s.seat_id, null::text as edition,
           coalesce(s.seat_since, x.first_seen_at) as granted_at,
           coalesce(seat.since_origin, 'first-seen') as granted_origin,
           s.account_class, s.account_type, s.is_managed, lower(s.email) as email, v.status as person_status,
           coalesce(v.department, s.department) as department, coalesce(v.job_title, s.job_title) as job_title,
           v.cost_center, v.location, v.employment_type, ${managerOf("v", "s.person_id")} as manager_id,
           s.groups_count, null::integer as spaces_count,
           case when s.seat_id is not null and count(s.seat_id) over (partition by s.site_id, s.person_id) > 1
                then row_number() over (partition by s.site_id, s.person_id, s.seat_id is null
                                            order by u.last_at desc nulls last, s.account_id)
           end::integer as duplicate_rank,
           u.viewed_at, u.contributed_at, u.administered_at, u.authenticated_at,
           case when untold.account_id is null then reading.since end as viewed_known_since,
           case when untold.account_id is null then reading.until end as viewed_known_until,
           null::timestamptz as authenticated_known_since, null::timestamptz as authenticated_known_until,
           null::text as seat_status
      from ${accountSummaries(at, "as-set", amongKnown(sql`v.site_id`, past))} s
      join accounts x on x.site_id = s.site_id and x.id = s.account_id
      left join seats seat on seat.site_id = s.site_id and seat.id = s.seat_id
      left join person_versions v on v.person_id = s.person_id and ${holds("v", at)}
      left join (${useBy(at, siteIds)}) u on u.site_id = s.site_id and u.account_id = s.account_id
      left join (${readingBy(at, siteIds)}) reading on reading.site_id = s.site_id
      left join evidence untold
        on untold.site_id = s.site_id and untold.account_id = s.account_id and untold.kind = 'viewed'
       and untold.source = 'organization' and not untold.is_told
     where s.seat_id is not null or s.account_class = 'guest')`;
}

/** The latest use of each kind that had been seen by then. */
function useBy(at: Date, siteIds: readonly string[]): Sql {
  const latest = (kind: string) => rawSql(`max(e.occurred_at) filter (where e.kind = '${kind}') as ${kind}_at`);
  return sql`
    select e.site_id, e.account_id, max(e.occurred_at) as last_at, ${latest("viewed")}, ${latest("contributed")},
           ${latest("administered")}, ${latest("authenticated")}
      from (select site_id, account_id, occurred_at, ${KIND_OF_EVENT} as kind
              from activity_events
             where site_id = any (${siteIds as string[]}::text[]) and occurred_at <= ${at} and seen_at <= ${at}) e
     group by e.site_id, e.account_id`;
}

/** An imported event that is neither a view nor of an admin may be either of the others, which see the same. */
const KIND_OF_EVENT = rawSql(`
  case when type = 'view' then 'viewed'
       when source = 'audit-log' or type = 'admin' then 'administered'
       when source = 'content-search' then 'contributed'
       else 'authenticated' end`);

/** Of each site since and until when views were known at that time. */
function readingBy(at: Date, siteIds: readonly string[]): Sql {
  return sql`
    select w.site_id, coalesce(w.known_since, '-infinity') as since, max(r.observed_at) as until
      from evidence_windows w
      join runs r
        on r.site_id = w.site_id and r.observed_at <= ${at} and r.state in ('succeeded', 'partial', 'held')
      join listings l on l.run_id = r.id and l.kind = 'organization-accounts' and l.state = 'complete'
     where w.site_id = any (${siteIds as string[]}::text[]) and w.kind = 'viewed' and w.source = 'organization'
     group by w.site_id, w.known_since`;
}
