import type { Executor } from "../model/plans.ts";
import type { Capability, Connection, Health, Probe, Site, SiteMode, SourceKind } from "../model/connections.ts";
import { groupsWithin } from "./access-sql.ts";
import type { Reader, Tx } from "./database.ts";
import { editionSql } from "./editions/settle.ts";
import type { ListSource } from "./paging.ts";
import { rawSql, sql } from "./sql.ts";

/** A connection that reaches a site. */
export type SiteConnection = Pick<Connection, "id" | "name" | "state" | "capabilities">;

/** Which connection reads a capability of a site; one does, however many reach the site. */
export interface ReadCapability {
  capability: Capability;
  /** Null: a person decided that nobody reads it. */
  connectionId: string | null;
  connectionName: string | null;
  /** False where the connection is paused or archived, or no longer of the site, and no other one could take over. */
  isServed: boolean;
  /** A person chose it; else it was the first that could. */
  isChosen: boolean;
}

/** A site with the connections that reach it, the one that was added first in front. */
export interface ConnectedSite extends Site {
  connections: SiteConnection[];
  readBy: ReadCapability[];
  /** How its seats are taken and given. */
  executor: Executor;
}

/** What a run of a site would cost, and on what that rests. */
export interface SavedForecast {
  requests: number;
  points: number;
  /** `last-sync`: on what is known of the site; `assumed`: on a site of 10,000 accounts and 2,000 spaces. */
  basis: "last-sync" | "assumed";
  verdict: string;
  at: Date;
}

/** What one listing of a site is read with: of several credentials the least that serves it. */
export interface ServedListing {
  listing: string;
  capability: Capability;
  credentialId: string;
}

/** A site as one connection has it. */
export interface SiteOfConnection extends Site {
  probes: Probe[];
  /** As the last check found; empty before the first. */
  servedBy: ServedListing[];
  readBy: ReadCapability[];
  /** How its seats are taken and given. */
  executor: Executor;
  forecast: SavedForecast | null;
  validatedAt: Date | null;
  addedAt: Date;
}

const COLUMNS = rawSql(`
  s.id, s.source, s.source_key as "sourceKey", s.base_url as "baseUrl", s.name, s.organization_id as "organizationId",
  s.edition, s.edition_identifier as "editionIdentifier", s.mode, s.role_mode as "roleMode", s.health,
  s.health_detail as "healthDetail", s.last_synced_at as "lastSyncedAt"`);

const CONNECTIONS = rawSql(`
  (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'state', c.state,
                                                'capabilities', c.capabilities) order by x.added_at, c.id), '[]')
     from connection_sites x
     join connections c on c.id = x.connection_id
    where x.site_id = s.id and c.state <> 'archived') as connections`);

const READ_BY = rawSql(`
  (select coalesce(jsonb_agg(jsonb_build_object(
            'capability', held.capability, 'connectionId', held.connection_id, 'connectionName', by.name,
            'isServed', coalesce(by.state = 'published' and held.capability = any (by.capabilities)
                                 and exists (select 1
                                               from connection_sites own
                                              where own.connection_id = by.id and own.site_id = s.id), false),
            'isChosen', held.chosen_by is not null)
            order by array_position(array['roster', 'activity', 'permissions', 'reclaim', 'provision'], held.capability)),
            '[]')
     from site_capabilities held
     left join connections by on by.id = held.connection_id
    where held.site_id = s.id) as "readBy",
  coalesce((select chosen.executor from site_executors chosen where chosen.site_id = s.id), 'group-memberships')
    as executor`);

export async function findSite(reader: Reader, id: string): Promise<ConnectedSite | null> {
  const rows = await reader.query<ConnectedSite>(sql`
    select ${COLUMNS}, ${CONNECTIONS}, ${READ_BY}
      from sites s
     where s.id = ${id}
  `);
  return rows[0] ?? null;
}

/** Waits for, then holds, the site until the transaction ends. */
export async function lockSite(tx: Tx, id: string): Promise<Site | null> {
  const rows = await tx.query<Site>(sql`
    select ${COLUMNS}
      from sites s
     where s.id = ${id}
       for update
  `);
  return rows[0] ?? null;
}

async function findSiteByKey(reader: Reader, source: SourceKind, sourceKey: string): Promise<Site | null> {
  const rows = await reader.query<Site>(sql`
    select ${COLUMNS}
      from sites s
     where s.source = ${source}
       and s.source_key = ${sourceKey}
  `);
  return rows[0] ?? null;
}

export type SiteSort = "name" | "lastSyncedAt";

export interface SiteFilters {
  connectionId: string | null;
  health: readonly Health[] | null;
  mode: SiteMode | null;
}

export function siteList(filters: SiteFilters): ListSource<ConnectedSite, ConnectedSite, SiteSort> {
  const matching = sql`
         (${filters.connectionId}::text is null or exists (select 1
                                                             from connection_sites x
                                                            where x.site_id = s.id
                                                              and x.connection_id = ${filters.connectionId}::text))
     and (${filters.health}::text[] is null or s.health = any (${filters.health}::text[]))
     and (${filters.mode}::text is null or s.mode = ${filters.mode}::text)`;
  return {
    sorts: {
      name: { by: rawSql(`lower(s.name) collate "C"`), type: "text" },
      lastSyncedAt: { by: rawSql("s.last_synced_at"), type: "timestamptz", isNullable: true },
    },
    tie: { by: rawSql("s.id"), type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${CONNECTIONS}, ${READ_BY}, ${page.keys}
        from sites s
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from sites s where ${matching}`,
  };
}

/** In the order in which they were added. */
export async function listSitesOfConnection(reader: Reader, connectionId: string): Promise<SiteOfConnection[]> {
  const rows = await reader.query<StoredSiteOfConnection>(sql`
    select ${COLUMNS}, ${READ_BY}, x.probes, x.served_by as "servedBy", x.forecast, x.validated_at as "validatedAt", x.added_at as "addedAt"
      from connection_sites x
      join sites s on s.id = x.site_id
     where x.connection_id = ${connectionId}
     order by x.added_at, s.id
  `);
  return rows.map(({ probes, forecast, ...site }) => ({
    ...site,
    probes: probes.map((probe) => ({ ...probe, checkedAt: new Date(probe.checkedAt) })),
    forecast: forecast && { ...forecast, at: new Date(forecast.at) },
  }));
}

/** As stored: instants inside jsonb are ISO text. */
type StoredSiteOfConnection = Omit<SiteOfConnection, "probes" | "forecast"> & {
  probes: (Omit<Probe, "checkedAt"> & { checkedAt: string })[];
  forecast: (Omit<SavedForecast, "at"> & { at: string }) | null;
};

/**
 * Makes the site known and the connection's; one that is known already is joined, never copied. `isNew` tells whether
 * Usher saw it for the first time, `isJoined` whether this connection did.
 */
export async function joinSite(
  tx: Tx,
  join: { connectionId: string; source: SourceKind; sourceKey: string; baseUrl: string; name: string; at: Date },
): Promise<{ siteId: string; isNew: boolean; isJoined: boolean }> {
  const made = await tx.query<{ id: string }>(sql`
    insert into sites (source, source_key, base_url, name, created_at)
    values (${join.source}, ${join.sourceKey}, ${join.baseUrl}, ${join.name}, ${join.at})
        on conflict (source, source_key) do nothing
    returning id
  `);
  const siteId = made[0]?.id ?? (await findSiteByKey(tx, join.source, join.sourceKey))?.id;
  if (!siteId) throw new Error("A site that exists could not be found by its key.");
  const joined = await tx.execute(sql`
    insert into connection_sites (connection_id, site_id, added_at)
    values (${join.connectionId}, ${siteId}, ${join.at})
        on conflict do nothing
  `);
  return { siteId, isNew: made.length > 0, isJoined: joined > 0 };
}

/** The site stays, with its facts and history; this connection no longer reaches it. */
export function leaveSite(tx: Tx, connectionId: string, siteId: string): Promise<number> {
  return tx.execute(sql`
    delete from connection_sites
     where connection_id = ${connectionId}
       and site_id = ${siteId}
  `);
}

/** Replaces the probes of one capability; those of the others stay. */
export async function saveProbes(
  tx: Tx,
  target: { connectionId: string; siteId: string; capability: Capability },
  probes: readonly Probe[],
): Promise<void> {
  await tx.execute(sql`
    update connection_sites
       set probes = (select coalesce(jsonb_agg(each), '[]')
                       from jsonb_array_elements(probes) as each
                      where each ->> 'capability' <> ${target.capability}) || ${JSON.stringify(probes)}::jsonb
     where connection_id = ${target.connectionId}
       and site_id = ${target.siteId}
  `);
}

/** Replaces the one probe of this name, or adds it. */
export async function saveProbeNamed(
  tx: Tx,
  target: { connectionId: string; siteId: string },
  probe: Probe,
): Promise<void> {
  await tx.execute(sql`
    update connection_sites
       set probes = (select coalesce(jsonb_agg(each), '[]')
                       from jsonb_array_elements(probes) as each
                      where each ->> 'name' <> ${probe.name}) || ${JSON.stringify([probe])}::jsonb
     where connection_id = ${target.connectionId}
       and site_id = ${target.siteId}
  `);
}

/** What a whole check found; it replaces the probes that were saved as they came. */
export async function saveSiteChecked(
  tx: Tx,
  checked: {
    connectionId: string;
    siteId: string;
    probes: readonly Probe[];
    servedBy: readonly ServedListing[];
    forecast: SavedForecast | null;
    isValid: boolean;
    at: Date;
  },
): Promise<void> {
  await tx.execute(sql`
    update connection_sites
       set probes = ${JSON.stringify(checked.probes)}, served_by = ${JSON.stringify(checked.servedBy)},
           forecast = ${checked.forecast && JSON.stringify(checked.forecast)},
           validated_at = ${checked.isValid ? checked.at : null}
     where connection_id = ${checked.connectionId}
       and site_id = ${checked.siteId}
  `);
}

/** What the source told of the site; null leaves what is known. Which edition it is follows from its identifier. */
export async function saveSiteDescription(
  tx: Tx,
  siteId: string,
  seen:
    | Partial<Pick<Site, "name" | "baseUrl" | "organizationId" | "edition" | "editionIdentifier" | "roleMode">>
    | {
        [Field in "name" | "baseUrl" | "organizationId" | "edition" | "editionIdentifier" | "roleMode"]:
          | Site[Field]
          | null;
      },
): Promise<void> {
  const edition = editionSql({
    source: rawSql("source"),
    identifier: sql`${seen.editionIdentifier ?? null}::text`,
    told: sql`${seen.edition ?? null}::text`,
  });
  await tx.execute(sql`
    update sites
       set name = coalesce(${seen.name ?? null}, name),
           base_url = coalesce(${seen.baseUrl ?? null}, base_url),
           organization_id = coalesce(${seen.organizationId ?? null}, organization_id),
           edition = coalesce(${edition}, edition),
           edition_identifier = coalesce(${seen.editionIdentifier ?? null}, edition_identifier),
           role_mode = coalesce(${seen.roleMode ?? null}, role_mode)
     where id = ${siteId}
  `);
}

/** What works on the site. A run that is under way keeps it "syncing" until it ends, whoever else (`by`) looked. */
export async function saveSiteHealth(
  tx: Tx,
  siteId: string,
  health: Health,
  detail: Site["healthDetail"],
  by: "run" | "check" = "check",
): Promise<void> {
  await tx.execute(sql`
    update sites
       set health = ${health}, health_detail = ${detail && JSON.stringify(detail)}
     where id = ${siteId}
       and (${by} = 'run' or health <> 'syncing' or not exists (select 1
                                                                  from runs
                                                                 where runs.site_id = sites.id
                                                                   and runs.state = 'running'))
  `);
}

export async function saveSiteMode(tx: Tx, siteId: string, mode: SiteMode): Promise<void> {
  await tx.execute(sql`
    update sites
       set mode = ${mode}, revision = revision + 1
     where id = ${siteId}
  `);
}

/** What the last sync left known of a site's size; null before the first. */
export async function findSiteSizes(reader: Reader, siteId: string): Promise<SiteSizesKnown | null> {
  const [row] = await reader.query<SiteSizesKnown & { wasSynced: boolean }>(sql`
    with given as (
      select distinct within.member_group_id as group_id
        from product_access p
        join (${groupsWithin(sql`${siteId}`)}) as within on within.group_id = p.group_id
       where p.site_id = ${siteId} and p.valid_to is null
    )
    select (select last_synced_at is not null from sites where id = ${siteId}) as "wasSynced",
           (select count(*) from account_versions where site_id = ${siteId} and valid_to is null) as accounts,
           (select count(*) from group_versions where site_id = ${siteId} and valid_to is null) as groups,
           (select count(*) from memberships where site_id = ${siteId} and valid_to is null) as memberships,
           (select count(*) from given) as "productAccessGroups",
           (select count(*)
              from memberships m
              join given g on g.group_id = m.group_id
             where m.site_id = ${siteId} and m.valid_to is null) as "productAccessMemberships",
           (select count(*) from space_versions where site_id = ${siteId} and valid_to is null) as spaces,
           (select coalesce(sum(jsonb_array_length(operations)), 0)
              from space_permissions
             where site_id = ${siteId} and valid_to is null)
           + (select count(*)
                from role_assignments
               where site_id = ${siteId} and valid_to is null) as "permissionRows",
           (select count(*)
              from activity_events
             where site_id = ${siteId} and source = 'content-search') as "contentItems",
           (select coalesce(max(l.rows), 0)
              from runs r
              join listings l on l.run_id = r.id and l.key = 'audit-activity' and l.state = 'complete'
             where r.site_id = ${siteId}) as "auditRecords"
  `);
  if (!row?.wasSynced) return null;
  const { wasSynced: _, ...sizes } = row;
  return sizes;
}

export interface SiteSizesKnown {
  accounts: number;
  groups: number;
  memberships: number;
  productAccessGroups: number;
  productAccessMemberships: number;
  spaces: number;
  permissionRows: number;
  contentItems: number;
  /** Of the run that read most of the log: the first one, or one after its beginning was moved back. */
  auditRecords: number;
}
