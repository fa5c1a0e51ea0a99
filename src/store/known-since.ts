import type { ListingKind } from "../model/runs.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** What a question about an earlier day rests on. `rights` are known by either of the two models that sites have had. */
export type KnowledgeKind =
  | Extract<ListingKind, "accounts" | "groups" | "memberships" | "product-access" | "spaces">
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
      select site_id, kind, since from site_known_since
       union all
      select site_id, 'roles', since from site_known_since where kind = 'space-roles'
       union all
      select s.id, 'rights', coalesce(min(k.since), least((select min(p.valid_from) from space_permissions p where p.site_id = s.id),
                                                          (select min(r.valid_from) from role_assignments r where r.site_id = s.id)))
        from sites s
        left join site_known_since k on k.site_id = s.id and k.kind in ('space-permissions', 'role-assignments')
       where 'rights' in (select kind from asked)
       group by s.id)
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
