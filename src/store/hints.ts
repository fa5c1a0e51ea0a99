import type { AuditChange, AuditObject } from "../model/facts.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

/** What the audit log said to a run, while its pages are kept: each kind of change to the same things once. */
export async function listHints(
  reader: Reader,
  runId: string,
  listingKey: string,
): Promise<{ change: AuditChange; objects: AuditObject[] }[]> {
  return reader.query(sql`
    select distinct data ->> 'change' as change, data -> 'objects' as objects
      from staged_rows
     where run_id = ${runId} and listing_key = ${listingKey} and data ->> 'change' <> 'other'
  `);
}

/** Which of the things of a site are meant: by id, or by a name that they have or once had. */
export interface Named {
  siteId: string;
  sourceIds: readonly string[];
  names: readonly string[];
}

/** Groups that hold now. */
export async function listNamedGroups(
  reader: Reader,
  { siteId, sourceIds, names }: Named,
): Promise<{ sourceId: string; names: string[]; members: number }[]> {
  return reader.query(sql`
    select g.source_id as "sourceId", array_agg(distinct v.name) as names,
           (select count(*) from memberships m
             where m.site_id = g.site_id and m.group_id = g.id and m.valid_to is null) as members
      from groups g
      join group_versions v on v.site_id = g.site_id and v.group_id = g.id
     where g.site_id = ${siteId} and (g.source_id = any(${sourceIds}) or v.name = any(${names}))
       and exists (select from group_versions held
                    where held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null)
     group by g.site_id, g.id, g.source_id
  `);
}

/** Spaces that hold now; a key counts as a name. */
export async function listNamedSpaces(
  reader: Reader,
  { siteId, sourceIds, names }: Named,
): Promise<{ sourceId: string; key: string; names: string[] }[]> {
  return reader.query(sql`
    select s.source_id as "sourceId", min(v.key) as key, array_agg(distinct v.name) as names
      from spaces s
      join space_versions v on v.site_id = s.site_id and v.space_id = s.id
     where s.site_id = ${siteId}
       and (s.source_id = any(${sourceIds}) or v.name = any(${names}) or v.key = any(${names}) or v.key = any(${sourceIds}))
       and exists (select from space_versions held
                    where held.site_id = s.site_id and held.space_id = s.id and held.valid_to is null)
     group by s.source_id
  `);
}

/** Accounts of the site, present and past. */
export async function listNamedAccounts(
  reader: Reader,
  { siteId, sourceIds, names }: Named,
): Promise<{ sourceId: string; names: string[] }[]> {
  return reader.query(sql`
    select a.source_id as "sourceId", array_agg(distinct v.display_name) as names
      from accounts a
      join account_versions v on v.site_id = a.site_id and v.account_id = a.id
     where a.site_id = ${siteId} and (a.source_id = any(${sourceIds}) or v.display_name = any(${names}))
     group by a.source_id
  `);
}

/** Whether the organization's directory tells anybody's status, which outranks what is asked for by id. */
export async function isDirectoryTold(reader: Reader, siteId: string): Promise<boolean> {
  const [row] = await reader.query<{ isTold: boolean }>(sql`
    select exists (select from account_versions
                    where site_id = ${siteId} and valid_to is null and origins ->> 'status' = 'organization') as "isTold"
  `);
  return row?.isTold ?? false;
}
