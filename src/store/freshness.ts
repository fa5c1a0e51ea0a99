import type { ListingKind, RunScope } from "../model/runs.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** The listings that each kind of page rests on; a kind that a site never read says nothing. */
export const ROSTER_KINDS: readonly ListingKind[] = [
  "accounts",
  "groups",
  "product-access",
  "memberships",
  "group-nestings",
];
export const ACTIVITY_KINDS: readonly ListingKind[] = ["content-activity", "organization-accounts", "audit-activity"];
export const PERMISSION_KINDS: readonly ListingKind[] = [
  "spaces",
  "space-permissions",
  "space-roles",
  "role-assignments",
];

/** A delta run reads these to their end, or not at all. */
const LISTED_WHOLE_BY_DELTA: readonly ListingKind[] = [
  "groups",
  "product-access",
  "spaces",
  "space-roles",
  "audit-activity",
];

/**
 * Notes which kinds of listing a run read to their end. A run of the license part alone reads only some memberships, so
 * it says nothing about memberships as a whole, and a delta run of nothing but what it lists whole; the directory of the
 * organization tells all of them at once, but for groups that are then read one by one. What a site's former model of rights left is no longer waited for.
 */
export async function saveFreshness(
  tx: Tx,
  { siteId, runId, scope, observedAt }: { siteId: string; runId: string; scope: RunScope; observedAt: Date },
): Promise<void> {
  await tx.execute(sql`
    with complete as (
      select kind
        from (select kind, state
                from listings
               where run_id = ${runId} and not (${scope} = 'license' and kind = 'memberships')
                 and (${scope} <> 'delta' or kind = any (${LISTED_WHOLE_BY_DELTA as string[]}))
               union all
              select 'memberships', state
                from listings
               where run_id = ${runId} and kind = 'organization-accounts' and state = 'complete') as read
       group by kind
      having bool_and(state = 'complete')),
    known as (
      insert into site_known_since (site_id, kind, since)
      select ${siteId}, kind, ${observedAt}
        from complete
          on conflict (site_id, kind) do nothing)
    insert into site_freshness (site_id, kind, as_of)
    select ${siteId}, kind, ${observedAt}
      from complete
        on conflict (site_id, kind) do update
       set as_of = greatest(site_freshness.as_of, excluded.as_of)
  `);
  if (scope === "delta") return;
  // Gone is the model that a run passed over while it read the other, once nothing of it holds in spaces that are seen. An
  // audit log that may not be read any more is not waited for either: activity goes on without it.
  await tx.execute(sql`
    with read as (select distinct kind from listings where run_id = ${runId}),
         seen as (select s.id from spaces s
                   where s.site_id = ${siteId}
                     and not exists (select 1 from unseen u
                                      where u.site_id = s.site_id and u.kind = 'spaces' and u.subject = s.id))
    delete from site_freshness
     where site_id = ${siteId}
       and (kind = 'audit-activity'
            and exists (select 1 from listings where run_id = ${runId} and kind = 'audit-activity' and state = 'not-allowed')
            or kind = 'space-permissions'
            and 'role-assignments' in (select kind from read) and kind not in (select kind from read)
            and not exists (select 1
                              from space_permissions p
                             where p.site_id = ${siteId} and p.valid_to is null and p.space_id in (select id from seen))
            or kind in ('space-roles', 'role-assignments')
               and 'space-permissions' in (select kind from read) and 'role-assignments' not in (select kind from read)
               and not exists (select 1
                                 from role_assignments a
                                where a.site_id = ${siteId} and a.valid_to is null
                                  and a.space_id in (select id from seen)))
  `);
}

/** The oldest observation of these kinds, over one site or all of them; null while nothing was read. */
export async function findDataAsOf(
  reader: Reader,
  kinds: readonly ListingKind[],
  siteIds: readonly string[] | null = null,
): Promise<Date | null> {
  const [row] = await reader.query<{ asOf: Date | null }>(sql`
    select min(as_of) as "asOf"
      from site_freshness
     where kind = any (${kinds as string[]}) and (${siteIds}::text[] is null or site_id = any (${siteIds}::text[]))
  `);
  return row?.asOf ?? null;
}
