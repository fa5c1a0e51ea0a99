import type { AccountClass, PrincipalType, SeatStatus } from "../model/facts.ts";
import { CLASS_MEMBERS, currentRights, groupsAbove, groupsBringingAccess, groupsWithin } from "./access-sql.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { listNestingWays } from "./group-nesting.ts";
import { amongKnown, holds, type Instant, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** One way from an account to a space. */
export interface AccessPathRow {
  accountId: string;
  spaceId: string;
  through: "direct" | "group" | "access-class";
  principalType: PrincipalType;
  principalId: string;
  /** The group's name; null for the others. */
  name: string | null;
  /** Names of the groups nested in that one on the way to the account, which is a direct member of the last. */
  via: string[];
  canRead: boolean;
  canAdminister: boolean;
  roles: string[];
}

/** Members of groups that give the administration of the product, directly or through nesting. */
function productAdmins(siteId: string, at: Instant): Sql {
  return sql`
    (select m.account_id
       from (${groupsBringingAccess(sql`${siteId}`, at)}) as giving
       join memberships m on m.site_id = ${siteId} and m.group_id = giving.group_id and ${holds("m", at)}
      where giving.is_admin)`;
}

/**
 * Every way from these accounts to these spaces. Accounts that cannot use rights (deactivated, apps, without access)
 * have none, whatever is still granted to them. Both sets are of one page: at most 200.
 */
export async function listAccessPaths(
  reader: Reader,
  siteId: string,
  { accountIds, spaceIds }: { accountIds: readonly string[]; spaceIds: readonly string[] },
  at: Instant = null,
): Promise<AccessPathRow[]> {
  const rows = await reader.query<Omit<AccessPathRow, "via"> & GroupOnTheWay>(sql`
    with rights as materialized (
      ${currentRights(sql`${siteId}`, sql`r.space_id = any (${spaceIds as string[]})`, at)}),
    holders as materialized (
      select s.account_id, a.source_id, s.account_class,
             s.account_id in (select account_id from ${productAdmins(siteId, at)} as admins) as is_admin
        from ${accountSummaries(at)} s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       where s.site_id = ${siteId} and s.account_id = any (${accountIds as string[]})
         and s.account_class in ('licensed', 'guest'))
    select h.account_id as "accountId", r.space_id as "spaceId", 'direct' as through, r.principal_type as "principalType",
           r.principal_id as "principalId", null as name, r.can_read as "canRead", r.can_administer as "canAdminister",
           r.roles, null as "groupId", null as "memberGroupId"
      from holders h
      join rights r on r.principal_type = 'user' and r.principal_id = h.source_id
     union all
    select h.account_id, r.space_id, 'group', r.principal_type, r.principal_id, v.name, r.can_read, r.can_administer,
           r.roles, g.id, m.group_id
      from holders h
      join memberships m on m.site_id = ${siteId} and m.account_id = h.account_id and ${holds("m", at)}
     cross join lateral (${groupsAbove(sql`${siteId}`, rawSql("m.group_id"), at)}) as above
      join groups g on g.site_id = m.site_id and g.id = above.group_id
      join rights r on r.principal_type = 'group' and r.principal_id = g.source_id
      left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}
     union all
    select h.account_id, r.space_id, 'access-class', r.principal_type, r.principal_id, null, r.can_read, r.can_administer,
           r.roles, null, null
      from holders h
      join rights r on r.principal_type = 'access-class'
     where (r.principal_id, h.account_class) in (select class_id, account_class from ${CLASS_MEMBERS})
        or (r.principal_id = 'all-product-admins' and h.is_admin and h.account_class = 'licensed')
     order by 1, 2, 3 desc, 6, 5, 11
  `);
  const ways = await listNestingWays(reader, siteId, rows, at);
  return rows.map(({ groupId, memberGroupId, ...row }) => ({ ...row, via: ways.namesOf({ groupId, memberGroupId }) }));
}

/** The group that holds a right, and the one that the account is a direct member of; null where no group is on the way. */
interface GroupOnTheWay {
  groupId: string | null;
  memberGroupId: string | null;
}

/** Accounts that hold rights on spaces otherwise than by a class of everybody: `space_id, account_id` and what they may. */
function namedHolders(siteId: string, rights: Sql, at: Instant): Sql {
  return sql`
    select r.space_id, a.id as account_id, r.can_read, r.can_administer
      from ${rights} as r
      join accounts a on r.principal_type = 'user' and a.site_id = ${siteId} and a.source_id = r.principal_id
     union all
    select r.space_id, m.account_id, r.can_read, r.can_administer
      from ${rights} as r
      join groups g on r.principal_type = 'group' and g.site_id = ${siteId} and g.source_id = r.principal_id
      join (${groupsWithin(sql`${siteId}`, at)}) as within on within.group_id = g.id
      join memberships m on m.site_id = ${siteId} and m.group_id = within.member_group_id and ${holds("m", at)}
     union all
    select r.space_id, admins.account_id, r.can_read, r.can_administer
      from ${rights} as r
      join ${productAdmins(siteId, at)} as admins on r.principal_type = 'access-class' and r.principal_id = 'all-product-admins'`;
}

export interface AccessCounts {
  spaceId: string;
  /** Accounts that may read, guests included; visitors without an account are not counted. */
  people: number;
  admins: number;
  guests: number;
}

/** How many reach each of these spaces. Where a whole class does, only the others are looked up by name. */
export async function countAccess(
  reader: Reader,
  siteId: string,
  spaceIds: readonly string[],
  at: Instant = null,
): Promise<Map<string, AccessCounts>> {
  const rows = await reader.query<AccessCounts>(sql`
    with rights as materialized (
      ${currentRights(sql`${siteId}`, sql`r.space_id = any (${spaceIds as string[]})`, at)}),
    summaries as ${at === null ? sql`not materialized` : sql`materialized`} (
      select site_id, account_id, account_class
        from ${accountSummaries(at, "as-set", sql`v.site_id = ${siteId}`)} s),
    everybody as (
      select r.space_id, covers.account_class, bool_or(r.can_read) as can_read, bool_or(r.can_administer) as can_administer
        from rights r
        join ${CLASS_MEMBERS} on r.principal_type = 'access-class' and covers.class_id = r.principal_id
       group by r.space_id, covers.account_class),
    holders as (
      select named.space_id, named.account_id, s.account_class, bool_or(named.can_read) as can_read,
             bool_or(named.can_administer) as can_administer
        from (${namedHolders(siteId, sql`rights`, at)}) as named
        join summaries s on s.site_id = ${siteId} and s.account_id = named.account_id
       where s.account_class in ('licensed', 'guest')
       group by named.space_id, named.account_id, s.account_class),
    by_name as (
      select h.space_id,
             count(*) filter (where h.can_read and e.can_read is not true) as people,
             count(*) filter (where h.can_administer and e.can_administer is not true) as admins,
             count(*) filter (where h.can_read and e.can_read is not true and h.account_class = 'guest') as guests
        from holders h
        left join everybody e on e.space_id = h.space_id and e.account_class = h.account_class
       group by h.space_id),
    by_class as (
      select e.space_id,
             sum(t.accounts) filter (where e.can_read) as people,
             sum(t.accounts) filter (where e.can_administer) as admins,
             sum(t.accounts) filter (where e.can_read and e.account_class = 'guest') as guests
        from everybody e
        join (select account_class, count(*)::integer as accounts
                from summaries
               where site_id = ${siteId} and account_class in ('licensed', 'guest')
               group by account_class) as t on t.account_class = e.account_class
       group by e.space_id)
    select spaces.id as "spaceId", coalesce(n.people, 0) + coalesce(c.people, 0) as people,
           coalesce(n.admins, 0) + coalesce(c.admins, 0) as admins, coalesce(n.guests, 0) + coalesce(c.guests, 0) as guests
      from unnest(${spaceIds as string[]}::text[]) as spaces (id)
      left join by_name n on n.space_id = spaces.id
      left join by_class c on c.space_id = spaces.id
  `);
  return new Map(rows.map((each) => [each.spaceId, each]));
}

export interface SpaceHolderRow {
  accountId: string;
  personId: string;
  name: string;
  email: string | null;
  accountClass: AccountClass;
  status: SeatStatus | null;
  lastActivityAt: Date | null;
}

/** Everybody who may read a space, by whatever way; the ways of a page come from `listAccessPaths`. */
export function spaceHolderList(
  { siteId, spaceId }: { siteId: string; spaceId: string },
  { canAdminister, classes }: { canAdminister: boolean; classes: readonly AccountClass[] | null },
  at: Instant = null,
): ListSource<SpaceHolderRow, SpaceHolderRow, "name" | "lastActivityAt"> {
  const allowed = canAdminister ? sql`can_administer` : sql`can_read`;
  const rights = sql`(${currentRights(sql`${siteId}`, sql`r.space_id = ${spaceId}`, at)})`;
  const from = sql`
    ${accountSummaries(at, "as-set", sql`v.site_id = ${siteId}`)} s
   where s.site_id = ${siteId} and s.account_class in ('licensed', 'guest')
     and (${classes}::text[] is null or s.account_class = any (${classes}::text[]))
     and (exists (select 1
                    from ${rights} as everybody
                    join ${CLASS_MEMBERS} on covers.class_id = everybody.principal_id
                   where everybody.principal_type = 'access-class' and everybody.${allowed}
                     and covers.account_class = s.account_class)
          or s.account_id in (select named.account_id from (${namedHolders(siteId, rights, at)}) as named where named.${allowed}))`;
  return {
    sorts: {
      name: { by: sql`s.sort_key`, type: "text" },
      lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`s.account_id`, type: "text" },
    select: (page) => sql`
      select s.account_id as "accountId", s.person_id as "personId", s.display_name as name, s.email,
             s.account_class as "accountClass", s.seat_status as status, s.last_activity_at as "lastActivityAt",
             ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

export interface ReachedSpaceRow {
  spaceId: string;
  accountId: string;
  siteId: string;
  site: string;
  key: string;
  name: string;
  type: string;
}

/** Spaces that the accounts of a person may read; one row per account and space. */
export function reachedSpaceList(
  personId: string,
  { siteId }: { siteId: string | null },
  past: Past | null = null,
): ListSource<ReachedSpaceRow, ReachedSpaceRow, "name"> {
  const at = past?.at ?? null;
  const principals = principalsOfAccount(at);
  const from = sql`
    ${accountSummaries(at, "by-row", sql`a.person_id = ${personId}`)} s
    join accounts a on a.site_id = s.site_id and a.id = s.account_id
    join sites site on site.id = s.site_id
    join lateral (
           select r.space_id
             from (${principals}) as theirs
             join space_permissions r
               on r.site_id = s.site_id and r.principal_type = theirs.type and r.principal_id = theirs.id
              and ${holds("r", at)}
            where r.can_read
            union
           select r.space_id
             from (${principals}) as theirs
             join role_assignments r
               on r.site_id = s.site_id and r.principal_type = theirs.type and r.principal_id = theirs.id
              and ${holds("r", at)}
             join space_roles role on role.site_id = r.site_id and role.source_id = any (r.roles)
             join space_role_versions rv on rv.site_id = role.site_id and rv.role_id = role.id and ${holds("rv", at)}
            where rv.can_read) as reached on true
    join space_versions v on v.site_id = s.site_id and v.space_id = reached.space_id and ${holds("v", at)}
   where s.person_id = ${personId} and s.account_class in ('licensed', 'guest')
     and (${siteId}::text is null or s.site_id = ${siteId}) and ${amongKnown(sql`s.site_id`, past)}`;
  return {
    sorts: { name: { by: sql`v.sort_key`, type: "text" } },
    tie: { by: sql`((v.space_id || '/' || s.account_id) collate "C")`, type: "text" },
    select: (page) => sql`
      select v.space_id as "spaceId", s.account_id as "accountId", s.site_id as "siteId", site.name as site, v.key, v.name,
             v.type, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

/** The principals that the account `a` with its summary `s` is: itself, its groups with those they are nested in, its classes. */
export function principalsOfAccount(at: Instant): Sql {
  return sql`
  select 'user' as type, a.source_id as id
   union all
  select 'group', g.source_id
    from memberships m
   cross join lateral (${groupsAbove(rawSql("m.site_id"), rawSql("m.group_id"), at)}) as above
    join groups g on g.site_id = m.site_id and g.id = above.group_id
   where m.site_id = s.site_id and m.account_id = s.account_id and ${holds("m", at)}
   union all
  select 'access-class', covers.class_id
    from ${CLASS_MEMBERS}
   where covers.account_class = s.account_class
   union all
  select 'access-class', 'all-product-admins'
   where s.account_class = 'licensed'
     and exists (select 1
                   from memberships m
                  cross join lateral (${groupsAbove(rawSql("m.site_id"), rawSql("m.group_id"), at)}) as above
                   join product_access p on p.site_id = m.site_id and p.group_id = above.group_id and ${holds("p", at)}
                  where m.site_id = s.site_id and m.account_id = s.account_id and ${holds("m", at)}
                    and p.access = 'admin')`;
}
