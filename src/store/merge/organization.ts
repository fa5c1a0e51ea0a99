import { groupsBringingAccess } from "../access-sql.ts";
import type { Tx } from "../database.ts";
import { sql } from "../sql.ts";
import { ACCOUNT_COLUMNS, mergeAccountRows, type AccountRow } from "./accounts.ts";
import { advanceEvidence, noteUntold, saveEvidenceWindow, type EvidenceWindow } from "./activity.ts";
import { keepRows, sumOf, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { mergeMemberships } from "./memberships.ts";
import { BATCH_IDS } from "./plan.ts";

export interface OrganizationAccountRow extends AccountRow {
  group_source_ids: string[];
  /** Whether the directory lists this site among the account's products. */
  has_product: boolean;
  last_active_at: string | null;
}

export interface OrganizationGroupRow {
  source_id: string;
  member_count: number | null;
}

/**
 * The organization's directory, whole: attributes, memberships and last activity in bulk. People of other sites are
 * left out: an account counts when this site knows it already, or when the directory gives it this product or one of
 * this site's groups. Memberships are taken only for groups whose count in `groups` agrees; the others are given back,
 * by source id, to be read one by one. Given back as well, in batches to be asked for by id: whose class hangs on whether
 * they are guests, where nothing but the directory tells of them.
 */
export async function mergeOrganization(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  groups: Incoming,
  views: EvidenceWindow,
): Promise<MergeResult & { disputedGroups: string[]; possibleGuests: string[] }> {
  const { siteId } = context;
  await keepRows(
    tx,
    "directory",
    sql`select distinct on (each.source_id) each.*
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data)
               as each(group_source_ids text[], has_product boolean, last_active_at timestamptz, ${ACCOUNT_COLUMNS})
         order by each.source_id`,
  );
  await keepRows(
    tx,
    "site_groups",
    sql`select g.id, g.source_id
          from groups g
          join group_versions held on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null
         where g.site_id = ${siteId}`,
  );
  await keepRows(
    tx,
    "directory_edges",
    sql`select distinct g.id as group_id, g.source_id as group_source_id, d.source_id as account_source_id
          from directory d
         cross join lateral unnest(d.group_source_ids) as listed(group_source_id)
          join site_groups g on g.source_id = listed.group_source_id`,
  );
  const accounts = await mergeAccountRows(
    tx,
    context,
    "organization",
    // An account that the directory no longer lists comes with nothing, which takes back what the directory had given.
    sql`select d.*
          from directory d
         where d.has_product
            or exists (select from directory_edges e where e.account_source_id = d.source_id)
            or exists (select from accounts a
                         join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
                        where a.site_id = ${siteId} and a.source_id = d.source_id)
         union all
        select nobody.*
          from accounts a
          join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
         cross join lateral jsonb_to_record(jsonb_build_object('source_id', a.source_id, 'has_product', false))
               as nobody(group_source_ids text[], has_product boolean, last_active_at timestamptz, ${ACCOUNT_COLUMNS})
         where a.site_id = ${siteId} and v.origins ->> 'status' = 'organization'
           and not exists (select from directory d where d.source_id = a.source_id)`,
  );

  await keepRows(
    tx,
    "agreed_groups",
    sql`select g.id
          from site_groups g
          join (select distinct on (each.source_id) each.*
                  from (${groups}) counted
                 cross join lateral jsonb_to_record(counted.data) as each(source_id text, member_count integer)
                 order by each.source_id) counted on counted.source_id = g.source_id
          left join (select group_id, count(*) as members from directory_edges group by group_id) listed
            on listed.group_id = g.id
         where counted.member_count = coalesce(listed.members, 0)`,
  );
  const edges = await mergeMemberships(
    tx,
    context,
    sql`select e.group_id, a.id as account_id
          from directory_edges e
          join agreed_groups agreed on agreed.id = e.group_id
          join accounts a on a.site_id = ${siteId} and a.source_id = e.account_source_id`,
    sql`select id from agreed_groups`,
  );
  await mergeViews(tx, context, views);

  const disputed = await tx.query<{ sourceId: string }>(sql`
    select g.source_id as "sourceId"
      from site_groups g
     where not exists (select from agreed_groups agreed where agreed.id = g.id)
       and not exists (select from unseen u
                        where u.site_id = ${siteId} and u.kind = 'groups' and u.subject = g.id and u.run_id = ${context.runId})
  `);
  return {
    ...sumOf([accounts, edges]),
    disputedGroups: disputed.map((each) => each.sourceId),
    possibleGuests: await listPossibleGuests(tx, context),
  };
}

/**
 * Accounts whom the directory gives this product and whom it lists in no group that gives it: guests, mostly, which the
 * directory does not say, and a user search that ends at its limit does not show (FACTS §0.3). Whom a listing of the
 * site itself has told about is left out, so that a search that shows everybody leaves nobody. Who was a guest by the
 * last answer is asked for again whatever the directory says now. One call answers as many as a page of the directory.
 */
async function listPossibleGuests(tx: Tx, { siteId }: MergeContext): Promise<string[]> {
  const rows = await tx.query<{ batch: string }>(sql`
    with giving as materialized (${groupsBringingAccess(sql`${siteId}`)}),
    given as materialized (
      select distinct e.account_source_id as source_id from directory_edges e join giving on giving.group_id = e.group_id
    ), possible as (
      select a.source_id, (row_number() over (order by a.source_id) - 1) / ${BATCH_IDS}::integer as batch
        from directory d
        join accounts a on a.site_id = ${siteId} and a.source_id = d.source_id
        join account_versions held on held.site_id = a.site_id and held.account_id = a.id and held.valid_to is null
       where coalesce(held.origins ->> 'isGuest', 'users-bulk') = 'users-bulk'
         and (held.is_guest
              or (d.has_product and d.status = 'active' and d.is_suspended is not true
                  and not exists (select from given where given.source_id = d.source_id)))
    )
    select string_agg(source_id, ' ' order by source_id) as batch from possible group by batch order by batch
  `);
  return rows.map((row) => row.batch);
}

/** Each newly seen instant of use is also kept as an event: the directory tells only the last one. */
async function mergeViews(tx: Tx, context: MergeContext, views: EvidenceWindow): Promise<void> {
  const { siteId, observedAt } = context;
  await tx.execute(sql`
    insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
    select ${siteId}, 'organization', d.source_id || '@' || (extract(epoch from d.last_active_at) * 1000)::bigint, a.id,
           'view', 'used Confluence', d.last_active_at, ${observedAt}
      from directory d
      join accounts a on a.site_id = ${siteId} and a.source_id = d.source_id
     where d.has_product and d.last_active_at is not null
       and not exists (
             select from activity_events e
              where e.site_id = ${siteId} and e.source = 'organization'
                and e.event_id = d.source_id || '@' || (extract(epoch from d.last_active_at) * 1000)::bigint)
  `);
  await advanceEvidence(
    tx,
    siteId,
    views,
    sql`select a.id as account_id, d.last_active_at as last_at
          from directory d
          join accounts a on a.site_id = ${siteId} and a.source_id = d.source_id
         where d.has_product`,
  );
  await noteUntold(
    tx,
    context,
    views,
    sql`select a.id as account_id
          from directory d
          join accounts a on a.site_id = ${siteId} and a.source_id = d.source_id
         where d.has_product`,
  );
  await saveEvidenceWindow(tx, siteId, views);
}
