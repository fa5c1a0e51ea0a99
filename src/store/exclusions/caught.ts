import type { Condition, ConditionTerms } from "../../model/conditions.ts";
import type { BuiltInExclusion, ExclusionRule } from "../../model/exclusions.ts";
import { CLASS_MEMBERS, currentRights, groupsBringingAccess, groupsWithin } from "../access-sql.ts";
import { conditionSql } from "../conditions.ts";
import type { Reader } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** Whom a rule says that it catches. */
export type Catching = Pick<ExclusionRule, "condition" | "siteIds" | "builtIn">;

/** A query of `site_id, account_id`: the accounts that an exclusion catches now, each once. */
export function caughtSql({ condition, siteIds, builtIn }: Catching, terms: ConditionTerms): Sql {
  const isOfSite = (row: Sql) => sql`(${siteIds}::text[] is null or ${row}.site_id = any (${siteIds}::text[]))`;
  if (builtIn !== null && builtIn !== "break-glass-admins") {
    return sql`select b.site_id, b.account_id from (${BUILT_IN[builtIn]}) as b where ${isOfSite(rawSql("b"))}`;
  }
  const { matches } = conditionSql(condition, terms);
  return sql`select f.site_id, f.account_id from seat_facts f where ${isOfSite(rawSql("f"))} and ${matches}`;
}

/** The account behind the last complete run of a site, and those of every credential that reaches it. */
const CREDENTIAL_ACCOUNTS = sql`
  select a.site_id, a.id as account_id
    from sites s
    join accounts a on a.site_id = s.id
     and a.source_id in (select unnest(s.last_account_ids)
                          union
                         select c.source_account_id
                           from connection_sites x
                           join credentials c on c.connection_id = x.connection_id and c.state = 'active'
                          where x.site_id = s.id)`;

const APP_ACCOUNTS = sql`select site_id, account_id from account_summaries where account_type = 'app'`;

/**
 * Accounts without which a space has nobody who administers it. Of every principal only its first and its last active
 * member count: where both are the same account for all principals of a space together, there is no other one. So the
 * product of people and rights is never made, and the members of groups are gone through once a site. A personal space
 * is its owner's alone by nature, and an archived one needs nobody: neither keeps a seat.
 */
const LAST_SPACE_ADMINS = sql`
  select distinct s.id as site_id, sole.account_id
    from sites s
   cross join lateral (
     with active as materialized (
       select a.account_id, x.source_id, a.account_class
         from account_summaries a
         join accounts x on x.site_id = a.site_id and x.id = a.account_id
        where a.site_id = s.id and a.account_class in ('licensed', 'guest')),
     of_group as materialized (
       select within.group_id, min(m.account_id) as first, max(m.account_id) as last
         from (${groupsWithin(sql`s.id`)}) as within
         join memberships m on m.site_id = s.id and m.group_id = within.member_group_id and m.valid_to is null
         join active on active.account_id = m.account_id
        group by within.group_id),
     admins as (
       select r.space_id, r.principal_type, r.principal_id
         from (${currentRights(sql`s.id`)}) as r
         join space_versions v on v.site_id = s.id and v.space_id = r.space_id and v.valid_to is null
          and v.type <> 'personal' and v.status = 'current'
        where r.can_administer),
     holders as (
       select admins.space_id, active.account_id as first, active.account_id as last
         from admins
         join active on active.source_id = admins.principal_id
        where admins.principal_type = 'user'
        union all
       select admins.space_id, of_group.first, of_group.last
         from admins
         join groups g on g.site_id = s.id and g.source_id = admins.principal_id
         join of_group on of_group.group_id = g.id
        where admins.principal_type = 'group'
        union all
       select admins.space_id, of_class.first, of_class.last
         from admins
         join (select covers.class_id, min(active.account_id) as first, max(active.account_id) as last
                 from active
                 join ${CLASS_MEMBERS} on covers.account_class = active.account_class
                group by covers.class_id
                union all
               select 'all-product-admins', min(active.account_id), max(active.account_id)
                 from (${groupsBringingAccess(sql`s.id`)}) as giving
                 join memberships m on m.site_id = s.id and m.group_id = giving.group_id and m.valid_to is null
                 join active on active.account_id = m.account_id and active.account_class = 'licensed'
                where giving.is_admin
               having count(*) > 0) as of_class on of_class.class_id = admins.principal_id
        where admins.principal_type = 'access-class')
     select min(holders.first) as account_id
       from holders
      group by holders.space_id
     having min(holders.first) = max(holders.last)) as sole`;

const BUILT_IN: Readonly<Record<Exclude<BuiltInExclusion, "break-glass-admins">, Sql>> = {
  "credential-account": CREDENTIAL_ACCOUNTS,
  "app-accounts": APP_ACCOUNTS,
  "last-space-admin": LAST_SPACE_ADMINS,
};

/**
 * The condition with people who turned out to be somebody else replaced by whom they are now: their accounts went there,
 * and whoever named them meant those.
 */
export async function withSuccessors(reader: Reader, condition: Condition): Promise<Condition> {
  const ids = peopleNamed(condition);
  if (ids.length === 0) return condition;
  const moved = await reader.query<{ id: string; now: string }>(sql`
    with recursive way as (
      select id, moved_to, 1 as steps from people where id = any (${ids}) and moved_to is not null
       union all
      select way.id, p.moved_to, way.steps + 1
        from way
        join people p on p.id = way.moved_to
       where p.moved_to is not null and way.steps < 100)
    select distinct on (id) id, moved_to as now from way order by id, steps desc
  `);
  const nowById = new Map(moved.map(({ id, now }) => [id, now]));
  return nowById.size === 0 ? condition : replacePeople(condition, nowById);
}

function peopleNamed(condition: Condition): string[] {
  if ("all" in condition && Array.isArray(condition.all)) return condition.all.flatMap(peopleNamed);
  if ("any" in condition && Array.isArray(condition.any)) return condition.any.flatMap(peopleNamed);
  if ("not" in condition) return peopleNamed(condition.not as Condition);
  const { is, people } = condition as { is: string; people?: unknown };
  return is === "person" && Array.isArray(people) ? people.map(String) : [];
}

function replacePeople(condition: Condition, nowById: ReadonlyMap<string, string>): Condition {
  if ("all" in condition && Array.isArray(condition.all)) {
    return { all: condition.all.map((each: Condition) => replacePeople(each, nowById)) };
  }
  if ("any" in condition && Array.isArray(condition.any)) {
    return { any: condition.any.map((each: Condition) => replacePeople(each, nowById)) };
  }
  if ("not" in condition) return { not: replacePeople(condition.not as Condition, nowById) };
  const leaf = condition as { is: string; people?: unknown };
  if (leaf.is !== "person" || !Array.isArray(leaf.people)) return condition;
  return { ...leaf, people: leaf.people.map((each) => nowById.get(String(each)) ?? String(each)) };
}
