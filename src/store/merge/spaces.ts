import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { mergeHistory } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

export interface SpaceRow {
  source_id: string;
  key: string;
  name: string;
  type: string;
  status: string;
  owner_source_id: string | null;
  created_at: string | null;
  sort_key: string;
}

const VERSIONS = {
  name: "space_versions",
  identity: ["space_id"],
  attributes: ["key", "name", "type", "status", "owner_source_id", "created_at", "sort_key"],
};

/** Every space that the credential may see. */
export async function mergeSpaces(tx: Tx, context: MergeContext, incoming: Incoming): Promise<MergeResult> {
  const result = await mergeSpaceRows(tx, context, incoming);
  await noteMissing(
    tx,
    context,
    "spaces",
    sql`select held.space_id as subject, null::text as scope
          from space_versions held
         where held.site_id = ${context.siteId} and held.valid_to is null
           and not exists (select from next_of_space_versions next where next.space_id = held.space_id)`,
  );
  return result;
}

/** Spaces that were asked for one by one; those that were not found are noted for the second look. */
export async function mergeSpacesById(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  askedSourceIds: readonly string[],
): Promise<MergeResult> {
  const result = await mergeSpaceRows(tx, context, incoming);
  await noteMissing(
    tx,
    context,
    "spaces",
    sql`select held.space_id as subject, null::text as scope
          from spaces s
          join space_versions held on held.site_id = s.site_id and held.space_id = s.id and held.valid_to is null
         where s.site_id = ${context.siteId} and s.source_id = any(${askedSourceIds})
           and not exists (select from next_of_space_versions next where next.space_id = s.id)`,
  );
  return result;
}

async function mergeSpaceRows(tx: Tx, context: MergeContext, incoming: Incoming): Promise<MergeResult> {
  const { siteId, observedAt } = context;
  await keepRows(
    tx,
    "incoming_spaces",
    sql`select distinct on (each.source_id) each.*
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(source_id text, key text, name text, type text, status text, owner_source_id text,
                       created_at timestamptz, sort_key text)
         order by each.source_id`,
  );
  // One run of a site at a time, so two merges never give one ordinal twice.
  await tx.execute(sql`
    insert into spaces (site_id, source_id, ordinal, first_seen_at)
    select ${siteId}, i.source_id,
           coalesce((select max(ordinal) + 1 from spaces where site_id = ${siteId}), 0)
             + row_number() over (order by i.source_id) - 1,
           ${observedAt}
      from incoming_spaces i
     where not exists (select from spaces s where s.site_id = ${siteId} and s.source_id = i.source_id)
  `);
  const result = await mergeHistory(
    tx,
    context,
    VERSIONS,
    sql`select s.id as space_id, i.key, i.name, i.type, i.status, i.owner_source_id, i.created_at, i.sort_key
          from incoming_spaces i
          join spaces s on s.site_id = ${siteId} and s.source_id = i.source_id`,
  );
  await forgetSeen(tx, context, "spaces", sql`select space_id as subject from next_of_space_versions`);
  return result;
}
