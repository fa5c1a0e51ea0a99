import type { ListingKind } from "../model/runs.ts";
import type { Reader } from "./database.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** What a question about an earlier day rests on. `rights` are known by either of the two models that sites have had. */
export type KnowledgeKind =
  | Extract<
      ListingKind,
      "accounts" | "groups" | "memberships" | "product-access" | "spaces" | "space-permissions" | "role-assignments"
    >
  | "rights"
  | "roles";

export interface SiteKnowledge {
  siteId: string;
  site: string;
  /** From here on all of it is known; null: never read to its end. */
  since: Date | null;
}

/** Kinds that an answer needs, and those that it also tells where the site is read for them. */
export interface Needs {
  needed: readonly KnowledgeKind[];
  also: readonly KnowledgeKind[];
}

/**
 * Since when what is needed is known, for each site by name. Before that instant a list would be empty or short for want
 * of looking, which is not what was so. Rights of which a credential may never see all are known from the first that
 * were seen. A kind of `also` that was never read to its end says nothing and delays nothing.
 */
export async function listKnowledge(
  reader: Reader,
  { needed, also }: Needs,
  siteIds: readonly string[] | null,
): Promise<SiteKnowledge[]> {
  return reader.query<SiteKnowledge>(sql`
    with asked as (
      select unnest(${needed as string[]}::text[]) as kind, true as is_needed
       union all
      select unnest(${also as string[]}::text[]), false),
    known as (
      select site_id, kind, since from site_known_since where kind not in ('space-permissions', 'role-assignments')
       union all
      select s.id, 'space-permissions', ${rightsSince("space-permissions", "space_permissions")} from sites s
       union all
      select s.id, 'role-assignments', ${rightsSince("role-assignments", "role_assignments")} from sites s
       union all
      select site_id, 'roles', since from site_known_since where kind = 'space-roles'
       union all
      select s.id, 'rights', least(${rightsSince("space-permissions", "space_permissions")},
                                   ${rightsSince("role-assignments", "role_assignments")})
        from sites s)
    select s.id as "siteId", s.name as site,
           case when bool_and(k.since is not null or not asked.is_needed) then max(k.since) end as since
      from sites s
     cross join asked
      left join known k on k.site_id = s.id and k.kind = asked.kind
     where (${siteIds}::text[] is null or s.id = any (${siteIds}::text[]))
     group by s.id, s.name
     order by lower(s.name), s.id
  `);
}

/** When all of a site's rights of one model were read first, or any, where not all of them ever were. */
function rightsSince(kind: string, table: string): Sql {
  return rawSql(`
    coalesce((select k.since from site_known_since k where k.site_id = s.id and k.kind = '${kind}'),
             (select min(r.valid_from) from ${table} r where r.site_id = s.id))`);
}

/** The site of a group, account or space that is or was there; null: there never was one with this id. */
export async function findSiteOf(reader: Reader, id: string): Promise<string | null> {
  const [row] = await reader.query<{ siteId: string }>(sql`
    select site_id as "siteId" from groups where id = ${id}
     union all
    select site_id from accounts where id = ${id}
     union all
    select site_id from spaces where id = ${id}
     limit 1
  `);
  return row?.siteId ?? null;
}
