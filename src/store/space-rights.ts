import type { Operation, PrincipalType } from "../model/facts.ts";
import { principalsOfAccount } from "./access.ts";
import { currentRights, groupsAbove, rolePermissions } from "./access-sql.ts";
import { accountSummaries } from "./accounts-at.ts";
import { amongKnown, holds, type Instant, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

export interface SpaceRightRow {
  spaceId: string;
  siteId: string;
  site: string;
  spaceKey: string;
  space: string;
  spaceType: string;
  principalType: PrincipalType;
  /** As the source knows it. */
  principalId: string;
  name: string | null;
  groupId: string | null;
  personId: string | null;
  canRead: boolean;
  canAdminister: boolean;
  roles: string[];
  permissions: string[];
  operations: Operation[];
  since: Date;
}

export interface SpaceRightFilters {
  siteId: string | null;
  spaceId: string | null;
  personId: string | null;
  groupId: string | null;
  /** Only what the person or the group holds itself. */
  isDirect: boolean;
  types: readonly PrincipalType[] | null;
  /** Rights as `key/target`, and how the permissions of roles spell them, in small letters only. */
  operations: { pairs: readonly string[]; spellings: readonly string[] } | null;
}

/** Rights on spaces, one row for each space and principal; who is asked about is looked up first, then their rights. */
export function spaceRightList(
  filters: SpaceRightFilters,
  past: Past | null = null,
): ListSource<SpaceRightRow, SpaceRightRow, "space"> {
  const at = past?.at ?? null;
  const from = sql`
    (${principalsOf(filters, at)}) as mine
   cross join lateral (${currentRights(rawSql("mine.site_id"), onlyOf(filters), at)}) as r
    join space_versions v on v.site_id = mine.site_id and v.space_id = r.space_id and ${holds("v", at)}
    join sites site on site.id = mine.site_id
    left join accounts a on r.principal_type = 'user' and a.site_id = mine.site_id and a.source_id = r.principal_id
    left join account_versions av on av.site_id = a.site_id and av.account_id = a.id and ${holds("av", at)}
    left join groups g on r.principal_type = 'group' and g.site_id = mine.site_id and g.source_id = r.principal_id
    left join group_versions gv on gv.site_id = g.site_id and gv.group_id = g.id and ${holds("gv", at)}
   where ${joinSql(conditionsOf(filters, past), " and ")}`;
  return {
    sorts: { space: { by: sql`(v.sort_key || ' ' || v.space_id)`, type: "text" } },
    tie: {
      by: sql`((r.principal_type || '/' || r.principal_id || '/' || (r.operations is null)) collate "C")`,
      type: "text",
    },
    select: (page) => sql`
      select v.space_id as "spaceId", mine.site_id as "siteId", site.name as site, v.key as "spaceKey", v.name as space,
             v.type as "spaceType", r.principal_type as "principalType", r.principal_id as "principalId",
             coalesce(av.display_name, gv.name) as name, g.id as "groupId", a.person_id as "personId",
             r.can_read as "canRead", r.can_administer as "canAdminister", r.roles,
             ${rolePermissions(rawSql("mine.site_id"), rawSql("r.roles"), at)} as permissions,
             coalesce(r.operations, '[]'::jsonb) as operations, r.valid_from as since, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}

/** `site_id, type, id`: whose rights are asked for; every principal of a site is one row of nulls. */
function principalsOf({ personId, groupId, isDirect }: SpaceRightFilters, at: Instant): Sql {
  if (personId !== null) {
    return sql`
      select distinct s.site_id, theirs.type, theirs.id
        from ${accountSummaries(at, "by-row", sql`a.person_id = ${personId}`)} s
        join accounts a on a.site_id = s.site_id and a.id = s.account_id
       cross join lateral (${principalsOfAccount(at)}) as theirs (type, id)
       where s.person_id = ${personId} and s.account_class in ('licensed', 'guest')
         and (not ${isDirect} or theirs.type = 'user')`;
  }
  if (groupId !== null) {
    const above = isDirect ? sql`select own.id as group_id` : groupsAbove(rawSql("own.site_id"), rawSql("own.id"), at);
    return sql`
      select distinct own.site_id, 'group' as type, held.source_id as id
        from groups own
       cross join lateral (${above}) as above
        join groups held on held.site_id = own.site_id and held.id = above.group_id
       where own.id = ${groupId}`;
  }
  return sql`select every.id as site_id, null::text as type, null::text as id from sites every`;
}

/** What is known before the rights are looked at, so that indexes find them. */
function onlyOf({ personId, groupId, spaceId }: SpaceRightFilters): Sql {
  const conditions = [sql`true`];
  if (personId !== null || groupId !== null) {
    conditions.push(sql`r.principal_type = mine.type and r.principal_id = mine.id`);
  }
  if (spaceId !== null) conditions.push(sql`r.space_id = ${spaceId}`);
  return joinSql(conditions, " and ");
}

function conditionsOf({ siteId, types, operations }: SpaceRightFilters, past: Past | null): Sql[] {
  const conditions = [amongKnown(sql`mine.site_id`, past)];
  if (siteId) conditions.push(sql`mine.site_id = ${siteId}`);
  if (types) conditions.push(sql`r.principal_type = any (${types as string[]})`);
  if (operations) {
    const { pairs, spellings } = operations;
    const permissions = rolePermissions(rawSql("mine.site_id"), rawSql("r.roles"), past?.at ?? null);
    conditions.push(sql`
      (exists (select 1
                 from jsonb_array_elements(r.operations) as held
                where (held ->> 'key') || '/' || (held ->> 'target') = any (${pairs as string[]}))
       or exists (select 1
                    from unnest(${permissions}) as permission
                   where regexp_replace(lower(permission), '[^a-z]', '', 'g') = any (${spellings as string[]})))`);
  }
  return conditions;
}
