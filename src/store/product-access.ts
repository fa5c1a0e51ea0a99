import type { GroupManagement, ProductAccess, ProductAccessDecision, ProductAccessGroupState } from "../model/facts.ts";
import { decisionsAt, effectiveMembers, productAccessGroups, productAccessState } from "./access-sql.ts";
import type { Reader, Tx } from "./database.ts";
import { holds, type Instant } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

/** A group that gives a seat, or that a person said something about. */
export interface ProductAccessGroup {
  groupId: string;
  sourceId: string;
  name: string;
  managedBy: GroupManagement | null;
  /** What the source says that it gives; empty for a group that only a person added. */
  access: ProductAccess[];
  state: ProductAccessGroupState;
  /** Whether its members count as holders of a seat: found, confirmed and added ones do while the source names them. */
  isEffective: boolean;
  /** Accounts that it brings, members of nested groups too. */
  members: number;
  reason: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

export type ProductAccessSort = "name" | "members";

export function productAccessList(
  siteId: string,
  states: readonly ProductAccessGroupState[] | null,
  at: Instant = null,
): ListSource<ProductAccessGroup, ProductAccessGroup, ProductAccessSort> {
  const rows = sql`
    (select g.id as group_id, g.source_id, coalesce(v.name, last.name, g.source_id) as name,
            coalesce(v.sort_key, last.sort_key, g.source_id) collate "C" as sort_key,
            v.managed_by, coalesce(p.access, '{}') as access,
            ${productAccessState({ decision: sql`d.state`, isFound: sql`p.access is not null`, isThere: sql`v.name is not null` })} as state,
            g.id in (select group_id from (${productAccessGroups(sql`${siteId}`, at)}) as giving) as is_effective,
            (select count(*)
               from (${effectiveMembers(sql`${siteId}`, rawSql("g.id"), at)}) as m) as members,
            d.reason, d.decided_by, d.decided_at
       from groups g
       left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}
       left join lateral (select name, sort_key
                            from group_versions o
                           where o.site_id = g.site_id and o.group_id = g.id
                           order by o.valid_from desc
                           limit 1) last on true
       left join lateral (select array_agg(a.access order by a.access desc) as access
                            from product_access a
                           where a.site_id = g.site_id and a.group_id = g.id and ${holds("a", at)}) p on true
       left join ${decisionsAt(at)} d on d.site_id = g.site_id and d.group_id = g.id
      where g.site_id = ${siteId}
        and (d.state is not null
             or exists (select 1
                          from product_access a
                         where a.site_id = g.site_id and a.group_id = g.id and ${holds("a", at)}))) r`;
  const matching = sql`(${states}::text[] is null or r.state = any (${states}::text[]))`;
  return {
    sorts: {
      name: { by: rawSql("r.sort_key"), type: "text" },
      members: { by: rawSql("r.members"), type: "bigint" },
    },
    tie: { by: rawSql("r.group_id"), type: "text" },
    select: (page) => sql`
      select r.group_id as "groupId", r.source_id as "sourceId", r.name, r.managed_by as "managedBy", r.access, r.state,
             r.is_effective as "isEffective", r.members, r.reason, r.decided_by as "decidedBy",
             r.decided_at as "decidedAt", ${page.keys}
        from ${rows}
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from ${rows} where ${matching}`,
  };
}

/** A group of the site with what the source and people say of it; null: the site has no such group. */
export async function findGroupAccess(
  reader: Reader,
  siteId: string,
  groupId: string,
): Promise<{ isFound: boolean; decision: ProductAccessDecision | null } | null> {
  const rows = await reader.query<{ isFound: boolean; decision: ProductAccessDecision | null }>(sql`
    select exists (select 1
                     from product_access a
                    where a.site_id = g.site_id and a.group_id = g.id and a.valid_to is null) as "isFound",
           (select d.state
              from product_access_decisions d
             where d.site_id = g.site_id and d.group_id = g.id) as decision
      from groups g
     where g.site_id = ${siteId}
       and g.id = ${groupId}
  `);
  return rows[0] ?? null;
}

/** The newest word of a person on a group; it replaces an earlier one, which stays in the history and the journal. */
export async function saveProductAccessDecision(
  tx: Tx,
  decision: {
    siteId: string;
    groupId: string;
    state: ProductAccessDecision;
    reason: string | null;
    decidedBy: string;
    at: Date;
  },
): Promise<void> {
  await tx.execute(sql`
    insert into product_access_decisions (site_id, group_id, state, reason, decided_by, decided_at)
    values (${decision.siteId}, ${decision.groupId}, ${decision.state}, ${decision.reason}, ${decision.decidedBy},
            ${decision.at})
        on conflict (site_id, group_id)
        do update set state = excluded.state, reason = excluded.reason, decided_by = excluded.decided_by,
                      decided_at = excluded.decided_at
  `);
  await tx.execute(sql`
    delete from product_access_decision_versions
     where site_id = ${decision.siteId} and group_id = ${decision.groupId} and valid_from = ${decision.at}
  `);
  await tx.execute(sql`
    update product_access_decision_versions
       set valid_to = ${decision.at}
     where site_id = ${decision.siteId} and group_id = ${decision.groupId} and valid_to is null
  `);
  await tx.execute(sql`
    insert into product_access_decision_versions (site_id, group_id, state, reason, decided_by, valid_from)
    values (${decision.siteId}, ${decision.groupId}, ${decision.state}, ${decision.reason}, ${decision.decidedBy},
            ${decision.at})
  `);
}
