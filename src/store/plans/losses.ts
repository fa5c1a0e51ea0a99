import { currentRights, groupsWithin } from "../access-sql.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/** What one account loses with its memberships. */
export interface SpaceLosses {
  accountId: string;
  /** Null: no rights of the site are read. */
  spaces: number | null;
  spaceKeys: string[];
  lastAdminOf: string[];
}

/** Keys that are named; the rest is counted. */
const KEYS_NAMED = 20;

/**
 * Spaces that only the removed memberships open for each account, and those that nobody else administers. Accounts whose
 * groups are the same are looked at once: in most plans nearly all of them are.
 */
export function listSpaceLosses(
  reader: Reader,
  siteId: string,
  removals: readonly { accountId: string; groupIds: readonly string[] }[],
): Promise<SpaceLosses[]> {
  const site = sql`${siteId}`;
  const wishes = JSON.stringify(removals);
  return reader.query<SpaceLosses>(sql`
    with wish as materialized (
      select w."accountId" as account_id, a.source_id,
             array(select jsonb_array_elements_text(w."groupIds")) as removed
        from jsonb_to_recordset(${wishes}::jsonb) as w("accountId" text, "groupIds" jsonb)
        join accounts a on a.site_id = ${siteId} and a.id = w."accountId"),
    within as materialized (${groupsWithin(site)}),
    rights as materialized (
      select r.space_id, r.principal_type, r.principal_id, bool_or(r.can_read) as can_read,
             bool_or(r.can_administer) as can_administer
        from (${currentRights(site)}) as r
       where r.principal_type in ('user', 'group')
       group by r.space_id, r.principal_type, r.principal_id),
    effective as materialized (
      select w.account_id, within.group_id, bool_and(m.group_id = any (w.removed)) as is_removed
        from wish w
        join memberships m on m.site_id = ${siteId} and m.account_id = w.account_id and m.valid_to is null
        join within on within.member_group_id = m.group_id
       group by w.account_id, within.group_id),
    opening as materialized (
      select e.account_id, g.source_id, e.is_removed
        from effective e
        join groups g on g.site_id = ${siteId} and g.id = e.group_id
       where exists (select 1 from rights r
                      where r.principal_type = 'group' and r.principal_id = g.source_id and r.can_read)),
    signature as materialized (
      select account_id, array_agg(source_id order by source_id) filter (where is_removed) as removed,
             coalesce(array_agg(source_id order by source_id) filter (where not is_removed), '{}') as kept
        from opening
       group by account_id),
    distinct_signature as materialized (
      select row_number() over () as id, removed, kept
        from (select distinct removed, kept from signature where removed is not null) as each),
    lost as materialized (
      select s.id, r.space_id
        from distinct_signature s
        join rights r on r.principal_type = 'group' and r.principal_id = any (s.removed) and r.can_read
       group by s.id, s.kept, r.space_id
      having not exists (select 1
                           from rights other
                          where other.space_id = r.space_id and other.principal_type = 'group'
                            and other.principal_id = any (s.kept) and other.can_read)),
    lost_of_account as (
      select x.account_id, count(*) as spaces,
             (array_agg(v.key order by v.key))[1:${KEYS_NAMED}] as keys
        from signature x
        join distinct_signature s on s.removed = x.removed and s.kept = x.kept
        join lost l on l.id = s.id
        join wish w on w.account_id = x.account_id
        join space_versions v on v.site_id = ${siteId} and v.space_id = l.space_id and v.valid_to is null
       where not exists (select 1
                           from rights own
                          where own.space_id = l.space_id and own.principal_type = 'user'
                            and own.principal_id = w.source_id and own.can_read)
       group by x.account_id),
    administered as (
      select w.account_id, r.space_id
        from wish w
        join rights r on r.principal_type = 'user' and r.principal_id = w.source_id and r.can_administer
       union
      select e.account_id, r.space_id
        from effective e
        join groups g on g.site_id = ${siteId} and g.id = e.group_id
        join rights r on r.principal_type = 'group' and r.principal_id = g.source_id and r.can_administer
       where (select count(distinct m.account_id)
                from within inner_group
                join memberships m on m.site_id = ${siteId} and m.group_id = inner_group.member_group_id
                                  and m.valid_to is null
               where inner_group.group_id = e.group_id) = 1),
    alone as (
      select d.account_id, array_agg(v.key order by v.key) as keys
        from administered d
        join wish w on w.account_id = d.account_id
        join space_versions v on v.site_id = ${siteId} and v.space_id = d.space_id and v.valid_to is null
       where v.type <> 'personal'
         and not exists (select 1
                           from rights other
                          where other.space_id = d.space_id and other.can_administer
                            and (other.principal_type = 'user' and other.principal_id <> w.source_id
                                 or other.principal_type = 'group'
                                    and exists (select 1
                                                  from groups g
                                                  join within on within.group_id = g.id
                                                  join memberships m on m.site_id = ${siteId} and m.valid_to is null
                                                                    and m.group_id = within.member_group_id
                                                 where g.site_id = ${siteId} and g.source_id = other.principal_id
                                                   and m.account_id <> d.account_id)))
       group by d.account_id)
    select w.account_id as "accountId",
           case when exists (select 1 from rights) then coalesce(l.spaces, 0) end as spaces,
           coalesce(l.keys, '{}') as "spaceKeys", coalesce(alone.keys, '{}') as "lastAdminOf"
      from wish w
      left join lost_of_account l on l.account_id = w.account_id
      left join alone on alone.account_id = w.account_id
  `);
}
