import { amongKnown, holds, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, sql } from "./sql.ts";

export interface SpaceRoleRow {
  roleId: string;
  siteId: string;
  site: string;
  sourceId: string;
  name: string;
  description: string | null;
  isCustom: boolean;
  permissions: string[];
  canRead: boolean;
  canAdminister: boolean;
  /** Principals of spaces that hold it. */
  assignments: number;
  /** When Usher first saw the role as it is. */
  since: Date;
}

/** Roles that spaces can give; a site that does not use roles has none. */
export function spaceRoleList(
  { siteId, isCustom }: { siteId: string | null; isCustom: boolean | null },
  past: Past | null = null,
): ListSource<SpaceRoleRow, SpaceRoleRow, "name" | "assignments"> {
  const at = past?.at ?? null;
  const conditions = [amongKnown(sql`role.site_id`, past)];
  if (siteId) conditions.push(sql`role.site_id = ${siteId}`);
  if (isCustom !== null) conditions.push(sql`v.is_custom = ${isCustom}`);
  const assignments = sql`
    (select count(*)
       from role_assignments r
      where r.site_id = role.site_id and role.source_id = any (r.roles) and ${holds("r", at)})`;
  const from = sql`
    space_roles role
    join space_role_versions v on v.site_id = role.site_id and v.role_id = role.id and ${holds("v", at)}
    join sites site on site.id = role.site_id
   where ${joinSql(conditions, " and ")}`;
  return {
    sorts: {
      name: { by: sql`(lower(v.name) collate "C")`, type: "text" },
      assignments: { by: assignments, type: "bigint" },
    },
    tie: { by: sql`role.id`, type: "text" },
    select: (page) => sql`
      select role.id as "roleId", role.site_id as "siteId", site.name as site, role.source_id as "sourceId", v.name,
             v.description, v.is_custom as "isCustom", v.permissions, v.can_read as "canRead",
             v.can_administer as "canAdminister", ${assignments} as assignments, v.valid_from as since, ${page.keys}
        from ${from} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from}`,
  };
}
