import type {
  AccountClass,
  GroupManagement,
  ProductAccess,
  ProductAccessGroupState,
  SeatStatus,
} from "../model/facts.ts";
import { productAccessState } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { searches } from "./people.ts";
import { joinSql, sql, type Sql } from "./sql.ts";

export interface GroupRow {
  groupId: string;
  siteId: string;
  site: string;
  sourceId: string;
  name: string;
  managedBy: GroupManagement | null;
  /** What it gives of the product; null when it gives no seat. */
  givesSeat: ProductAccess | null;
  /** What was decided about it as a product-access group; null when it is none. */
  productAccess: ProductAccessGroupState | null;
  members: number;
  /** Members that hold a seat, by its status. */
  active: number;
  idle: number;
  neverUsed: number;
  noEvidence: number;
  opensSpaces: number;
  /** The most that it may do in any space; null when it opens none. */
  highestPermission: "administer" | "read" | "other" | null;
}

export interface GroupFilters {
  siteId: string | null;
  givesSeat: boolean | null;
  managedBy: readonly GroupManagement[] | null;
  search: string | null;
}

export type GroupSort = "name" | "members";

/** Groups that hold now. A page is picked first; members and spaces are counted for its rows only. */
export function groupList(filters: GroupFilters): ListSource<GroupRow, GroupRow, GroupSort> {
  const conditions = joinSql(conditionsOf(filters), " and ");
  return {
    sorts: {
      name: { by: sql`v.sort_key`, type: "text" },
      members: { by: MEMBER_COUNT, type: "bigint" },
    },
    tie: { by: sql`g.id`, type: "text" },
    select: (page) => sql`
      with page as materialized (
        select picked.*, row_number() over () as "rowNumber"
          from (select g.id, g.site_id, g.source_id, v.name, v.managed_by, ${page.keys}
                  from ${GROUP_TABLES}
                 where ${conditions} and ${page.after}
                 ${page.order}) as picked)
      select ${GROUP_COLUMNS}, page."pageValue", page."pageTie"
        from page
        ${GROUP_COUNTS}`,
    count: sql`select count(*) as total from ${GROUP_TABLES} where ${conditions}`,
  };
}

const MEMBER_COUNT = sql`
  (select count(*)
     from memberships m
    where m.site_id = g.site_id and m.group_id = g.id and m.valid_to is null)`;

const GROUP_TABLES = sql`
  groups g
  join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null`;

const GROUP_COLUMNS = sql`
  page.id as "groupId", page.site_id as "siteId", site.name as site, page.source_id as "sourceId", page.name,
  page.managed_by as "managedBy", given."givesSeat", given."productAccess", counted.members, counted.active, counted.idle,
  counted."neverUsed", counted."noEvidence", opened."opensSpaces", opened."highestPermission"`;

const GROUP_COUNTS = sql`
  join sites site on site.id = page.site_id
 cross join lateral (
       select case when p.state = 'dropped' then null
                   when p.access like '%admin%' then 'admin'
                   when p.access is not null or p.state = 'added' then 'user' end as "givesSeat",
              ${productAccessState({ decision: sql`p.state`, isFound: sql`p.access is not null`, isThere: sql`true` })} as "productAccess"
         from (select (select string_agg(f.access, ' ')
                         from product_access f
                        where f.site_id = page.site_id and f.group_id = page.id and f.valid_to is null) as access,
                      (select d.state
                         from product_access_decisions d
                        where d.site_id = page.site_id and d.group_id = page.id) as state) as p) as given
  join (select page.id as group_id, count(m.account_id) as members,
               count(*) filter (where s.seat_status = 'active') as active,
               count(*) filter (where s.seat_status = 'idle') as idle,
               count(*) filter (where s.seat_status = 'never-used') as "neverUsed",
               count(*) filter (where s.seat_status = 'no-evidence') as "noEvidence"
          from page
          left join memberships m on m.site_id = page.site_id and m.group_id = page.id and m.valid_to is null
          left join account_summaries s on s.site_id = m.site_id and s.account_id = m.account_id
         group by page.id) as counted on counted.group_id = page.id
 cross join lateral (
       select count(distinct r.space_id) as "opensSpaces",
              case when bool_or(r.can_administer) then 'administer'
                   when bool_or(r.can_read) then 'read'
                   when count(*) > 0 then 'other' end as "highestPermission"
         from (select p.space_id, p.can_read, p.can_administer
                 from space_permissions p
                where p.site_id = page.site_id and p.principal_type = 'group' and p.principal_id = page.source_id
                  and p.valid_to is null
                union all
               select a.space_id, rv.can_read, rv.can_administer
                 from role_assignments a
                 join space_roles role on role.site_id = a.site_id and role.source_id = any (a.roles)
                 join space_role_versions rv
                   on rv.site_id = role.site_id and rv.role_id = role.id and rv.valid_to is null
                where a.site_id = page.site_id and a.principal_type = 'group' and a.principal_id = page.source_id
                  and a.valid_to is null) as r) as opened
 order by page."rowNumber"`;

function conditionsOf({ siteId, givesSeat, managedBy, search }: GroupFilters): Sql[] {
  const conditions = [sql`true`];
  if (siteId) conditions.push(sql`g.site_id = ${siteId}`);
  if (managedBy) conditions.push(sql`v.managed_by = any (${managedBy as string[]})`);
  if (search) conditions.push(searches(sql`lower(v.name)`, search));
  if (givesSeat !== null) conditions.push(sql`${GIVES_SEAT} = ${givesSeat}`);
  return conditions;
}

/** As `productAccessGroups` in access-sql.ts, for one group. */
const GIVES_SEAT = sql`
  ((exists (select 1
              from product_access p
             where p.site_id = g.site_id and p.group_id = g.id and p.valid_to is null)
    and not exists (select 1
                      from product_access_decisions d
                     where d.site_id = g.site_id and d.group_id = g.id and d.state = 'dropped'))
   or exists (select 1
                from product_access_decisions d
               where d.site_id = g.site_id and d.group_id = g.id and d.state = 'added'))`;

export async function findGroup(reader: Reader, groupId: string): Promise<GroupRow | null> {
  const rows = await reader.query<GroupRow>(sql`
    with page as materialized (
      select g.id, g.site_id, g.source_id, v.name, v.managed_by, 1 as "rowNumber"
        from ${GROUP_TABLES}
       where g.id = ${groupId})
    select ${GROUP_COLUMNS}
      from page
      ${GROUP_COUNTS}
  `);
  return rows[0] ?? null;
}

export interface MemberRow {
  accountId: string;
  personId: string;
  name: string;
  email: string | null;
  accountClass: AccountClass;
  status: SeatStatus | null;
  lastActivityAt: Date | null;
  /** When Usher first saw the account in the group. */
  memberSince: Date;
}

export function memberList(
  { siteId, groupId }: { siteId: string; groupId: string },
  { statuses, classes }: { statuses: readonly SeatStatus[] | null; classes: readonly AccountClass[] | null },
): ListSource<MemberRow, MemberRow, "name" | "lastActivityAt"> {
  const conditions = [sql`m.site_id = ${siteId} and m.group_id = ${groupId} and m.valid_to is null`];
  if (statuses) conditions.push(sql`s.seat_status = any (${statuses as string[]})`);
  if (classes) conditions.push(sql`s.account_class = any (${classes as string[]})`);
  const from = sql`
    memberships m
    join account_summaries s on s.site_id = m.site_id and s.account_id = m.account_id
   where ${joinSql(conditions, " and ")}`;
  return {
    sorts: {
      name: { by: sql`s.sort_key`, type: "text" },
      lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`s.account_id`, type: "text" },
    select: (page) => sql`
      select s.account_id as "accountId", s.person_id as "personId", s.display_name as name, s.email,
             s.account_class as "accountClass", s.seat_status as status, s.last_activity_at as "lastActivityAt",
             m.valid_from as "memberSince", ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

export interface MembershipOfAccount {
  accountId: string;
  groupId: string;
  name: string;
  managedBy: GroupManagement | null;
  givesSeat: boolean;
  memberSince: Date;
}

/** Groups that these accounts are in, by name. */
export async function listGroupsOfAccounts(
  reader: Reader,
  accountIds: readonly string[],
): Promise<MembershipOfAccount[]> {
  return reader.query<MembershipOfAccount>(sql`
    select m.account_id as "accountId", g.id as "groupId", v.name, v.managed_by as "managedBy",
           ${GIVES_SEAT} as "givesSeat", m.valid_from as "memberSince"
      from accounts a
      join memberships m on m.site_id = a.site_id and m.account_id = a.id and m.valid_to is null
      join groups g on g.site_id = m.site_id and g.id = m.group_id
      join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
     where a.id = any (${accountIds as string[]})
     order by v.sort_key, g.id
  `);
}
