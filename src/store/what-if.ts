import {
  CLASS_MEMBERS,
  currentRights,
  groupsAbove,
  groupsBringingAccess,
  groupsWithin,
  productAccessGroups,
} from "./access-sql.ts";
import type { Reader } from "./database.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

export interface MembershipFacts {
  accountId: string;
  /** It is a direct member; of a nested group, somebody has to be taken out of the inner one. */
  isDirect: boolean;
  holdsSeat: boolean;
  /** Another membership, or the account itself at Data Center, goes on giving the seat. */
  keepsSeat: boolean;
  /** Spaces that the account may open now; null while no rights are known. */
  spaces: number | null;
}

/** What a membership is to the seat of a person's account at the group's site; null: the person has none there. */
export async function findMembership(
  reader: Reader,
  { personId, siteId, groupId }: { personId: string; siteId: string; groupId: string },
): Promise<MembershipFacts | null> {
  const rows = await reader.query<MembershipFacts>(sql`
    with giving as (${productAccessGroups(sql`${siteId}`)}),
    bringing as (
      select within.member_group_id as group_id
        from (${groupsWithin(sql`${siteId}`)}) as within
       where within.group_id in (select group_id from giving))
    select s.account_id as "accountId",
           exists (select 1
                     from memberships m
                    where m.site_id = s.site_id and m.account_id = s.account_id and m.group_id = ${groupId}
                      and m.valid_to is null) as "isDirect",
           s.seat_id is not null as "holdsSeat", s.spaces_count as spaces,
           exists (select 1
                     from memberships m
                    where m.site_id = s.site_id and m.account_id = s.account_id and m.group_id <> ${groupId}
                      and m.valid_to is null and m.group_id in (select group_id from bringing))
           or not exists (select 1
                            from memberships m
                           where m.site_id = s.site_id and m.account_id = s.account_id and m.valid_to is null
                             and m.group_id in (select group_id from bringing)) as "keepsSeat"
      from account_summaries s
     where s.person_id = ${personId} and s.site_id = ${siteId}
     order by "isDirect" desc, s.seat_id is null, s.account_id
     limit 1
  `);
  return rows[0] ?? null;
}

/** Keys that are named; the rest is counted. */
const KEYS_NAMED = 20;

/**
 * Spaces that would no longer open for an account that leaves a group and keeps its seat: those that neither a right of
 * its own, nor another group, nor a class of everybody opens. Null while no rights of the site are known.
 */
export async function findSpacesOfGroupAlone(
  reader: Reader,
  { siteId, accountId, groupId }: { siteId: string; accountId: string; groupId: string },
): Promise<{ spaces: number | null; keys: string[] }> {
  const site = sql`${siteId}`;
  const above = (group: Sql) => groupsAbove(site, group);
  const [row] = await reader.query<{ spaces: number | null; keys: string[] }>(sql`
    with rights as materialized (
      select r.space_id, r.principal_type, r.principal_id from (${currentRights(site)}) as r where r.can_read),
    others as (
      select m.group_id
        from memberships m
       where m.site_id = ${siteId} and m.account_id = ${accountId} and m.group_id <> ${groupId} and m.valid_to is null),
    admin as (
      select giving.group_id from (${groupsBringingAccess(site)}) as giving where giving.is_admin),
    opened as (
      select r.space_id
        from (${above(sql`${groupId}`)}) as above
        join groups g on g.site_id = ${siteId} and g.id = above.group_id
        join rights r on r.principal_type = 'group' and r.principal_id = g.source_id
       union
      select r.space_id
        from rights r
       where r.principal_type = 'access-class' and r.principal_id = 'all-product-admins'
         and ${groupId} in (select group_id from admin)),
    kept as (
      select r.space_id
        from accounts a
        join rights r on r.principal_type = 'user' and r.principal_id = a.source_id
       where a.site_id = ${siteId} and a.id = ${accountId}
       union all
      select r.space_id
        from others
       cross join lateral (${above(rawSql("others.group_id"))}) as above
        join groups g on g.site_id = ${siteId} and g.id = above.group_id
        join rights r on r.principal_type = 'group' and r.principal_id = g.source_id
       union all
      select r.space_id
        from account_summaries s
        join ${CLASS_MEMBERS} on covers.account_class = s.account_class
        join rights r on r.principal_type = 'access-class' and r.principal_id = covers.class_id
       where s.site_id = ${siteId} and s.account_id = ${accountId}
       union all
      select r.space_id
        from rights r
       where r.principal_type = 'access-class' and r.principal_id = 'all-product-admins'
         and exists (select 1 from others join admin on admin.group_id = others.group_id)),
    lost as (select space_id from opened except select space_id from kept)
    select case when exists (select 1 from rights) then count(v.key) end as spaces,
           coalesce((array_agg(v.key order by v.key))[1:${KEYS_NAMED}], '{}') as keys
      from lost
      join space_versions v on v.site_id = ${siteId} and v.space_id = lost.space_id and v.valid_to is null
  `);
  return row ?? { spaces: null, keys: [] };
}
