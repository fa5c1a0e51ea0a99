import type { Day } from "../lib/day.ts";
import type { ActivityPart, ActivityType, EvidenceSource } from "../model/facts.ts";
import type { Reader } from "./database.ts";
import { countByValue, type Facet, withSiteNames } from "./facets.ts";
import type { ListSource } from "./paging.ts";
import { joinSql, type Sql, sql } from "./sql.ts";

export interface ActivityRow {
  /** Unique within site and source for ever. */
  eventId: string;
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  /** What the account had to do with it: it did it, or it was done to it. */
  part: ActivityPart;
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
  parts: readonly ActivityPart[] | null;
  spaceKey: string | null;
  since: Date | null;
  before: Date | null;
}

/**
 * What accounts did and what was done to them, as far as it was seen; one row for each account of an event. The two tables
 * are read side by side, each by its own index in the order of the list: the tie of either is what its index holds.
 */
export function activityList(filters: ActivityFilters): ListSource<ActivityRow, ActivityRow, "occurredAt"> {
  const matching = conditionsOf(filters);
  return {
    sorts: { occurredAt: { by: sql`e.occurred_at`, type: "timestamptz" } },
    tie: { by: sql`e.tie`, type: "text" },
    select: (page) => sql`
      select e.event_id as "eventId", e.site_id as "siteId", site.name as site, e.account_id as "accountId",
             a.person_id as "personId", coalesce(s.display_name, a.source_id) as name, e.part, e.summary, e.type,
             e.occurred_at as "occurredAt", e.source, e.space_key as "spaceKey", site.base_url || e.path as url,
             ${page.keys}
        from (${EVENTS}) e
        join sites site on site.id = e.site_id
        join accounts a on a.site_id = e.site_id and a.id = e.account_id
        left join account_summaries s on s.site_id = e.site_id and s.account_id = e.account_id
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from (${EVENTS}) e where ${matching}`,
  };
}

function conditionsOf(filters: ActivityFilters): Sql {
  const { siteId, personId, accountId, types, sources, parts, spaceKey, since, before } = filters;
  const conditions = [sql`true`];
  if (siteId) conditions.push(sql`e.site_id = ${siteId}`);
  if (accountId) conditions.push(sql`e.account_id = ${accountId}`);
  if (personId) conditions.push(sql`e.account_id in (select id from accounts where person_id = ${personId})`);
  if (types) conditions.push(sql`e.type = any (${types as string[]})`);
  if (sources) conditions.push(sql`e.source = any (${sources as string[]})`);
  if (parts) conditions.push(sql`e.part = any (${parts as string[]})`);
  if (spaceKey) conditions.push(sql`e.space_key = ${spaceKey}`);
  if (since) conditions.push(sql`e.occurred_at >= ${since}`);
  if (before) conditions.push(sql`e.occurred_at < ${before}`);
  return joinSql(conditions, " and ");
}

const EVENTS = sql`
  select site_id, source, event_id, account_id, 'author' as part, type, summary, occurred_at, space_key, path,
         (source || '/' || event_id || '/' || site_id) collate "C" as tie
    from activity_events
   union all
  select site_id, source, event_id, account_id, 'concerned' as part, type, summary, occurred_at, null, null,
         (source || '/' || event_id || '/' || site_id || '/' || account_id) collate "C" as tie
    from activity_event_subjects`;

export interface ActivityDay {
  day: Day;
  events: number;
}

/** Events by day in UTC, with the filters of the list; days without any are left out. Both bounds should be given. */
export async function countActivityDays(reader: Reader, filters: ActivityFilters): Promise<ActivityDay[]> {
  return reader.query<ActivityDay>(sql`
    select (e.occurred_at at time zone 'UTC')::date::text as day, count(*) as events
      from (${EVENTS}) e
     where ${conditionsOf(filters)}
     group by 1
     order by 1
  `);
}

/** How many events there are with each value of the filters, the others as they are. */
export async function listActivityFacets(reader: Reader, filters: ActivityFilters): Promise<Facet[]> {
  const count = (name: string, column: Sql, rest: ActivityFilters) =>
    countByValue(reader, name, { column, from: sql`(${EVENTS}) e`, conditions: conditionsOf(rest) });
  const [sites, ...others] = await Promise.all([
    count("siteId", sql`e.site_id`, { ...filters, siteId: null }),
    count("type", sql`e.type`, { ...filters, types: null }),
    count("source", sql`e.source`, { ...filters, sources: null }),
    count("part", sql`e.part`, { ...filters, parts: null }),
  ]);
  return [await withSiteNames(reader, sites), ...others];
}

export interface SpaceUse {
  siteId: string;
  key: string;
  /** In the last 90 days before. */
  edits90d: number;
  lastActivityAt: Date | null;
}

/** What was seen of spaces until an instant; those of one page, each looked up by its key. */
export async function listSpaceUse(
  reader: Reader,
  spaces: readonly { siteId: string; key: string }[],
  until: Date,
): Promise<SpaceUse[]> {
  const since = new Date(until.getTime() - 90 * 86_400_000);
  return reader.query<SpaceUse>(sql`
    select space.site_id as "siteId", space.key, recent.edits as "edits90d", newest.at as "lastActivityAt"
      from unnest(${spaces.map(({ siteId }) => siteId)}::text[],
                  ${spaces.map(({ key }) => key)}::text[]) as space (site_id, key)
     cross join lateral (
           select count(*) as edits
             from activity_events e
            where e.site_id = space.site_id and e.space_key = space.key and e.occurred_at > ${since}
              and e.occurred_at <= ${until} and e.type in ('page', 'blogpost', 'comment', 'attachment')) as recent
      left join lateral (
           select e.occurred_at as at
             from activity_events e
            where e.site_id = space.site_id and e.space_key = space.key and e.occurred_at <= ${until}
            order by e.occurred_at desc
            limit 1) as newest on true
  `);
}
