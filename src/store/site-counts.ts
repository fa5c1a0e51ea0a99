import { effectiveMembers, productAccessGroups } from "./access-sql.ts";
import { rawSql, type Sql, sql } from "./sql.ts";

/*
 * What the overview counts of a site, each as an expression of one JSON object. `summarizeSite` keeps them with the
 * summaries they are of; they are counted anew only of a site whose summaries are older than that.
 */

/** Everything of `site_summaries.counts`. */
export function siteCounts(siteId: string): Sql {
  const id = sql`${siteId}::text`;
  return sql`
    select jsonb_build_object(
             'seats', ${seatsByStatus(id)},
             'accounts', ${accountsByClass(id)},
             'evidence', ${seatsByEvidence(id)},
             'members', (select coalesce(jsonb_object_agg(g.group_id, (${membersOf(id, rawSql("g.group_id"))})), '{}')
                           from (${productAccessGroups(id)}) as g))`;
}

/** Seats by status, with those of which there is none. */
export function seatsByStatus(siteId: Sql): Sql {
  return sql`
    (select jsonb_build_object('active', count(*) filter (where a.seat_status = 'active'),
                               'idle', count(*) filter (where a.seat_status = 'idle'),
                               'never-used', count(*) filter (where a.seat_status = 'never-used'),
                               'no-evidence', count(*) filter (where a.seat_status = 'no-evidence'))
       from account_summaries a
      where a.site_id = ${siteId})`;
}

/** Accounts by class, with those of which there is none. */
export function accountsByClass(siteId: Sql): Sql {
  return sql`
    (select jsonb_object_agg(class.name, coalesce(counted.accounts, 0))
       from unnest(array['licensed', 'guest', 'app', 'customer', 'deactivated', 'no-access']) as class (name)
       left join (select a.account_class, count(*) as accounts
                    from account_summaries a
                   where a.site_id = ${siteId}
                   group by a.account_class) as counted on counted.account_class = class.name)`;
}

/** Seats with evidence: `{"viewed": {"organization": 3120}}`; a kind or source that nobody has is not there. */
export function seatsByEvidence(siteId: Sql): Sql {
  return sql`
    (select coalesce(jsonb_object_agg(of_kind.kind, of_kind.sources), '{}')
       from (select each.kind, jsonb_object_agg(each.source, each.seats) as sources
               from (select e.kind, e.source, count(*) as seats
                       from evidence e
                       join account_summaries a on a.site_id = e.site_id and a.account_id = e.account_id
                      where e.site_id = ${siteId} and e.last_at is not null and a.seat_id is not null
                      group by e.kind, e.source) as each
              group by each.kind) as of_kind)`;
}

/** How many accounts are in a group, also through groups within it. */
export function membersOf(siteId: Sql, groupId: Sql): Sql {
  return sql`select count(*) from (${effectiveMembers(siteId, groupId)}) as each`;
}
