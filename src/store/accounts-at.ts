import { accountClassSql, decisionsAt, givenProductSql, groupsAbove, groupsBringingAccess } from "./access-sql.ts";
import { holds, holdsBetween, type Instant } from "./instants.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/**
 * How the class of an account of the past is found: `by-row` looks it up for each row that is shown, so that a page of
 * 100,000 accounts costs the accounts of the page; `as-set` finds all of them at once, where the class itself decides
 * which rows there are. Now is read from the summaries either way.
 */
export type ClassReading = "by-row" | "as-set";

/**
 * The accounts at an instant, with the columns of `account_summaries` under the same names, to be given an alias. What
 * history does not tell of the past is null: `seat_status`, `spaces_count`, `events_90d`, the edition and price of the
 * seat; `last_activity_at` is the latest event up to then that was kept, null where none was. Who a person is (`person_id`) and whose account it
 * is holds for all time. `only` narrows it and may name `v`, the version, and `a`, the account.
 */
export function accountSummaries(at: Instant, reading: ClassReading = "by-row", only: Sql = sql`true`): Sql {
  if (at === null) return rawSql("account_summaries");
  const access = reading === "as-set" ? classAsSet(at) : classByRow(at);
  return sql`(
    select v.site_id, v.account_id, a.person_id, ${accountClassSql("v", access.gives)} as account_class, v.account_type,
           v.status as account_status, v.display_name, v.email, v.department, v.job_title, v.is_managed,
           (select count(*)
              from memberships m
             where m.site_id = v.site_id and m.account_id = v.account_id and ${holds("m", at)})::integer as groups_count,
           null::integer as spaces_count, null::integer as events_90d, seat.id as seat_id, null::text as seat_status,
           seat.since as seat_since, null::text as edition, null::integer as price_minor, null::text as price_currency,
           (select max(e.occurred_at)
              from activity_events e
             where e.site_id = v.site_id and e.account_id = v.account_id and e.occurred_at <= ${at}) as last_activity_at,
           null::text as last_activity_kind, null::text as last_activity_summary,
           lower(concat_ws(' ', v.display_name, v.email)) as search_text, v.sort_key
      from account_versions v
      join accounts a on a.site_id = v.site_id and a.id = v.account_id
      join sites site on site.id = v.site_id
      ${access.joins}
      left join seats seat
        on seat.site_id = v.site_id and seat.account_id = v.account_id
       and ${holdsBetween(rawSql("seat.started_at"), rawSql("seat.ended_at"), at)}
     where ${holds("v", at)} and ${only})`;
}

interface ClassSql {
  gives: Sql;
  joins: Sql;
}

function classByRow(at: Instant): ClassSql {
  const isInGroup = sql`
    exists (select 1
              from memberships m
             cross join lateral (${groupsAbove(rawSql("m.site_id"), rawSql("m.group_id"), at)}) as above
             where m.site_id = v.site_id and m.account_id = v.account_id and ${holds("m", at)}
               and ${givesAccess(rawSql("m.site_id"), rawSql("above.group_id"), at)})`;
  return {
    gives: givenProductSql("v", { source: rawSql("site.source"), isInGroup, areGroupsKnown: knowsGroups(at) }),
    joins: sql``,
  };
}

/** Whether one group gives the product, whatever was decided about the money. */
function givesAccess(siteId: Sql, groupId: Sql, at: Instant): Sql {
  return sql`
    (exists (select 1
               from product_access p
              where p.site_id = ${siteId} and p.group_id = ${groupId} and ${holds("p", at)})
     or exists (select 1
                  from ${decisionsAt(at)} d
                  join group_versions gv on gv.site_id = d.site_id and gv.group_id = d.group_id and ${holds("gv", at)}
                 where d.site_id = ${siteId} and d.group_id = ${groupId} and d.state = 'added'))`;
}

function knowsGroups(at: Instant): Sql {
  return sql`
    (exists (select 1 from product_access p where p.site_id = v.site_id and ${holds("p", at)})
     or exists (select 1 from ${decisionsAt(at)} d
                  join group_versions gv on gv.site_id = d.site_id and gv.group_id = d.group_id and ${holds("gv", at)}
                 where d.site_id = v.site_id and d.state = 'added'))`;
}

/**
 * Every membership is gone through, also of groups that give nothing: how many accounts that leaves the planner knows,
 * where it would take those in the few groups that give the product for a handful and compare each with each.
 */
function classAsSet(at: Instant): ClassSql {
  return {
    gives: givenProductSql("v", {
      source: rawSql("site.source"),
      isInGroup: rawSql("given.is_given"),
      areGroupsKnown: knowsGroups(at),
    }),
    joins: sql`
      left join (select m.site_id, m.account_id, bool_or(bringing.group_id is not null) as is_given
                   from memberships m
                   left join (select each.id as site_id, of_site.group_id
                                from sites each
                               cross join lateral (${groupsBringingAccess(rawSql("each.id"), at)}) as of_site) as bringing
                     on bringing.site_id = m.site_id and bringing.group_id = m.group_id
                  where ${holds("m", at)}
                  group by m.site_id, m.account_id) as given
        on given.site_id = v.site_id and given.account_id = v.account_id`,
  };
}
