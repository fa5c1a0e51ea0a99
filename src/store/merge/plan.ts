import type { Reader } from "../database.ts";
import { rawSql, sql } from "../sql.ts";
import type { MergeContext } from "./incoming.ts";

/** Groups whose members are to be read, by source id: those seen by this run, the largest as known first. */
export async function listGroupsToRead(reader: Reader, siteId: string, runId: string): Promise<string[]> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    select g.source_id as "sourceId"
      from groups g
      join group_versions held on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null
      left join (select group_id, count(*) as members
                   from memberships
                  where site_id = ${siteId} and valid_to is null
                  group by group_id) known on known.group_id = g.id
     where g.site_id = ${siteId}
       and not exists (select from unseen u
                        where u.site_id = g.site_id and u.kind = 'groups' and u.subject = g.id and u.run_id = ${runId})
     order by known.members desc nulls last, g.source_id
  `);
  return rows.map((row) => row.sourceId);
}

/** Groups that decide who holds a seat: those the source names, those a person added, and the groups within them. */
export async function listSeatGroupsToRead(reader: Reader, siteId: string): Promise<string[]> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    with giving as (
      select group_id from product_access where site_id = ${siteId} and valid_to is null
       union
      select group_id from product_access_decisions where site_id = ${siteId} and state = 'added'
    )
    select g.source_id as "sourceId"
      from groups g
     where g.site_id = ${siteId}
       and g.id in (select group_id from giving
                     union
                    select within.member_group_id
                      from group_closure within
                     where within.site_id = ${siteId} and within.valid_to is null
                       and within.group_id in (select group_id from giving))
     order by g.source_id
  `);
  return rows.map((row) => row.sourceId);
}

/** Spaces whose rights are to be read, by source id: those seen by this run. */
export async function listSpacesToRead(reader: Reader, siteId: string, runId: string): Promise<string[]> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    select s.source_id as "sourceId"
      from spaces s
      join space_versions held on held.site_id = s.site_id and held.space_id = s.id and held.valid_to is null
     where s.site_id = ${siteId}
       and not exists (select from unseen u
                        where u.site_id = s.site_id and u.kind = 'spaces' and u.subject = s.id and u.run_id = ${runId})
     order by s.source_id
  `);
  return rows.map((row) => row.sourceId);
}

/** Accounts a call by id answers at once. */
export const BATCH_IDS = 100;

/** Of the version `held` of an account at `site`, also where there is none. */
const IS_NOT_LISTED = rawSql(`
  (site.source <> 'confluence-data-center' or held.origins ->> 'status' is distinct from 'user-search')
`);

/**
 * Accounts to be asked for by id, in batches of 100 separated by blanks: those that hold now and whose status no
 * directory gives, and those that were named but never described. What a listing of this run asks already is left out,
 * and so is whose status the list of accounts gives on Data Center: it tells it of everybody, and by id it takes a request each.
 */
export async function listAccountBatchesToRead(
  reader: Reader,
  { siteId, runId, isDirectoryLost = false }: MergeContext,
): Promise<string[]> {
  const rows = await reader.query<{ batch: string }>(sql`
    with asked as materialized (
      select unnest(string_to_array(scope, ' ')) as source_id
        from listings
       where run_id = ${runId} and kind = 'account-statuses'
    ), left_over as (
      select a.source_id, (row_number() over (order by a.source_id) - 1) / ${BATCH_IDS}::integer as batch
        from accounts a
        join sites site on site.id = a.site_id
        left join account_versions held
          on held.site_id = a.site_id and held.account_id = a.id and held.valid_to is null
       where a.site_id = ${siteId} and ${IS_NOT_LISTED}
         and (${isDirectoryLost} or held.origins ->> 'status' is distinct from 'organization')
         and (held.account_id is not null
              or not exists (select from account_versions v where v.site_id = a.site_id and v.account_id = a.id))
         and not exists (select from asked where asked.source_id = a.source_id)
    )
    select string_agg(source_id, ' ' order by source_id) as batch from left_over group by batch order by batch
  `);
  return rows.map((row) => row.batch);
}

/**
 * Accounts to be asked for by id, in batches as above: these, and those that this run saw for the first time. What a
 * listing of this run asks already is left out, and whom the list of accounts has just told on Data Center.
 */
export async function listBatchesToAsk(
  reader: Reader,
  { siteId, runId, observedAt }: MergeContext,
  sourceIds: readonly string[],
): Promise<string[]> {
  const rows = await reader.query<{ batch: string }>(sql`
    with asked as materialized (
      select unnest(string_to_array(scope, ' ')) as source_id
        from listings
       where run_id = ${runId} and kind = 'account-statuses'
    ), wanted as (
      select unnest(${sourceIds}::text[]) as source_id
       union
      select a.source_id
        from accounts a
        join sites site on site.id = a.site_id
        left join account_versions held
          on held.site_id = a.site_id and held.account_id = a.id and held.valid_to is null
       where a.site_id = ${siteId} and a.first_seen_at = ${observedAt} and ${IS_NOT_LISTED}
    ), numbered as (
      select w.source_id, (row_number() over (order by w.source_id) - 1) / ${BATCH_IDS}::integer as batch
        from wanted w
       where not exists (select from asked where asked.source_id = w.source_id)
    )
    select string_agg(source_id, ' ' order by source_id) as batch from numbered group by batch order by batch
  `);
  return rows.map((row) => row.batch);
}

/** Groups, by source id, that held nothing before this run saw them. */
export async function listNewGroups(reader: Reader, { siteId, observedAt }: MergeContext): Promise<string[]> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    select g.source_id as "sourceId"
      from groups g
      join group_versions held
        on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null and held.valid_from = ${observedAt}
     where g.site_id = ${siteId}
       and not exists (select from group_versions before
                        where before.site_id = g.site_id and before.group_id = g.id and before.valid_to = ${observedAt})
     order by g.source_id
  `);
  return rows.map((row) => row.sourceId);
}

/** Spaces, by source id, that held nothing before this run saw them. */
export async function listNewSpaces(reader: Reader, { siteId, observedAt }: MergeContext): Promise<string[]> {
  const rows = await reader.query<{ sourceId: string }>(sql`
    select s.source_id as "sourceId"
      from spaces s
      join space_versions held
        on held.site_id = s.site_id and held.space_id = s.id and held.valid_to is null and held.valid_from = ${observedAt}
     where s.site_id = ${siteId}
       and not exists (select from space_versions before
                        where before.site_id = s.site_id and before.space_id = s.id and before.valid_to = ${observedAt})
     order by s.source_id
  `);
  return rows.map((row) => row.sourceId);
}
