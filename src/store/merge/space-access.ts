import type { Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";
import { mergeHistory, type HistoryTable } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

/** What one principal may do in one space, as far as one page told: a second page may add to it. */
export interface SpacePermissionRow {
  /** Source id of the space. */
  scope: string;
  principal_type: string;
  principal_id: string;
  operations: { key: string; target: string; sourceId: string }[];
}

export interface RoleAssignmentRow {
  /** Source id of the space. */
  scope: string;
  principal_type: string;
  principal_id: string;
  roles: string[];
}

export interface SpaceRoleRow {
  source_id: string;
  name: string;
  description: string | null;
  is_custom: boolean;
  /** Ids in the catalog's words, `read/space`; sorted. */
  permissions: string[];
  can_read: boolean;
  can_administer: boolean;
}

const IDENTITY = ["space_id", "principal_type", "principal_id"];

/**
 * All permissions of each of `spaceSourceIds`; a space without rows has none left. `isOncePerPrincipal`: every principal
 * of a space comes in one row, with its operations in their order; else the rows of several pages are put together.
 */
export async function mergeSpacePermissions(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  spaceSourceIds: readonly string[],
  { isOncePerPrincipal }: { isOncePerPrincipal: boolean },
): Promise<MergeResult> {
  const listed = sql`
    select s.id as space_id, each.principal_type, each.principal_id, each.operations
      from (${incoming}) incoming
     cross join lateral jsonb_to_record(incoming.data)
           as each(scope text, principal_type text, principal_id text, operations jsonb)
      join spaces s on s.site_id = ${context.siteId} and s.source_id = each.scope`;
  const together = sql`
    select space_id, principal_type, principal_id,
           jsonb_agg(operation order by operation ->> 'key' collate "C", operation ->> 'target' collate "C",
                     operation ->> 'sourceId' collate "C") as operations
      from (select distinct space_id, principal_type, principal_id, operation
              from (${listed}) listed
             cross join lateral jsonb_array_elements(listed.operations) as each(operation)) each
     group by space_id, principal_type, principal_id`;
  await keepRows(tx, "incoming_permissions", isOncePerPrincipal ? listed : together);
  return mergeSpaceEdges(
    tx,
    context,
    { name: "space_permissions", identity: IDENTITY, attributes: ["operations", "can_read", "can_administer"] },
    rawSql(`
      select space_id, principal_type, principal_id, operations,
             operations @> '[{"key": "read", "target": "space"}]' as can_read,
             operations @> '[{"key": "administer", "target": "space"}]' as can_administer
        from incoming_permissions
    `),
    spaceSourceIds,
  );
}

/** All role assignments of each of `spaceSourceIds`. */
export async function mergeRoleAssignments(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  spaceSourceIds: readonly string[],
): Promise<MergeResult> {
  return mergeSpaceEdges(
    tx,
    context,
    { name: "role_assignments", identity: IDENTITY, attributes: ["roles"] },
    sql`select s.id as space_id, each.principal_type, each.principal_id,
               array_agg(distinct role collate "C" order by role collate "C") as roles
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(scope text, principal_type text, principal_id text, roles text[])
         cross join lateral unnest(each.roles) as listed(role)
          join spaces s on s.site_id = ${context.siteId} and s.source_id = each.scope
         group by s.id, each.principal_type, each.principal_id`,
    spaceSourceIds,
  );
}

/** The catalog of roles of a site, whole. */
export async function mergeSpaceRoles(tx: Tx, context: MergeContext, incoming: Incoming): Promise<MergeResult> {
  const { siteId } = context;
  await keepRows(
    tx,
    "incoming_roles",
    sql`select distinct on (each.source_id) each.*
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(source_id text, name text, description text, is_custom boolean, permissions jsonb,
                       can_read boolean, can_administer boolean)
         order by each.source_id`,
  );
  await tx.execute(sql`
    insert into space_roles (site_id, source_id, first_seen_at)
    select ${siteId}, i.source_id, ${context.observedAt}
      from incoming_roles i
     where not exists (select from space_roles r where r.site_id = ${siteId} and r.source_id = i.source_id)
  `);
  const result = await mergeHistory(
    tx,
    context,
    {
      name: "space_role_versions",
      identity: ["role_id"],
      attributes: ["name", "description", "is_custom", "permissions", "can_read", "can_administer"],
    },
    sql`select r.id as role_id, i.name, i.description, i.is_custom, i.permissions, i.can_read, i.can_administer
          from incoming_roles i
          join space_roles r on r.site_id = ${siteId} and r.source_id = i.source_id`,
  );
  await forgetSeen(tx, context, "space-roles", sql`select role_id as subject from next_of_space_role_versions`);
  await noteMissing(
    tx,
    context,
    "space-roles",
    sql`select held.role_id as subject, null::text as scope
          from space_role_versions held
         where held.site_id = ${siteId} and held.valid_to is null
           and not exists (select from next_of_space_role_versions next where next.role_id = held.role_id)`,
  );
  return result;
}

async function mergeSpaceEdges(
  tx: Tx,
  context: MergeContext,
  table: HistoryTable & { name: "space_permissions" | "role_assignments" },
  next: ReturnType<typeof sql>,
  spaceSourceIds: readonly string[],
): Promise<MergeResult> {
  const kind = table.name === "space_permissions" ? "space-permissions" : "role-assignments";
  const result = await mergeHistory(tx, context, table, next);
  const proposed = rawSql(`next_of_${table.name}`);
  await forgetSeen(
    tx,
    context,
    kind,
    sql`select next.space_id || '|' || next.principal_type || '|' || next.principal_id as subject from ${proposed} next`,
  );
  await noteMissing(
    tx,
    context,
    kind,
    sql`select held.space_id || '|' || held.principal_type || '|' || held.principal_id as subject, held.space_id as scope
          from ${rawSql(table.name)} held
         where held.site_id = ${context.siteId} and held.valid_to is null
           and held.space_id in (select s.id from spaces s
                                  where s.site_id = ${context.siteId} and s.source_id = any(${spaceSourceIds}))
           and not exists (select from ${proposed} next
                            where next.space_id = held.space_id and next.principal_type = held.principal_type
                              and next.principal_id = held.principal_id)`,
  );
  return result;
}
