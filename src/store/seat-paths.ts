import type { GroupManagement, ProductAccess } from "../model/facts.ts";
import { groupsWithin, productAccessGroups } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import { listNestingWays, type NestedPair } from "./group-nesting.ts";
import { holds, type Instant } from "./instants.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** One reason why an account has a seat, and what would go with it. */
export interface SeatPath {
  accountId: string;
  /** `direct`: a global permission of the account itself, which no group explains (Data Center). */
  through: "group" | "direct";
  groupId: string | null;
  group: string | null;
  /** Names of the groups nested in it on the way to the account, which is a direct member of the last. */
  via: string[];
  access: ProductAccess;
  managedBy: GroupManagement | null;
  /** Spaces that the group opens besides the seat: what its members would lose with it. */
  opensSpaces: number;
}

type StoredPath = Omit<SeatPath, "via"> & NestedPair;

/** What gives these accounts their seat: groups by name, or the word of the source about the account itself. */
export async function listSeatPaths(
  reader: Reader,
  siteId: string,
  accountIds: readonly string[],
  at: Instant = null,
): Promise<SeatPath[]> {
  const rows = await reader.query<StoredPath>(sql`
    with giving as (${productAccessGroups(sql`${siteId}`, at)}),
    described as (
      select g.id, coalesce(v.name, g.source_id) as name, v.managed_by, giving.is_admin,
             (select count(distinct r.space_id) from (${rightsOfGroup(siteId, at)}) as r) as opens_spaces
        from giving
        join groups g on g.site_id = ${siteId} and g.id = giving.group_id
        left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}),
    through_groups as (
      select m.account_id, d.id as group_id, m.group_id as member_group_id, d.name, d.is_admin, d.managed_by,
             d.opens_spaces
        from memberships m
        join (${groupsWithin(sql`${siteId}`, at)}) as within on within.member_group_id = m.group_id
        join described d on d.id = within.group_id
       where m.site_id = ${siteId} and m.account_id = any (${accountIds as string[]}) and ${holds("m", at)})
    select t.account_id as "accountId", 'group' as through, t.group_id as "groupId",
           t.member_group_id as "memberGroupId", t.name as "group",
           case when t.is_admin then 'admin' else 'user' end as access, t.managed_by as "managedBy",
           t.opens_spaces as "opensSpaces"
      from through_groups t
     union all
    select v.account_id, 'direct', null, null, null, 'user', null, 0
      from account_versions v
      join sites site on site.id = v.site_id and site.source = 'confluence-data-center'
     where v.site_id = ${siteId} and v.account_id = any (${accountIds as string[]}) and ${holds("v", at)} and v.has_access
       and not exists (select 1 from through_groups t where t.account_id = v.account_id)
     order by 1, 5, 4
  `);
  const ways = await listNestingWays(reader, siteId, rows, at);
  return rows.map(({ memberGroupId, ...row }) => ({
    ...row,
    via: ways.namesOf({ groupId: row.groupId, memberGroupId }),
  }));
}

/** The rights that the group `g` holds itself. */
function rightsOfGroup(siteId: string, at: Instant): Sql {
  const ofGroup = (row: string) => sql`
    ${rawSql(row)}.site_id = ${siteId} and ${rawSql(row)}.principal_type = 'group'
    and ${rawSql(row)}.principal_id = g.source_id and ${holds(row, at)}`;
  return sql`
    select p.space_id from space_permissions p where ${ofGroup("p")}
     union all
    select r.space_id from role_assignments r where ${ofGroup("r")}`;
}
