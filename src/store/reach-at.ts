import { CLASS_MEMBERS, currentRights, groupsAbove, groupsBringingAccess } from "./access-sql.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { holds } from "./instants.ts";
import { rawSql, sql } from "./sql.ts";

/**
 * How many spaces each of these accounts of one site could open at an earlier instant; an account that could use no
 * rights is not in it, and nobody is where no rights were known. For the rows of one page: who is asked about is looked up,
 * and then the rights of those, so that the size of the site does not count.
 */
export async function countReachAt(
  reader: Reader,
  siteId: string,
  accountIds: readonly string[],
  at: Date,
): Promise<Map<string, number>> {
  const site = sql`${siteId}`;
  const rows = await reader.query<{ accountId: string; spaces: number }>(sql`
    with holders as materialized (
      select s.account_id, a.source_id, s.account_class
        from ${accountSummaries(at, "by-row", sql`v.site_id = ${siteId} and v.account_id = any (${accountIds as string[]})`)} s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       where s.account_class in ('licensed', 'guest')),
    theirs as materialized (
      select h.account_id, 'user' as type, h.source_id as id
        from holders h
       union
      select h.account_id, 'group', g.source_id
        from holders h
        join memberships m on m.site_id = ${siteId} and m.account_id = h.account_id and ${holds("m", at)}
       cross join lateral (${groupsAbove(site, rawSql("m.group_id"), at)}) as above
        join groups g on g.site_id = ${siteId} and g.id = above.group_id
       union
      select h.account_id, 'access-class', covers.class_id
        from holders h
        join ${CLASS_MEMBERS} on covers.account_class = h.account_class
       union
      select h.account_id, 'access-class', 'all-product-admins'
        from holders h
        join memberships m on m.site_id = ${siteId} and m.account_id = h.account_id and ${holds("m", at)}
        join (${groupsBringingAccess(site, at)}) as bringing on bringing.group_id = m.group_id and bringing.is_admin
       where h.account_class = 'licensed'),
    rights as materialized (
      select r.space_id, r.principal_type, r.principal_id
        from (${currentRights(site, sql`(r.principal_type, r.principal_id) in (select type, id from theirs)`, at)}) as r
       where r.can_read)
    select h.account_id as "accountId", count(distinct r.space_id) as spaces
      from holders h
      left join theirs t on t.account_id = h.account_id
      left join rights r on r.principal_type = t.type and r.principal_id = t.id
     where exists (select 1 from (${currentRights(site, sql`true`, at)}) as any_right)
     group by h.account_id
  `);
  return new Map(rows.map((each) => [each.accountId, each.spaces]));
}
