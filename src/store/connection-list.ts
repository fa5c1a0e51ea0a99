import type { ConnectionState, Health, Site, SiteMode, SourceKind } from "../model/connections.ts";
import { REFRESH_SITE } from "./connection-jobs.ts";
import { CONNECTION_COLUMNS, type ConnectionRow, type OwnedConnection, toConnection } from "./connections.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

export type ConnectionSort = "name" | "createdAt" | "lastSyncedAt";

export interface ConnectionFilters {
  states: readonly ConnectionState[] | null;
  healths: readonly Health[] | null;
  /** Of at least one of its sites. */
  mode: SiteMode | null;
  source: SourceKind | null;
  /** E-mails of which each is an owner's; none lets everything through. */
  owners: readonly string[];
  siteId: string | null;
  /** A part of its name, or of the name or address of a site of it, whatever its case. */
  text: string | null;
}

export type ListedSite = Pick<Site, "id" | "name" | "baseUrl" | "mode" | "health" | "healthDetail" | "lastSyncedAt"> & {
  /** The run that is queued or under way. */
  runId: string | null;
};

/** What the sites of a connection say of it as a whole. */
interface Summary {
  health: Health;
  lastSyncedAt: Date | null;
  people: number;
  seats: number;
  coverage: { listings: number; complete: number; notAllowed: number; failed: number } | null;
  credentialExpiresAt: Date | null;
  hasPendingRevision: boolean;
  wantedSites: number;
  /** Schedules by which its sites are read. */
  crons: string[];
}

/** A connection as lists show it: with its sites, each of which may be in another state. */
export interface ListedConnection extends OwnedConnection, Summary {
  sites: ListedSite[];
}

/** Instants inside jsonb are ISO text. */
export type ListedRow = ConnectionRow &
  Summary & { sites: (Omit<ListedSite, "lastSyncedAt"> & { lastSyncedAt: string | null })[] };

const SITES = rawSql(`
  (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'baseUrl', s.base_url, 'mode', s.mode,
                                                'health', s.health, 'healthDetail', s.health_detail,
                                                'lastSyncedAt', s.last_synced_at, 'runId', r.id)
                             order by x.added_at, s.id), '[]')
     from connection_sites x
     join sites s on s.id = x.site_id
     left join runs r on r.site_id = s.id and r.state in ('queued', 'running')
    where x.connection_id = c.id) as sites`);

/** The site that most needs somebody comes first. */
const HEALTH = rawSql(`
  coalesce((select s.health
              from connection_sites x
              join sites s on s.id = x.site_id
             where x.connection_id = c.id
             order by array_position(array['needs-reauthorization', 'degraded', 'syncing', 'not-connected', 'connected'],
                                     s.health)
             limit 1), 'not-connected')`);

const LAST_SYNCED_AT = rawSql(`
  (select case when count(*) = count(s.last_synced_at) then min(s.last_synced_at) end
     from connection_sites x
     join sites s on s.id = x.site_id
    where x.connection_id = c.id)`);

const SUMMARY = sql`
  ${HEALTH} as health, ${LAST_SYNCED_AT} as "lastSyncedAt",
  (select count(distinct a.person_id)
     from account_summaries a
    where a.site_id in (select site_id from connection_sites where connection_id = c.id)) as people,
  (select count(a.seat_id)
     from account_summaries a
    where a.site_id in (select site_id from connection_sites where connection_id = c.id)) as seats,
  (select case when count(*) > 0 then
            jsonb_build_object('listings', count(*), 'complete', count(*) filter (where l.state = 'complete'),
                               'notAllowed', count(*) filter (where l.state = 'not-allowed'),
                               'failed', count(*) filter (where l.state not in ('complete', 'not-allowed'))) end
     from connection_sites x
    cross join lateral (select r.id
                          from runs r
                         where r.site_id = x.site_id and r.scope = 'full' and r.finished_at is not null
                         order by r.requested_at desc
                         limit 1) as newest
     join listings l on l.run_id = newest.id
    where x.connection_id = c.id) as coverage,
  (select min(k.expires_at)
     from credentials k
    where k.connection_id = c.id and k.state <> 'replaced' and k.revision_id is null and k.retired_at is null) as "credentialExpiresAt",
  exists (select 1
            from connection_revisions v
           where v.connection_id = c.id and v.state not in ('applied', 'discarded')) as "hasPendingRevision",
  (select count(*) from wanted_sites w where w.connection_id = c.id) as "wantedSites",
  array(select j.cron
          from jobs j
         where j.kind = ${REFRESH_SITE} and j.enabled
           and j.site_id in (select site_id from connection_sites where connection_id = c.id)) as crons
`;

export function connectionList(
  filters: ConnectionFilters,
): Omit<ListSource<ListedRow, ListedConnection, ConnectionSort>, "toItems"> {
  const matching = sql`
         (${filters.states}::text[] is null or c.state = any (${filters.states}::text[]))
     and (${filters.healths}::text[] is null or ${HEALTH} = any (${filters.healths}::text[]))
     and (${filters.source}::text is null or c.source = ${filters.source}::text)
     and ${filters.owners}::text[] <@ array(select lower(o.email) from connection_owners o where o.connection_id = c.id)
     and (${filters.mode}::text is null and ${filters.siteId}::text is null
          or exists (select 1
                       from connection_sites x
                       join sites s on s.id = x.site_id
                      where x.connection_id = c.id
                        and (${filters.mode}::text is null or s.mode = ${filters.mode}::text)
                        and (${filters.siteId}::text is null or s.id = ${filters.siteId}::text)))
     and (${filters.text}::text is null
          or strpos(lower(c.name), lower(${filters.text}::text)) > 0
          or exists (select 1
                       from connection_sites x
                       join sites s on s.id = x.site_id
                      where x.connection_id = c.id
                        and strpos(lower(s.name || ' ' || s.base_url), lower(${filters.text}::text)) > 0))`;
  return {
    sorts: {
      name: { by: rawSql(`lower(c.name) collate "C"`), type: "text" },
      createdAt: { by: rawSql("c.created_at"), type: "timestamptz" },
      lastSyncedAt: { by: LAST_SYNCED_AT, type: "timestamptz", isNullable: true },
    },
    tie: { by: rawSql("c.id"), type: "text" },
    select: (page) => sql`
      select ${CONNECTION_COLUMNS}, ${SITES}, ${SUMMARY}, ${page.keys}
        from connections c
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from connections c where ${matching}`,
  };
}

export function toListed(row: ListedRow): ListedConnection {
  const sites = row.sites.map((site) => ({
    ...site,
    lastSyncedAt: site.lastSyncedAt === null ? null : new Date(site.lastSyncedAt),
  }));
  return { ...row, ...toConnection(row), sites };
}
