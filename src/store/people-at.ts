import { accountSummaries } from "./accounts-at.ts";
import { amongKnown, holds, type Past } from "./instants.ts";
import { managerOf, personOrigins } from "./person-columns.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/**
 * People at an instant, with the columns of `person_summaries` under the same names, to be given an alias. Who is on a
 * page depends on everybody's accounts and class, which are found as sets and gone through once, person by person; how
 * many groups somebody was in and when they were last seen is looked up for the rows that are shown. What an import said
 * of a person by then goes before what a directory said. `is_matching` tells whether one of their accounts, `s`, is as
 * asked. Which accounts are one person is told as it is known now, and people without an account are left out.
 */
export function personSummaries(past: Past | null, matching: Sql): Sql {
  if (past === null) return rawSql("person_summaries");
  const { at } = past;
  return sql`(
    select c.person_id, c.is_matching, coalesce(v.display_name, c.display_name) as display_name,
           coalesce(v.emails[1], c.email) as email, coalesce(v.department, c.department) as department,
           coalesce(v.job_title, c.job_title) as job_title, c.account_class, c.accounts_count,
           c.seats_count, null::text as seat_status, c.first_since as seat_since, null::integer as spaces_count,
           null::integer as events_90d, null::integer as price_minor, null::text as price_currency,
           (select count(*)
              from accounts a
              join memberships m on m.site_id = a.site_id and m.account_id = a.id and ${holds("m", at)}
             where a.person_id = c.person_id and ${amongKnown(sql`a.site_id`, past)})::integer as groups_count,
           (select max(e.occurred_at)
              from accounts a
              join activity_events e on e.site_id = a.site_id and e.account_id = a.id and e.occurred_at <= ${at}
             where a.person_id = c.person_id and ${amongKnown(sql`a.site_id`, past)}) as last_activity_at,
           null::text as last_activity_kind, null::text as last_activity_summary,
           concat_ws(' ', c.all_text, lower(concat_ws(' ', v.display_name, array_to_string(v.emails, ' '), v.user_name,
                                                      v.external_id))) as search_text,
           coalesce(v.sort_key, c.sort_key) as sort_key, v.status as person_status, v.cost_center,
           ${managerOf("v", "c.person_id")} as manager_id, v.employment_type, v.location,
           ${personOrigins("v", "c")} as origins
      from (select s.person_id, s.account_class, s.display_name, s.email, s.department, s.job_title, s.sort_key,
                   row_number() over (partition by s.person_id order by ${CLASS_RANK}, s.site_id, s.account_id) as place,
                   count(*) over (partition by s.person_id) as accounts_count,
                   count(s.seat_id) over (partition by s.person_id) as seats_count,
                   min(s.seat_since) over (partition by s.person_id) as first_since,
                   bool_or(${matching}) over (partition by s.person_id) as is_matching,
                   string_agg(s.search_text, ' ') over (partition by s.person_id) as all_text
              from ${accountSummaries(at, "as-set", amongKnown(sql`v.site_id`, past))} s) as c
      left join person_versions v on v.person_id = c.person_id and ${holds("v", at)}
     where c.place = 1)`;
}

/** Which of a person's accounts gives the person most, as `mergePersonSummaries` orders them. */
const CLASS_RANK = sql`
  array_position(array['licensed', 'guest', 'app', 'customer', 'no-access', 'deactivated'], s.account_class)`;
