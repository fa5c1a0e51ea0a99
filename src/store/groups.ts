import type { GroupManagement, ProductAccess, ProductAccessGroupState } from "../model/facts.ts";
import { decisionsAt, productAccessState } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import { countByValue, type Facet, withSiteNames } from "./facets.ts";
import { amongKnown, holds, type Instant, type Past } from "./instants.ts";
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
  /** Direct members. */
  members: number;
  /** Members that hold a seat, by its status; null for an earlier day, of which no status is known. */
  active: number | null;
  idle: number | null;
  neverUsed: number | null;
  noEvidence: number | null;
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

/** Groups that hold now, or held then. A page is picked first; members and spaces are counted for its rows only. */
export function groupList(filters: GroupFilters, past: Past | null = null): ListSource<GroupRow, GroupRow, GroupSort> {
  const at = past?.at ?? null;
  const conditions = joinSql(conditionsOf(filters, past), " and ");
  const tables = groupTables(at);
  return {
    sorts: {
      name: { by: sql`v.sort_key`, type: "text" },
      members: { by: memberCount(at), type: "bigint" },
    },
    tie: { by: sql`g.id`, type: "text" },
    select: (page) => sql`
      with page as materialized (
        select picked.*, row_number() over () as "rowNumber"
          from (select g.id, g.site_id, g.source_id, v.name, v.managed_by, ${page.keys}
                  from ${tables}
                 where ${conditions} and ${page.after}
                 ${page.order}) as picked)
      select ${GROUP_COLUMNS}, page."pageValue", page."pageTie"
        from page
        ${groupCounts(at)}`,
    count: sql`select count(*) as total from ${tables} where ${conditions}`,
  };
}

/** How many groups there are with each value of the filters, the others as they are. */
export async function listGroupFacets(reader: Reader, filters: GroupFilters): Promise<Facet[]> {
  const count = (name: string, column: Sql, rest: GroupFilters) => {
    const conditions = joinSql(conditionsOf(rest, null), " and ");
    return countByValue(reader, name, { column, from: groupTables(null), conditions });
  };
  const [sites, giving, managed] = await Promise.all([
    count("siteId", sql`g.site_id`, { ...filters, siteId: null }),
    countGiving(reader, { ...filters, givesSeat: null }),
    count("managedBy", sql`v.managed_by`, { ...filters, managedBy: null }),
  ]);
  return [await withSiteNames(reader, sites), giving, managed];
}

async function countGiving(reader: Reader, filters: GroupFilters): Promise<Facet> {
  const from = sql`
    (select ${givesSeatSql(null)} as gives
       from ${groupTables(null)}
      where ${joinSql(conditionsOf(filters, null), " and ")}) as each`;
  return countByValue(reader, "givesSeat", { column: sql`each.gives`, from, conditions: sql`true` });
}

function memberCount(at: Instant): Sql {
  return sql`
  (select count(*)
     from memberships m
    where m.site_id = g.site_id and m.group_id = g.id and ${holds("m", at)})`;
}

function groupTables(at: Instant): Sql {
  return sql`
  groups g
  join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}`;
}

const GROUP_COLUMNS = sql`
  page.id as "groupId", page.site_id as "siteId", site.name as site, page.source_id as "sourceId", page.name,
  page.managed_by as "managedBy", given."givesSeat", given."productAccess", counted.members, counted.active, counted.idle,
  counted."neverUsed", counted."noEvidence", opened."opensSpaces", opened."highestPermission"`;

function groupCounts(at: Instant): Sql {
  const counted = at === null ? STATUS_COUNTS : NO_STATUS_COUNTS;
  return sql`
  join sites site on site.id = page.site_id
 cross join lateral (
       select case when p.state = 'dropped' then null
                   when p.access like '%admin%' then 'admin'
                   when p.access is not null or p.state = 'added' then 'user' end as "givesSeat",
              ${productAccessState({ decision: sql`p.state`, isFound: sql`p.access is not null`, isThere: sql`true` })} as "productAccess"
         from (select (select string_agg(f.access, ' ')
                         from product_access f
                        where f.site_id = page.site_id and f.group_id = page.id and ${holds("f", at)}) as access,
                      (select d.state
                         from ${decisionsAt(at)} d
                        where d.site_id = page.site_id and d.group_id = page.id) as state) as p) as given
  join (select page.id as group_id, count(m.account_id) as members, ${counted.columns}
          from page
          left join memberships m on m.site_id = page.site_id and m.group_id = page.id and ${holds("m", at)}
          ${counted.join}
         group by page.id) as counted on counted.group_id = page.id
 cross join lateral (
       select count(distinct r.space_id) as "opensSpaces",
              case when bool_or(r.can_administer) then 'administer'
                   when bool_or(r.can_read) then 'read'
                   when count(*) > 0 then 'other' end as "highestPermission"
         from (select p.space_id, p.can_read, p.can_administer
                 from space_permissions p
                where p.site_id = page.site_id and p.principal_type = 'group' and p.principal_id = page.source_id
                  and ${holds("p", at)}
                union all
               select a.space_id, rv.can_read, rv.can_administer
                 from role_assignments a
                 join space_roles role on role.site_id = a.site_id and role.source_id = any (a.roles)
                 join space_role_versions rv
                   on rv.site_id = role.site_id and rv.role_id = role.id and ${holds("rv", at)}
                where a.site_id = page.site_id and a.principal_type = 'group' and a.principal_id = page.source_id
                  and ${holds("a", at)}) as r) as opened
 order by page."rowNumber"`;
}

const STATUS_COUNTS = {
  columns: sql`
               count(*) filter (where s.seat_status = 'active') as active,
               count(*) filter (where s.seat_status = 'idle') as idle,
               count(*) filter (where s.seat_status = 'never-used') as "neverUsed",
               count(*) filter (where s.seat_status = 'no-evidence') as "noEvidence"`,
  join: sql`left join account_summaries s on s.site_id = m.site_id and s.account_id = m.account_id`,
};

const NO_STATUS_COUNTS = {
  columns: sql`null::bigint as active, null::bigint as idle, null::bigint as "neverUsed", null::bigint as "noEvidence"`,
  join: sql``,
};

function conditionsOf({ siteId, givesSeat, managedBy, search }: GroupFilters, past: Past | null): Sql[] {
  const conditions = [amongKnown(sql`g.site_id`, past)];
  if (siteId) conditions.push(sql`g.site_id = ${siteId}`);
  if (managedBy) conditions.push(sql`v.managed_by = any (${managedBy as string[]})`);
  if (search) conditions.push(searches(sql`lower(v.name)`, search));
  if (givesSeat !== null) conditions.push(sql`${givesSeatSql(past?.at ?? null)} = ${givesSeat}`);
  return conditions;
}

/** As `productAccessGroups` in access-sql.ts, for one group. */
export function givesSeatSql(at: Instant): Sql {
  return sql`
  ((exists (select 1
              from product_access p
             where p.site_id = g.site_id and p.group_id = g.id and ${holds("p", at)})
    and not exists (select 1
                      from ${decisionsAt(at)} d
                     where d.site_id = g.site_id and d.group_id = g.id and d.state = 'dropped'))
   or exists (select 1
                from ${decisionsAt(at)} d
               where d.site_id = g.site_id and d.group_id = g.id and d.state = 'added'))`;
}

export async function findGroup(reader: Reader, groupId: string, at: Instant = null): Promise<GroupRow | null> {
  const rows = await reader.query<GroupRow>(sql`
    with page as materialized (
      select g.id, g.site_id, g.source_id, v.name, v.managed_by, 1 as "rowNumber"
        from ${groupTables(at)}
       where g.id = ${groupId})
    select ${GROUP_COLUMNS}
      from page
      ${groupCounts(at)}
  `);
  return rows[0] ?? null;
}
