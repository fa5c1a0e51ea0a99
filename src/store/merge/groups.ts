import type { ProductAccess } from "../../model/facts.ts";
import type { Tx } from "../database.ts";
import { sql, type Sql } from "../sql.ts";
import { mergeHistory } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

export interface GroupRow {
  source_id: string;
  name: string;
  managed_by: string | null;
  usage: string | null;
  sort_key: string;
}

const VERSIONS = {
  name: "group_versions",
  identity: ["group_id"],
  attributes: ["name", "managed_by", "usage", "sort_key"],
};

/** Every group of the site. */
export async function mergeGroups(tx: Tx, context: MergeContext, incoming: Incoming): Promise<MergeResult> {
  const result = await mergeGroupRows(tx, context, incoming);
  await noteMissing(
    tx,
    context,
    "groups",
    sql`select held.group_id as subject, null::text as scope
          from group_versions held
         where held.site_id = ${context.siteId} and held.valid_to is null
           and not exists (select from next_of_group_versions next where next.group_id = held.group_id)`,
  );
  return result;
}

/** Groups that were asked for one by one; those that were not found are noted for the second look. */
export async function mergeGroupsById(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  askedSourceIds: readonly string[],
): Promise<MergeResult> {
  const result = await mergeGroupRows(tx, context, incoming);
  await noteMissing(
    tx,
    context,
    "groups",
    sql`select held.group_id as subject, null::text as scope
          from groups g
          join group_versions held on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null
         where g.site_id = ${context.siteId} and g.source_id = any(${askedSourceIds})
           and not exists (select from next_of_group_versions next where next.group_id = g.id)`,
  );
  return result;
}

/** Groups that give the product, with the way they give it; a group is also known by this listing alone. */
export async function mergeProductAccess(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  access: ProductAccess,
): Promise<MergeResult> {
  const groups = await mergeGroupRows(tx, context, incoming);
  const edges = await mergeHistory(
    tx,
    context,
    { name: "product_access", identity: ["group_id", "access"], attributes: [] },
    sql`select group_id, ${access}::text as access from next_of_group_versions`,
  );
  await forgetSeen(
    tx,
    context,
    "product-access",
    sql`select next.group_id || '|' || next.access as subject from next_of_product_access next`,
  );
  await noteMissing(
    tx,
    context,
    "product-access",
    sql`select held.group_id || '|' || held.access as subject, held.access as scope
          from product_access held
         where held.site_id = ${context.siteId} and held.valid_to is null and held.access = ${access}
           and not exists (select from next_of_product_access next where next.group_id = held.group_id)`,
  );
  return { added: groups.added + edges.added, changed: groups.changed + edges.changed };
}

async function mergeGroupRows(tx: Tx, context: MergeContext, incoming: Incoming): Promise<MergeResult> {
  await keepRows(tx, "incoming_groups", oncePerGroup(incoming));
  await tx.execute(sql`
    insert into groups (site_id, source_id, first_seen_at)
    select ${context.siteId}, i.source_id, ${context.observedAt}
      from incoming_groups i
     where not exists (select from groups g where g.site_id = ${context.siteId} and g.source_id = i.source_id)
  `);
  const result = await mergeHistory(
    tx,
    context,
    VERSIONS,
    // The listing of product access does not tell who manages a group; what the other one told stays.
    sql`select g.id as group_id, i.name, coalesce(i.managed_by, held.managed_by) as managed_by,
               coalesce(i.usage, held.usage) as usage, i.sort_key
          from incoming_groups i
          join groups g on g.site_id = ${context.siteId} and g.source_id = i.source_id
          left join group_versions held on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null`,
  );
  await forgetSeen(tx, context, "groups", sql`select group_id as subject from next_of_group_versions`);
  return result;
}

function oncePerGroup(incoming: Incoming): Sql {
  return sql`
    select distinct on (each.source_id) each.*
      from (${incoming}) incoming
     cross join lateral jsonb_to_record(incoming.data)
           as each(source_id text, name text, managed_by text, usage text, sort_key text)
     order by each.source_id
  `;
}
