import type { ActivityType, EvidenceSource } from "../model/facts.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, sql } from "./sql.ts";

export interface ActivityRow {
  /** Unique within site and source for ever. */
  eventId: string;
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  summary: string;
  type: ActivityType;
  occurredAt: Date;
  source: EvidenceSource;
  spaceKey: string | null;
  /** Where the object is, for a link; null where the source does not tell. */
  url: string | null;
}

export interface ActivityFilters {
  siteId: string | null;
  personId: string | null;
  accountId: string | null;
  types: readonly ActivityType[] | null;
  sources: readonly EvidenceSource[] | null;
  spaceKey: string | null;
  since: Date | null;
  before: Date | null;
}

/** What accounts did, as far as it was seen. */
export function activityList(filters: ActivityFilters): ListSource<ActivityRow, ActivityRow, "occurredAt"> {
  const { siteId, personId, accountId, types, sources, spaceKey, since, before } = filters;
  const conditions = [sql`true`];
  if (siteId) conditions.push(sql`e.site_id = ${siteId}`);
  if (accountId) conditions.push(sql`e.account_id = ${accountId}`);
  if (personId) conditions.push(sql`e.account_id in (select id from accounts where person_id = ${personId})`);
  if (types) conditions.push(sql`e.type = any (${types as string[]})`);
  if (sources) conditions.push(sql`e.source = any (${sources as string[]})`);
  if (spaceKey) conditions.push(sql`e.space_key = ${spaceKey}`);
  if (since) conditions.push(sql`e.occurred_at >= ${since}`);
  if (before) conditions.push(sql`e.occurred_at < ${before}`);
  const matching = joinSql(conditions, " and ");
  return {
    sorts: { occurredAt: { by: sql`e.occurred_at`, type: "timestamptz" } },
    tie: { by: sql`(e.source || '/' || e.event_id || '/' || e.site_id) collate "C"`, type: "text" },
    select: (page) => sql`
      select e.event_id as "eventId", e.site_id as "siteId", site.name as site, e.account_id as "accountId",
             a.person_id as "personId", coalesce(s.display_name, a.source_id) as name, e.summary, e.type,
             e.occurred_at as "occurredAt", e.source, e.space_key as "spaceKey", site.base_url || e.path as url,
             ${page.keys}
        from activity_events e
        join sites site on site.id = e.site_id
        join accounts a on a.site_id = e.site_id and a.id = e.account_id
        left join account_summaries s on s.site_id = e.site_id and s.account_id = e.account_id
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from activity_events e where ${matching}`,
  };
}
