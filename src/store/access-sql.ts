import { rawSql, sql, type Sql } from "./sql.ts";

/**
 * Groups that give a seat on a site, with `is_admin` for those that also give its administration: what the source says,
 * with what a person added and without what a person dropped. Found ones count before anybody confirmed them, because
 * they do give seats; one that is there no longer gives none, whatever was decided about it.
 */
export function productAccessGroups(siteId: Sql): Sql {
  return sql`select group_id, is_admin from (${groupsGivingAccess(siteId)}) as each where is_managed`;
}

/**
 * The same with the dropped ones: `is_managed` is false for them. Their members hold no seat that this installation
 * manages, but who has access to the product is not changed by a decision about money.
 */
export function groupsGivingAccess(siteId: Sql): Sql {
  return sql`
    select given.group_id, bool_or(given.access = 'admin') as is_admin,
           not exists (select 1
                         from product_access_decisions d
                        where d.site_id = ${siteId} and d.group_id = given.group_id and d.state = 'dropped') as is_managed
      from (select p.group_id, p.access
              from product_access p
             where p.site_id = ${siteId} and p.valid_to is null
             union all
            select d.group_id, 'user'
              from product_access_decisions d
              join group_versions v on v.site_id = d.site_id and v.group_id = d.group_id and v.valid_to is null
             where d.site_id = ${siteId} and d.state = 'added') as given
     group by given.group_id`;
}

/**
 * `ProductAccessGroupState` of a group, null of one that is none: `decision` of a person, whether the source says that
 * it gives the product, and whether the group itself is there.
 */
export function productAccessState(group: { decision: Sql; isFound: Sql; isThere: Sql }): Sql {
  return sql`
    case when ${group.decision} = 'confirmed' and not (${group.isFound}) then 'not-found'
         when ${group.decision} = 'added' and not (${group.isFound}) and not (${group.isThere}) then 'not-found'
         else coalesce(${group.decision}, case when ${group.isFound} then 'found' end) end`;
}

/**
 * Rights that hold now, one row per space and principal: `space_id, principal_type, principal_id, can_read,
 * can_administer, roles`. Permissions and role assignments count alike: what a site's former model left is closed by
 * the run that has read the other one, so that what holds, holds. `only` narrows it and may name `r.space_id`, `r.principal_type`
 * and `r.principal_id`.
 */
export function currentRights(siteId: Sql, only: Sql = sql`true`): Sql {
  return sql`
    select r.space_id, r.principal_type, r.principal_id, r.can_read, r.can_administer, '{}'::text[] as roles,
           r.operations, r.valid_from
      from space_permissions r
     where r.site_id = ${siteId} and r.valid_to is null and r.principal_type <> 'role' and ${only}
     union all
    select r.space_id, r.principal_type, r.principal_id, bool_or(v.can_read), bool_or(v.can_administer),
           array_agg(v.name order by v.name), null::jsonb, r.valid_from
      from role_assignments r
      join space_roles role on role.site_id = r.site_id and role.source_id = any (r.roles)
      join space_role_versions v on v.site_id = role.site_id and v.role_id = role.id and v.valid_to is null
     where r.site_id = ${siteId} and r.valid_to is null and ${only}
     group by r.space_id, r.principal_type, r.principal_id, r.valid_from`;
}

/**
 * The class of an account as `classOfAccount` in rules/access.ts decides it; a test holds both equal. `v` is an
 * account's current version, `gives` whether a group gives it the product.
 */
export function accountClassSql(v: string, gives: Sql): Sql {
  const version = rawSql(v);
  return sql`
    case when ${version}.account_type in ('app', 'customer') then ${version}.account_type
         when ${version}.status in ('inactive', 'closed') then 'deactivated'
         when ${version}.is_suspended then 'no-access'
         when ${version}.is_guest then 'guest'
         when ${gives} then 'licensed'
         else 'no-access'
     end`;
}

/** Whom a class of people stands for: `accessClassesOf` in rules/access.ts, without the administrators. */
export const CLASS_MEMBERS = sql`
  (values ('all-licensed-users', 'licensed'), ('authenticated-users', 'licensed'), ('authenticated-users', 'guest'))
    as covers (class_id, account_class)`;
