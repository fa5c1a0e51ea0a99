import type { AccountClass, GroupManagement, SeatStatus } from "../model/facts.ts";
import { groupsAbove } from "./access-sql.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { listNestingWays } from "./group-nesting.ts";
import { givesSeatSql } from "./groups.ts";
import { holds, type Instant } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

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
  /** Names of the nested groups through which it is a member, the one that it is a direct member of last; empty for a direct member. */
  via: string[];
}

type StoredMember = Omit<MemberRow, "via"> & { memberGroupId: string };

export interface MemberFilters {
  statuses: readonly SeatStatus[] | null;
  classes: readonly AccountClass[] | null;
  /** Also members of groups nested in it, each account once. */
  isNested: boolean;
}

export function memberList(
  { siteId, groupId }: { siteId: string; groupId: string },
  { statuses, classes, isNested }: MemberFilters,
  at: Instant = null,
): ListSource<StoredMember, MemberRow, "name" | "lastActivityAt"> {
  const conditions = [sql`true`];
  if (statuses) conditions.push(sql`s.seat_status = any (${statuses as string[]})`);
  if (classes) conditions.push(sql`s.account_class = any (${classes as string[]})`);
  const members = isNested ? nestedMembers(siteId, groupId, at) : directMembers(siteId, groupId, at);
  const from = sql`
    (${members}) as m
    join ${accountSummaries(at, classes ? "as-set" : "by-row", sql`v.site_id = ${siteId}`)} s
      on s.site_id = ${siteId} and s.account_id = m.account_id
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
             m.since as "memberSince", m.group_id as "memberGroupId", ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
    toItems: async (rows, reader) => {
      const pairs = rows.map(({ memberGroupId }) => ({ groupId, memberGroupId }));
      const ways = await listNestingWays(reader, siteId, pairs, at);
      return rows.map(({ memberGroupId, ...row }) => ({ ...row, via: ways.namesOf({ groupId, memberGroupId }) }));
    },
  };
}

function directMembers(siteId: string, groupId: string, at: Instant): Sql {
  return sql`
    select each.account_id, each.group_id, each.valid_from as since
      from memberships each
     where each.site_id = ${siteId} and each.group_id = ${groupId} and ${holds("each", at)}`;
}

/** Each account once: by its own membership where it has one, else by the way that has been there longest. */
function nestedMembers(siteId: string, groupId: string, at: Instant): Sql {
  return sql`
    select distinct on (way.account_id) way.account_id, way.group_id, way.since
      from (${directMembers(siteId, groupId, at)}
             union all
            select each.account_id, each.group_id, greatest(each.valid_from, nested.valid_from)
              from group_closure nested
              join memberships each
                on each.site_id = nested.site_id and each.group_id = nested.member_group_id and ${holds("each", at)}
             where nested.site_id = ${siteId} and nested.group_id = ${groupId} and ${holds("nested", at)}) as way
     order by way.account_id, way.group_id <> ${groupId}, way.since, way.group_id`;
}

export interface MembershipOfAccount {
  accountId: string;
  groupId: string;
  name: string;
  managedBy: GroupManagement | null;
  givesSeat: boolean;
  memberSince: Date;
}

/** Groups that these accounts are direct members of, by name. */
export async function listGroupsOfAccounts(
  reader: Reader,
  accountIds: readonly string[],
): Promise<MembershipOfAccount[]> {
  return reader.query<MembershipOfAccount>(sql`
    select m.account_id as "accountId", g.id as "groupId", v.name, v.managed_by as "managedBy",
           ${givesSeatSql(null)} as "givesSeat", m.valid_from as "memberSince"
      from accounts a
      join memberships m on m.site_id = a.site_id and m.account_id = a.id and m.valid_to is null
      join groups g on g.site_id = m.site_id and g.id = m.group_id
      join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
     where a.id = any (${accountIds as string[]})
     order by v.sort_key, g.id
  `);
}

export interface GroupOfAccountRow {
  groupId: string;
  name: string;
  managedBy: GroupManagement | null;
  givesSeat: boolean;
  memberSince: Date;
  via: string[];
}

type StoredGroupOfAccount = Omit<GroupOfAccountRow, "via"> & { memberGroupId: string };

/** The groups of one account: those it is a direct member of, and with `isNested` those that these are nested in. */
export function groupsOfAccountList(
  { siteId, accountId }: { siteId: string; accountId: string },
  { isNested }: { isNested: boolean },
  at: Instant = null,
): ListSource<StoredGroupOfAccount, GroupOfAccountRow, "name" | "memberSince"> {
  const above = isNested ? groupsAbove(sql`${siteId}`, rawSql("m.group_id"), at) : sql`select m.group_id as group_id`;
  const from = sql`
    (select distinct on (above.group_id) above.group_id, m.group_id as member_group_id, m.valid_from as since
       from memberships m
      cross join lateral (${above}) as above
      where m.site_id = ${siteId} and m.account_id = ${accountId} and ${holds("m", at)}
      order by above.group_id, above.group_id <> m.group_id, m.valid_from, m.group_id) as way
    join groups g on g.site_id = ${siteId} and g.id = way.group_id
    join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}
   where true`;
  return {
    sorts: {
      name: { by: sql`v.sort_key`, type: "text" },
      memberSince: { by: sql`way.since`, type: "timestamptz" },
    },
    tie: { by: sql`g.id`, type: "text" },
    select: (page) => sql`
      select g.id as "groupId", v.name, v.managed_by as "managedBy", ${givesSeatSql(at)} as "givesSeat",
             way.since as "memberSince", way.member_group_id as "memberGroupId", ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
    toItems: async (rows, reader) => {
      const ways = await listNestingWays(reader, siteId, rows, at);
      return rows.map(({ memberGroupId, ...row }) => ({
        ...row,
        via: ways.namesOf({ groupId: row.groupId, memberGroupId }),
      }));
    },
  };
}
