import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { mergeHistory } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

const NESTINGS = { name: "group_nestings", identity: ["group_id", "member_group_id"], attributes: [] };
const CLOSURE = { name: "group_closure", identity: ["group_id", "member_group_id"], attributes: [] };

/** The groups within each of `groupSourceIds`, one level down and whole. Groups that no listing showed are left out. */
export async function mergeNestings(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  groupSourceIds: readonly string[],
): Promise<MergeResult> {
  const { siteId } = context;
  await keepRows(
    tx,
    "incoming_nestings",
    sql`select distinct outside.id as group_id, inside.id as member_group_id
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data) as each(scope text, source_id text)
          join groups outside on outside.site_id = ${siteId} and outside.source_id = each.scope
          join groups inside on inside.site_id = ${siteId} and inside.source_id = each.source_id`,
  );
  const result = await mergeHistory(
    tx,
    context,
    NESTINGS,
    sql`select group_id, member_group_id from incoming_nestings`,
  );
  await forgetSeen(
    tx,
    context,
    "group-nestings",
    sql`select group_id || '|' || member_group_id as subject from incoming_nestings`,
  );
  await noteMissing(
    tx,
    context,
    "group-nestings",
    sql`select held.group_id || '|' || held.member_group_id as subject, held.group_id as scope
          from group_nestings held
         where held.site_id = ${siteId} and held.valid_to is null
           and held.group_id in (select g.id from groups g
                                  where g.site_id = ${siteId} and g.source_id = any(${groupSourceIds}))
           and not exists (select from incoming_nestings next
                            where next.group_id = held.group_id and next.member_group_id = held.member_group_id)`,
  );
  return result;
}

/**
 * Brings the closure to what the nestings say now. Groups may hold each other in a circle: `union` ends there, and no
 * group is within itself. A site without nested groups costs one look. `observedAt` may be that of an earlier run whose
 * difference is closed now: what a later one opened does not end before it began.
 */
export async function settleClosure(tx: Tx, context: MergeContext): Promise<void> {
  const { siteId, observedAt } = context;
  const [row] = await tx.query<{ isNested: boolean }>(sql`
    select exists (select from group_nestings where site_id = ${siteId} and valid_to is null)
           or exists (select from group_closure where site_id = ${siteId} and valid_to is null) as "isNested"
  `);
  if (!row?.isNested) return;
  await mergeHistory(
    tx,
    context,
    CLOSURE,
    sql`
      with recursive within as (
        select group_id, member_group_id
          from group_nestings
         where site_id = ${siteId} and valid_to is null
         union
        select within.group_id, deeper.member_group_id
          from within
          join group_nestings deeper
            on deeper.site_id = ${siteId} and deeper.group_id = within.member_group_id and deeper.valid_to is null
      )
      select group_id, member_group_id from within where group_id <> member_group_id`,
  );
  await tx.execute(sql`
    update group_closure held
       set valid_to = greatest(held.valid_from, ${observedAt}::timestamptz)
     where held.site_id = ${siteId} and held.valid_to is null
       and not exists (select from next_of_group_closure next
                        where next.group_id = held.group_id and next.member_group_id = held.member_group_id)
  `);
}
