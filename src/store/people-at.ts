import { accountSummaries } from "./accounts-at.ts";
import { amongKnown, holds, type Past } from "./instants.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/**
 * People at an instant, with the columns of `person_summaries` under the same names, to be given an alias. Who is on a
 * page depends on everybody's accounts and class, which are found as sets and gone through once, person by person; how many groups somebody was in and when they
 * were last seen is looked up for the rows that are shown. Which accounts are one person is told as it is known now.
 */
export function personSummaries(past: Past | null): Sql {
  if (past === null) return rawSql("person_summaries");
  const { at } = past;
  return sql`(
    select c.person_id, c.display_name, c.email, c.department, c.job_title, c.account_class, c.accounts_count,
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
           null::text as last_activity_kind, null::text as last_activity_summary, c.all_text as search_text, c.sort_key
      from (select s.person_id, s.account_class, s.display_name, s.email, s.department, s.job_title, s.sort_key,
                   row_number() over (partition by s.person_id order by ${CLASS_RANK}, s.site_id, s.account_id) as place,
                   count(*) over (partition by s.person_id) as accounts_count,
                   count(s.seat_id) over (partition by s.person_id) as seats_count,
                   min(s.seat_since) over (partition by s.person_id) as first_since,
                   string_agg(s.search_text, ' ') over (partition by s.person_id) as all_text
              from ${accountSummaries(at, "as-set", amongKnown(sql`v.site_id`, past))} s) as c
     where c.place = 1)`;
}

/** Which of a person's accounts gives the person most, as `mergePersonSummaries` orders them. */
const CLASS_RANK = sql`
  array_position(array['licensed', 'guest', 'app', 'customer', 'no-access', 'deactivated'], s.account_class)`;
