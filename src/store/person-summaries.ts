import type { Tx } from "./database.ts";
import { managerOf, personOrigins } from "./person-columns.ts";
import { gatherSeatFacts, PEOPLE_LOCK } from "./seat-facts.ts";
import { sql } from "./sql.ts";
import { updateDistinct } from "./update-distinct.ts";

const PERSON_COLUMNS = [
  "display_name",
  "email",
  "department",
  "job_title",
  "account_class",
  "accounts_count",
  "seats_count",
  "seat_status",
  "groups_count",
  "spaces_count",
  "events_90d",
  "seat_since",
  "price_minor",
  "price_currency",
  "last_activity_at",
  "last_activity_kind",
  "last_activity_summary",
  "search_text",
  "sort_key",
  "person_status",
  "cost_center",
  "manager_id",
  "employment_type",
  "location",
  "origins",
];

/**
 * Sums up over all sites the people of `summary_people` (made by `summarizeSite` or `settleMatches`), and drops both of
 * its tables. What an import says of a person goes before what a directory says of their account; who has neither
 * accounts nor an import is in no list.
 */
export async function mergePersonSummaries(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PEOPLE_LOCK})`);
  await tx.execute(sql`create unique index on summary_people (person_id)`);
  await tx.execute(sql`analyze summary_people`);
  await tx.execute(sql`
    create temporary table summary_next_people on commit drop as
      with theirs as (
        select s.*
          from summary_people p
          join account_summaries s on s.person_id = p.person_id),
      lead as (
        select distinct on (person_id) person_id, display_name, email, department, job_title, account_class, sort_key
          from theirs
         order by person_id,
                  array_position(array['licensed', 'guest', 'app', 'customer', 'no-access', 'deactivated'], account_class),
                  site_id, account_id),
      last_used as (
        select distinct on (person_id) person_id, last_activity_at, last_activity_kind, last_activity_summary
          from theirs
         order by person_id, last_activity_at desc nulls last, site_id, account_id),
      counted as (
        select person_id, count(*)::integer as accounts_count, count(seat_id)::integer as seats_count,
               (array['active', 'idle', 'never-used', 'no-evidence'])[
                 min(array_position(array['active', 'idle', 'never-used', 'no-evidence'], seat_status))] as seat_status,
               sum(groups_count)::integer as groups_count, sum(spaces_count)::integer as spaces_count,
               sum(events_90d)::integer as events_90d, min(seat_since) as seat_since,
               -- A sum that leaves out a seat of unknown price, or adds two currencies, would be a wrong number.
               case when count(seat_id) = count(price_minor) and count(distinct price_currency) = 1
                    then sum(price_minor)::integer end as price_minor,
               min(price_currency) as price_currency,
               string_agg(distinct search_text, ' ') as search_text
          from theirs
         group by person_id)
    select p.person_id, coalesce(v.display_name, l.display_name) as display_name,
           coalesce(v.emails[1], l.email) as email, coalesce(v.department, l.department) as department,
           coalesce(v.job_title, l.job_title) as job_title, coalesce(l.account_class, 'no-access') as account_class,
           coalesce(c.accounts_count, 0) as accounts_count, coalesce(c.seats_count, 0) as seats_count, c.seat_status,
           coalesce(c.groups_count, 0) as groups_count, c.spaces_count, coalesce(c.events_90d, 0) as events_90d,
           c.seat_since, c.price_minor, case when c.price_minor is not null then c.price_currency end as price_currency,
           u.last_activity_at, u.last_activity_kind, u.last_activity_summary,
           concat_ws(' ', c.search_text, lower(concat_ws(' ', v.display_name, array_to_string(v.emails, ' '), v.user_name,
                                                         v.external_id))) as search_text,
           coalesce(v.sort_key, l.sort_key) as sort_key, v.status as person_status, v.cost_center,
           ${managerOf("v", "p.person_id")} as manager_id, v.employment_type, v.location,
           ${personOrigins("v", "l")} as origins
      from summary_people p
      left join person_versions v on v.person_id = p.person_id and v.valid_to is null
      left join counted c on c.person_id = p.person_id
      left join lead l on l.person_id = p.person_id
      left join last_used u on u.person_id = p.person_id
     where c.person_id is not null or v.person_id is not null
  `);
  await tx.execute(sql`create unique index on summary_next_people (person_id)`);
  await tx.execute(sql`analyze summary_next_people`);
  await tx.execute(sql`
    delete from person_summaries s
     using summary_people p
     where s.person_id = p.person_id
       and not exists (select 1 from summary_next_people n where n.person_id = s.person_id)
  `);
  await updateDistinct(tx, "person_summaries", "summary_next_people", ["person_id"], PERSON_COLUMNS);
  await gatherSeatFacts(tx);
  await tx.execute(sql`drop table summary_people, summary_next_people`);
}
