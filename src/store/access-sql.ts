import { holds, type Instant } from "./instants.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/*
 * Who is effectively in which group. Members of a group that is nested in another, at whatever depth, are members of
 * that other group too (Data Center; Cloud has no nesting). It is said on the side of the groups, of which there are
 * few: a site without nesting has no row in group_closure, and none of its memberships is looked at twice for it.
 */

/** `group_id, member_group_id`: members of the second are members of the first. Every group is within itself. */
export function groupsWithin(siteId: Sql, at: Instant = null): Sql {
  return sql`
    select own.id as group_id, own.id as member_group_id
      from groups own
     where own.site_id = ${siteId}
     union all
    select nested.group_id, nested.member_group_id
      from group_closure nested
     where nested.site_id = ${siteId} and ${holds("nested", at)}`;
}

/** The groups that a member of one group is in: that group, and those it is nested in. One column, `group_id`. */
export function groupsAbove(siteId: Sql, groupId: Sql, at: Instant = null): Sql {
  return sql`
    select ${groupId} as group_id
     union all
    select nested.group_id
      from group_closure nested
     where nested.site_id = ${siteId} and nested.member_group_id = ${groupId} and ${holds("nested", at)}`;
}

/** The groups whose members are members of one group: that group, and those nested in it. One column, `group_id`. */
export function groupsBelow(siteId: Sql, groupId: Sql, at: Instant = null): Sql {
  return sql`
    select ${groupId} as group_id
     union all
    select nested.member_group_id
      from group_closure nested
     where nested.site_id = ${siteId} and nested.group_id = ${groupId} and ${holds("nested", at)}`;
}

/** Accounts that are effectively in one group, each once. One column, `account_id`. */
export function effectiveMembers(siteId: Sql, groupId: Sql, at: Instant = null): Sql {
  return sql`
    select distinct member.account_id
      from (${groupsBelow(siteId, groupId, at)}) as below
      join memberships member on member.site_id = ${siteId} and member.group_id = below.group_id and ${holds("member", at)}`;
}

/**
 * Groups that give a seat on a site, with `is_admin` for those that also give its administration: what the source says,
 * with what a person added and without what a person dropped. Found ones count before anybody confirmed them, because
 * they do give seats; one that is there no longer gives none, whatever was decided about it.
 */
export function productAccessGroups(siteId: Sql, at: Instant = null): Sql {
  return sql`select group_id, is_admin from (${groupsGivingAccess(siteId, at)}) as each where is_managed`;
}

/**
 * The same with the dropped ones: `is_managed` is false for them. Their members hold no seat that this installation
 * manages, but who has access to the product is not changed by a decision about money.
 */
export function groupsGivingAccess(siteId: Sql, at: Instant = null): Sql {
  const decisions = decisionsAt(at);
  return sql`
    select given.group_id, bool_or(given.access = 'admin') as is_admin,
           not exists (select 1
                         from ${decisions} d
                        where d.site_id = ${siteId} and d.group_id = given.group_id and d.state = 'dropped') as is_managed
      from (select p.group_id, p.access
              from product_access p
             where p.site_id = ${siteId} and ${holds("p", at)}
             union all
            select d.group_id, 'user'
              from ${decisions} d
              join group_versions v on v.site_id = d.site_id and v.group_id = d.group_id and ${holds("v", at)}
             where d.site_id = ${siteId} and d.state = 'added') as given
     group by given.group_id`;
}

/** What people had decided about product-access groups at the instant: `site_id, group_id, state, …`, to be given an alias. */
export function decisionsAt(at: Instant): Sql {
  if (at === null) return sql`product_access_decisions`;
  return sql`
    (select version.site_id, version.group_id, version.state, version.reason, version.decided_by,
            version.valid_from as decided_at
       from product_access_decision_versions version
      where ${holds("version", at)})`;
}

/**
 * Groups whose members have the product, directly or through nesting, one row per group: `group_id, is_admin,
 * is_managed` as `groupsGivingAccess` has them.
 */
export function groupsBringingAccess(siteId: Sql, at: Instant = null): Sql {
  return sql`
    select within.member_group_id as group_id, bool_or(giving.is_admin) as is_admin,
           bool_or(giving.is_managed) as is_managed
      from (${groupsGivingAccess(siteId, at)}) as giving
      join (${groupsWithin(siteId, at)}) as within on within.group_id = giving.group_id
     group by within.member_group_id`;
}

/**
 * Whether an account is given the product, as `isGivenProduct` in rules/access.ts decides it; a test holds both equal.
 * `v` is the account's version, `source` that of its site; `isInGroup` whether one of its groups gives the product, and
 * `areGroupsKnown` whether any group of the site is known to.
 */
export function givenProductSql(v: string, given: { source: Sql; isInGroup: Sql; areGroupsKnown: Sql }): Sql {
  const version = rawSql(v);
  return sql`
    (case when ${given.source} = 'confluence-data-center' and ${version}.has_access is not null then ${version}.has_access
          when ${given.areGroupsKnown} then coalesce(${given.isInGroup}, false)
                                            and (${version}.has_access is not false or ${version}.is_suspended is false)
          else coalesce(${version}.has_access, false) end)`;
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
 * Rights that hold now, or at the instant, one row per space and principal: `space_id, principal_type, principal_id, can_read,
 * can_administer, roles`. Permissions and role assignments count alike: what a site's former model left is closed by
 * the run that has read the other one, so that what holds, holds. `only` narrows it and may name `r.space_id`, `r.principal_type`
 * and `r.principal_id`.
 */
export function currentRights(siteId: Sql, only: Sql = sql`true`, at: Instant = null): Sql {
  return sql`
    select r.space_id, r.principal_type, r.principal_id, r.can_read, r.can_administer, '{}'::text[] as roles,
           r.operations, r.valid_from
      from space_permissions r
     where r.site_id = ${siteId} and ${holds("r", at)} and r.principal_type <> 'role' and ${only}
     union all
    select r.space_id, r.principal_type, r.principal_id, bool_or(v.can_read), bool_or(v.can_administer),
           array_agg(v.name order by v.name), null::jsonb, r.valid_from
      from role_assignments r
      join space_roles role on role.site_id = r.site_id and role.source_id = any (r.roles)
      join space_role_versions v on v.site_id = role.site_id and v.role_id = role.id and ${holds("v", at)}
     where r.site_id = ${siteId} and ${holds("r", at)} and ${only}
     group by r.space_id, r.principal_type, r.principal_id, r.valid_from`;
}

/** The permission ids of roles by their names, together; none where there is no role. A `text[]`. */
export function rolePermissions(siteId: Sql, roles: Sql, at: Instant = null): Sql {
  return sql`
    array(select distinct permission
            from space_roles given
            join space_role_versions version
              on version.site_id = given.site_id and version.role_id = given.id and ${holds("version", at)}
           cross join lateral jsonb_array_elements_text(version.permissions) as permission
           where given.site_id = ${siteId} and version.name = any (${roles})
           order by permission)`;
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
