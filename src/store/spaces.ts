import type { Operation, PrincipalType, SpaceStatus, SpaceType } from "../model/facts.ts";
import { currentRights, effectiveMembers, rolePermissions } from "./access-sql.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { countByValue, type Facet, withSiteNames } from "./facets.ts";
import { amongKnown, holds, type Instant, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { searches } from "./people.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

export interface SpaceRow {
  spaceId: string;
  siteId: string;
  site: string;
  sourceId: string;
  key: string;
  name: string;
  type: SpaceType;
  status: SpaceStatus;
  owner: string | null;
  /** Rows of rights: principals that hold something. */
  principals: number;
  /** Anybody without an account may read it. */
  isAnonymous: boolean;
  /** Everybody with a seat may read it. */
  isOpen: boolean;
  /** False: the credential can no longer see it, and what is shown is what was seen last; null for an earlier day. */
  isVisible: boolean | null;
}

export interface SpaceFilters {
  siteId: string | null;
  types: readonly string[] | null;
  status: SpaceStatus | null;
  isAnonymous: boolean | null;
  search: string | null;
}

export type SpaceSort = "name" | "key";

/** Spaces that hold now, or held then; who reaches those of a page is counted by `countAccess`. */
export function spaceList(filters: SpaceFilters, past: Past | null = null): ListSource<SpaceRow, SpaceRow, SpaceSort> {
  const at = past?.at ?? null;
  const conditions = joinSql(conditionsOf(filters, past), " and ");
  const tables = spaceTables(at);
  return {
    sorts: {
      name: { by: sql`v.sort_key`, type: "text" },
      key: { by: sql`(v.key collate "C")`, type: "text" },
    },
    tie: { by: sql`s.id`, type: "text" },
    select: (page) => sql`
      select ${spaceColumns(at)}, ${page.keys}
        from ${tables}
       where ${conditions} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${tables} where ${conditions}`,
  };
}

/** How many spaces there are with each value of the filters, the others as they are. */
export async function listSpaceFacets(reader: Reader, filters: SpaceFilters): Promise<Facet[]> {
  const count = (name: string, column: Sql, rest: SpaceFilters) => {
    const conditions = joinSql(conditionsOf(rest, null), " and ");
    return countByValue(reader, name, { column, from: spaceTables(null), conditions });
  };
  const [sites, types, statuses, anonymous] = await Promise.all([
    count("siteId", sql`s.site_id`, { ...filters, siteId: null }),
    count("type", sql`v.type`, { ...filters, types: null }),
    count("status", sql`v.status`, { ...filters, status: null }),
    countAnonymous(reader, { ...filters, isAnonymous: null }),
  ]);
  return [await withSiteNames(reader, sites), types, statuses, anonymous];
}

async function countAnonymous(reader: Reader, filters: SpaceFilters): Promise<Facet> {
  const from = sql`
    (select ${classReads(["anonymous-users"], null)} as reads
       from ${spaceTables(null)}
      where ${joinSql(conditionsOf(filters, null), " and ")}) as each`;
  return countByValue(reader, "anonymous", { column: sql`each.reads`, from, conditions: sql`true` });
}

function spaceTables(at: Instant): Sql {
  return sql`
  spaces s
  join space_versions v on v.site_id = s.site_id and v.space_id = s.id and ${holds("v", at)}
  join sites site on site.id = s.site_id`;
}

function spaceColumns(at: Instant): Sql {
  return sql`
  s.id as "spaceId", s.site_id as "siteId", site.name as site, s.source_id as "sourceId", v.key, v.name, v.type, v.status,
  (select o.display_name
     from accounts a
     join account_versions o on o.site_id = a.site_id and o.account_id = a.id and ${holds("o", at)}
    where a.site_id = s.site_id and a.source_id = v.owner_source_id) as owner,
  (select count(*)
     from space_permissions p
    where p.site_id = s.site_id and p.space_id = s.id and ${holds("p", at)} and p.principal_type <> 'role')
  + (select count(*)
       from role_assignments r
      where r.site_id = s.site_id and r.space_id = s.id and ${holds("r", at)}) as principals,
  ${classReads(["anonymous-users"], at)} as "isAnonymous",
  ${classReads(["all-licensed-users", "authenticated-users"], at)} as "isOpen",
  ${at === null ? IS_VISIBLE : sql`null::boolean`} as "isVisible"`;
}

const IS_VISIBLE = sql`
  not exists (select 1
                from unseen u
               where u.site_id = s.site_id and u.kind = 'spaces' and u.subject = s.id and u.verdict = 'not-visible')`;

/** Whether one of these access classes may read the space. */
function classReads(classes: readonly string[], at: Instant): Sql {
  return sql`
  (exists (select 1
             from space_permissions p
            where p.site_id = s.site_id and p.space_id = s.id and p.principal_type = 'access-class'
              and p.principal_id = any (${classes as string[]}) and p.can_read and ${holds("p", at)})
   or exists (select 1
                from role_assignments r
                join space_roles role on role.site_id = r.site_id and role.source_id = any (r.roles)
                join space_role_versions rv
                  on rv.site_id = role.site_id and rv.role_id = role.id and ${holds("rv", at)}
               where r.site_id = s.site_id and r.space_id = s.id and r.principal_type = 'access-class'
                 and r.principal_id = any (${classes as string[]}) and rv.can_read and ${holds("r", at)}))`;
}

function conditionsOf({ siteId, types, status, isAnonymous, search }: SpaceFilters, past: Past | null): Sql[] {
  const conditions = [amongKnown(sql`s.site_id`, past)];
  if (siteId) conditions.push(sql`s.site_id = ${siteId}`);
  if (types) conditions.push(sql`v.type = any (${types as string[]})`);
  if (status) conditions.push(sql`v.status = ${status}`);
  if (isAnonymous !== null) conditions.push(sql`${classReads(["anonymous-users"], past?.at ?? null)} = ${isAnonymous}`);
  if (search) conditions.push(searches(sql`lower(v.name || ' ' || v.key)`, search));
  return conditions;
}

export async function findSpace(reader: Reader, spaceId: string, at: Instant = null): Promise<SpaceRow | null> {
  const rows = await reader.query<SpaceRow>(sql`
    select ${spaceColumns(at)}
      from ${spaceTables(at)}
     where s.id = ${spaceId}
  `);
  return rows[0] ?? null;
}

export interface RightsRow {
  principalType: PrincipalType;
  /** As the source knows it. */
  principalId: string;
  /** The account's or group's name; null for a class, and for what is not known here. */
  name: string | null;
  groupId: string | null;
  /** Members of a group, nested ones too, that hold a seat or are guests; null for the others. */
  members: number | null;
  canRead: boolean;
  canAdminister: boolean;
  roles: string[];
  /** Of the roles, as the source spells them. */
  permissions: string[];
  operations: Operation[];
  /** When Usher first saw these rights as they are. */
  since: Date;
}

/** Who holds rights on a space, as the source gives them: one row per principal, nothing expanded. */
export function rightsList(
  { siteId, spaceId }: { siteId: string; spaceId: string },
  types: readonly PrincipalType[] | null,
  at: Instant = null,
): ListSource<RightsRow, RightsRow, "principal"> {
  const ofSite = sql`v.site_id = ${siteId}`;
  const from = sql`
    (${currentRights(sql`${siteId}`, sql`r.space_id = ${spaceId}`, at)}) as rights
    left join accounts a on rights.principal_type = 'user' and a.site_id = ${siteId} and a.source_id = rights.principal_id
    left join ${accountSummaries(at, "by-row", ofSite)} s on s.site_id = a.site_id and s.account_id = a.id
    left join groups g on rights.principal_type = 'group' and g.site_id = ${siteId} and g.source_id = rights.principal_id
    left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}
   where (${types}::text[] is null or rights.principal_type = any (${types}::text[]))`;
  const key = sql`((rights.principal_type || '/' || rights.principal_id || '/' || (rights.operations is null)) collate "C")`;
  return {
    sorts: {
      principal: { by: sql`(coalesce(v.sort_key, s.sort_key, rights.principal_id) collate "C")`, type: "text" },
    },
    tie: { by: key, type: "text" },
    select: (page) => sql`
      select rights.principal_type as "principalType", rights.principal_id as "principalId",
             coalesce(s.display_name, v.name) as name, g.id as "groupId",
             case when g.id is not null
                  then (select count(*)
                          from (${effectiveMembers(sql`${siteId}`, rawSql("g.id"), at)}) as m
                          join ${accountSummaries(at, "by-row", ofSite)} c
                            on c.site_id = ${siteId} and c.account_id = m.account_id
                         where c.account_class in ('licensed', 'guest')) end as members,
             rights.can_read as "canRead", rights.can_administer as "canAdminister", rights.roles,
             ${rolePermissions(sql`${siteId}`, rawSql("rights.roles"), at)} as permissions,
             coalesce(rights.operations, '[]'::jsonb) as operations, rights.valid_from as since, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}
