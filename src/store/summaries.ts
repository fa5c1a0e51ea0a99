import type { Edition } from "../model/connections.ts";
import {
  accountClassSql,
  CLASS_MEMBERS,
  currentRights,
  givenProductSql,
  groupsBringingAccess,
  groupsWithin,
} from "./access-sql.ts";
import type { Tx } from "./database.ts";
import { accountUseSql, coveringKindsSql, seatStatusSql, type SilenceTerms } from "./evidence.ts";
import { mergePersonSummaries } from "./person-summaries.ts";
import { settleSeats, type SeatChanges } from "./seats.ts";
import { siteCounts } from "./site-counts.ts";
import { sql } from "./sql.ts";
import { updateDistinct } from "./update-distinct.ts";

/** What a summary needs that is a judgement, made by rules: terms of silence, and a month of a seat at list price. */
export interface SummaryTerms {
  idleAfterDays: number;
  lateHoursMax: number;
  silence: SilenceTerms;
  price: { priceMinor: number; currency: string } | null;
}

/**
 * Brings seats and summaries of a site to what its facts say, as of the instant they were observed. A few set-based
 * statements over temporary tables: 100,000 accounts take seconds, and rows that would not change are not written.
 */
export async function summarizeSite(
  tx: Tx,
  site: { siteId: string; edition: Edition | null; asOf: Date },
  terms: SummaryTerms,
): Promise<SeatChanges> {
  const { siteId, asOf } = site;
  // Sets of this size sort and hash in memory; the setting ends with the transaction.
  await tx.execute(sql`set local work_mem = '64MB'`);
  await gatherAccounts(tx, siteId);
  const changes = await settleSeats(tx, site);
  await gatherReach(tx, siteId);
  await gatherSummaries(tx, siteId, asOf, terms);
  await mergeAccountSummaries(tx, siteId);
  await mergePersonSummaries(tx);
  await tx.execute(sql`
    insert into site_summaries (site_id, as_of, idle_after_days, late_hours_max, counts)
    select ${siteId}, ${asOf}, ${terms.idleAfterDays}, ${terms.lateHoursMax}, (${siteCounts(siteId)})
        on conflict (site_id) do update
       set as_of = excluded.as_of, idle_after_days = excluded.idle_after_days, late_hours_max = excluded.late_hours_max,
           counts = excluded.counts
  `);
  await tx.execute(sql`drop table summary_accounts, summary_reach, summary_next`);
  return changes;
}

/**
 * `summary_accounts`: every account that holds now, with its class and what its groups give. Who is suspended stays in
 * the groups, and without an organization key only the source's own word about the account tells: no access, no seat.
 * With one the directory says who is suspended, in every run, and that word, which only some runs hear, does not count.
 * Where no group is known to give the product (a credential that may not read groups), that word alone decides. A group
 * that was dropped goes on giving access, which the class tells, but `holds_seat` is true only through one that was not.
 * Whom a Data Center source counts holds a seat, whatever its groups say: that is what the license counts.
 */
async function gatherAccounts(tx: Tx, siteId: string): Promise<void> {
  const source = sql`(select source from sites where id = ${siteId})`;
  const areGroupsKnown = sql`exists (select 1 from known)`;
  const gives = givenProductSql("v", { source, isInGroup: sql`m.gives`, areGroupsKnown });
  await tx.execute(sql`
    create temporary table summary_accounts on commit drop as
      with giving as materialized (${groupsBringingAccess(sql`${siteId}`)}),
      known as (select group_id from giving)
    select a.id as account_id, a.source_id, a.person_id, a.first_seen_at, v.account_type, v.status, v.display_name,
           v.email, v.department, v.job_title, v.is_managed, v.added_at, v.sort_key,
           coalesce(m.groups_count, 0)::integer as groups_count, coalesce(m.is_admin, false) as is_admin,
           ${accountClassSql("v", gives)} as account_class,
           coalesce(m.is_managed, not exists (select 1 from known))
           or (${source} = 'confluence-data-center' and coalesce(v.has_access, false)) as holds_seat
      from accounts a
      join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
      left join (select m.account_id, count(*) as groups_count, bool_or(g.group_id is not null) as gives,
                        bool_or(coalesce(g.is_admin, false)) as is_admin,
                        bool_or(coalesce(g.is_managed, not exists (select 1 from known))) as is_managed
                   from memberships m
                   left join giving g on g.group_id = m.group_id
                  where m.site_id = ${siteId} and m.valid_to is null
                  group by m.account_id) as m on m.account_id = a.id
     where a.site_id = ${siteId}
  `);
  await tx.execute(sql`create unique index on summary_accounts (account_id)`);
  await tx.execute(sql`analyze summary_accounts`);
}

/**
 * `summary_reach`: how many spaces each account may open. One bitset of spaces per principal, `bit_or` over the
 * principals of each account: the product of people and rights is never made. What visitors without an account may open
 * is nobody's access and not counted (ARCHITECTURE.md §6).
 */
async function gatherReach(tx: Tx, siteId: string): Promise<void> {
  const [row] = await tx.query<{ bits: number }>(sql`
    select coalesce(max(ordinal), 0) + 1 as bits from spaces where site_id = ${siteId}
  `);
  const empty = sql`(${"0".repeat(row?.bits ?? 1)}::text)::bit varying`;
  await tx.execute(sql`
    create temporary table summary_principals on commit drop as
    select r.principal_type, r.principal_id, bit_or(set_bit(${empty}, s.ordinal, 1)) as spaces
      from (${currentRights(sql`${siteId}`)}) as r
      join spaces s on s.site_id = ${siteId} and s.id = r.space_id
     where r.can_read
     group by r.principal_type, r.principal_id
  `);
  await tx.execute(sql`analyze summary_principals`);
  await tx.execute(sql`
    create temporary table summary_reach on commit drop as
      with all_classes as (
        select bit_or(p.spaces) filter (where covers.account_class = 'licensed') as licensed,
               bit_or(p.spaces) filter (where covers.account_class = 'guest') as guests,
               bit_or(p.spaces) filter (where p.principal_id = 'all-product-admins') as admins
          from summary_principals p
          left join ${CLASS_MEMBERS} on covers.class_id = p.principal_id
         where p.principal_type = 'access-class'),
      group_reach as (
        select within.member_group_id as group_id, bit_or(p.spaces) as spaces
          from groups g
          join summary_principals p on p.principal_type = 'group' and p.principal_id = g.source_id
          join (${groupsWithin(sql`${siteId}`)}) as within on within.group_id = g.id
         where g.site_id = ${siteId}
         group by within.member_group_id),
      through_groups as (
        select m.account_id, bit_or(g.spaces) as spaces
          from memberships m
          join group_reach g on g.group_id = m.group_id
         where m.site_id = ${siteId} and m.valid_to is null
         group by m.account_id)
    select a.account_id,
           bit_count(coalesce(t.spaces, ${empty}) | coalesce(u.spaces, ${empty})
                     | coalesce(case a.account_class when 'licensed' then c.licensed else c.guests end, ${empty})
                     | coalesce(case when a.account_class = 'licensed' and a.is_admin then c.admins end, ${empty}))::integer as spaces_count
      from summary_accounts a
     cross join all_classes c
      left join through_groups t on t.account_id = a.account_id
      left join summary_principals u on u.principal_type = 'user' and u.principal_id = a.source_id
     where a.account_class in ('licensed', 'guest')
  `);
  await tx.execute(sql`analyze summary_reach`);
  await tx.execute(sql`drop table summary_principals`);
}

/** How far back `events_90d` counts. */
const EVENT_DAYS = 90;

/** `summary_next`: the rows of account_summaries as they have to be. */
async function gatherSummaries(tx: Tx, siteId: string, asOf: Date, { silence, price }: SummaryTerms): Promise<void> {
  const eventsSince = new Date(asOf.getTime() - EVENT_DAYS * 86_400_000);
  const status = seatStatusSql(
    {
      lastAt: sql`u.last_at`,
      isCovered: sql`(coalesce(u.is_covered, false) or not w.kinds <@ coalesce(u.untold_kinds, '{}'))`,
    },
    silence,
  );
  await tx.execute(sql`
    create temporary table summary_next on commit drop as
      with counted as (
        select account_id, count(*)::integer as events
          from activity_events
         where site_id = ${siteId} and occurred_at > ${eventsSince}
         group by account_id),
      rights as (
        select exists (select 1 from (${currentRights(sql`${siteId}`)}) as r) as are_known),
      site_window as (
        select ${coveringKindsSql(sql`${siteId}`, silence)} as kinds)
    select ${siteId}::text as site_id, a.account_id, a.person_id, a.account_class, a.account_type,
           a.status as account_status, a.display_name, a.email, a.department, a.job_title, a.is_managed, a.groups_count,
           case when rights.are_known then coalesce(r.spaces_count, 0) end as spaces_count,
           coalesce(e.events, 0) as events_90d,
           s.id as seat_id,
           case when s.id is not null then ${status} end as seat_status,
           s.since as seat_since,
           s.edition,
           case when s.id is not null then ${price?.priceMinor ?? null}::integer end as price_minor,
           case when s.id is not null then ${price?.currency ?? null}::text end as price_currency,
           u.last_at as last_activity_at, case when u.last_at is not null then u.last_kind end as last_activity_kind,
           case when l.occurred_at >= u.last_at then l.summary end as last_activity_summary,
           lower(concat_ws(' ', a.display_name, a.email)) as search_text, a.sort_key
      from summary_accounts a
     cross join rights
     cross join site_window w
      left join seats s on s.site_id = ${siteId} and s.account_id = a.account_id and s.ended_at is null
      left join summary_reach r on r.account_id = a.account_id
      left join counted e on e.account_id = a.account_id
      -- Looked up by index for each account: read as a whole, the events of years would be walked over after each run.
      left join lateral (select e.summary, e.occurred_at
                           from activity_events e
                          where e.site_id = ${siteId} and e.account_id = a.account_id
                          order by e.occurred_at desc
                          limit 1) l on true
      left join (${accountUseSql(sql`${siteId}`, silence)}) as u on u.account_id = a.account_id
  `);
  await tx.execute(sql`create unique index on summary_next (account_id)`);
  await tx.execute(sql`analyze summary_next`);
}

const ACCOUNT_COLUMNS = [
  "person_id",
  "account_class",
  "account_type",
  "account_status",
  "display_name",
  "email",
  "department",
  "job_title",
  "is_managed",
  "groups_count",
  "spaces_count",
  "events_90d",
  "seat_id",
  "seat_status",
  "seat_since",
  "edition",
  "price_minor",
  "price_currency",
  "last_activity_at",
  "last_activity_kind",
  "last_activity_summary",
  "search_text",
  "sort_key",
];

async function mergeAccountSummaries(tx: Tx, siteId: string): Promise<void> {
  // People whose last account goes with this; their rows are made anew below like those of everybody here.
  await tx.execute(sql`
    create temporary table summary_people on commit drop as
    select person_id from summary_next
     union
    select person_id from account_summaries where site_id = ${siteId}
  `);
  await tx.execute(sql`
    delete from account_summaries s
     where s.site_id = ${siteId}
       and not exists (select 1 from summary_next n where n.account_id = s.account_id)
  `);
  await updateDistinct(tx, "account_summaries", "summary_next", ["site_id", "account_id"], ACCOUNT_COLUMNS);
}
