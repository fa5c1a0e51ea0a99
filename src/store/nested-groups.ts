import { holds, type Instant } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

export interface NestedGroupRow {
  groupId: string;
  name: string;
  /** `inside`: nested in the group that was asked about; `around`: that one is nested in it. */
  relation: "inside" | "around";
  /** Direct members. */
  members: number;
  since: Date;
}

/** The groups one level below and one level above a group. */
export function nestedGroupList(
  { siteId, groupId }: { siteId: string; groupId: string },
  relation: "inside" | "around" | null,
  at: Instant = null,
): ListSource<NestedGroupRow, NestedGroupRow, "name"> {
  const from = sql`
    (select n.member_group_id as id, 'inside' as relation, n.valid_from
       from group_nestings n
      where n.site_id = ${siteId} and n.group_id = ${groupId} and ${holds("n", at)}
      union all
     select n.group_id, 'around', n.valid_from
       from group_nestings n
      where n.site_id = ${siteId} and n.member_group_id = ${groupId} and ${holds("n", at)}) as near
    join group_versions v on v.site_id = ${siteId} and v.group_id = near.id and ${holds("v", at)}
   where (${relation}::text is null or near.relation = ${relation})`;
  return {
    sorts: { name: { by: sql`v.sort_key`, type: "text" } },
    tie: { by: sql`((near.id || '/' || near.relation) collate "C")`, type: "text" },
    select: (page) => sql`
      select near.id as "groupId", v.name, near.relation,
             (select count(*)
                from memberships m
               where m.site_id = ${siteId} and m.group_id = near.id and ${holds("m", at)}) as members,
             near.valid_from as since, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}
