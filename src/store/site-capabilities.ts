import type { Capability, ConnectionState, Site } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Who reads one capability of a site. */
export interface SiteCapability {
  siteId: string;
  capability: Capability;
  /** Null: a person decided that nobody reads it. */
  connectionId: string | null;
  connectionName: string | null;
  /** Published, still of the site, and the capability is on. */
  isServed: boolean;
  /** The operator who chose it; null: the first connection that could. */
  chosenBy: string | null;
  since: Date;
}

/** A published connection of the site on which the capability is on; the one that was added first in front. */
const OFFERS = sql`
  select x.site_id, offered.capability, x.connection_id, x.added_at,
         -- Tried on this site: something of it worked, and nothing of it failed.
         exists (select 1
                   from jsonb_array_elements(x.probes) as probe
                  where probe ->> 'capability' = offered.capability
                    and probe ->> 'outcome' in ('passed', 'warning'))
         and not exists (select 1
                           from jsonb_array_elements(x.probes) as probe
                          where probe ->> 'capability' = offered.capability
                            and probe ->> 'outcome' = 'failed') as is_proved
    from connection_sites x
    join connections c on c.id = x.connection_id
   cross join unnest(c.capabilities) as offered(capability)
   where c.state = 'published'
`;

/** Of these sites, in the usual order of capabilities. */
export function listSiteCapabilities(reader: Reader, siteIds: readonly string[]): Promise<SiteCapability[]> {
  return reader.query<SiteCapability>(sql`
    select r.site_id as "siteId", r.capability, r.connection_id as "connectionId", c.name as "connectionName",
           exists (select 1
                     from (${OFFERS}) offer
                    where offer.site_id = r.site_id
                      and offer.capability = r.capability
                      and offer.connection_id = r.connection_id) as "isServed",
           r.chosen_by as "chosenBy", r.since
      from site_capabilities r
      left join connections c on c.id = r.connection_id
     where r.site_id = any (${siteIds})
     order by r.site_id, array_position(array['roster', 'activity', 'permissions', 'reclaim', 'provision'], r.capability)
  `);
}

/**
 * Gives each capability of the site to one connection: whoever has it keeps it while it can read it; else, and where the
 * first holder's checks failed and another one's passed, the first that passed takes over. A person's choice only ends
 * with what was chosen. The site is held by the caller. Answers the capabilities that changed hands.
 */
export async function settleSiteCapabilities(tx: Tx, siteId: string, at: Date): Promise<Capability[]> {
  const taken = await tx.query<{ capability: Capability }>(sql`
    with offers as (${OFFERS}),
         best as (
           select distinct on (capability) site_id, capability, connection_id, is_proved
             from offers
            where site_id = ${siteId}
            order by capability, is_proved desc, added_at, connection_id
         )
    insert into site_capabilities as held (site_id, capability, connection_id, since)
    select site_id, capability, connection_id, ${at}
      from best
        on conflict (site_id, capability) do update
       set connection_id = excluded.connection_id, chosen_by = null, since = excluded.since
     where held.connection_id is not null
       and held.connection_id <> excluded.connection_id
       and (not exists (select 1
                          from offers own
                         where own.site_id = held.site_id
                           and own.capability = held.capability
                           and own.connection_id = held.connection_id)
            or held.chosen_by is null
           and exists (select 1
                         from best
                        where best.capability = held.capability
                          and best.is_proved)
           and not exists (select 1
                             from offers own
                            where own.site_id = held.site_id
                              and own.capability = held.capability
                              and own.connection_id = held.connection_id
                              and own.is_proved))
    returning capability
  `);
  await forgetSwitchedOff(tx, siteId);
  return taken.map((each) => each.capability);
}

/** What a published connection no longer does by its owners' wish is no loss: its results stay, and nothing misses it. */
async function forgetSwitchedOff(tx: Tx, siteId: string): Promise<void> {
  await tx.execute(sql`
    delete from site_capabilities held
     using connections c, connection_sites x
     where held.site_id = ${siteId}
       and c.id = held.connection_id
       and x.connection_id = c.id
       and x.site_id = held.site_id
       and c.state = 'published'
       and held.capability <> all (c.capabilities)
  `);
}

/** A capability that was read and that nobody reads any more, while others of the site still are. */
export interface LostCapability {
  capability: Capability;
  /** Seen for the first time just now. */
  isNew: boolean;
}

/**
 * Notes what nobody reads any more, and forgets what somebody does again (`regained`). A site that nothing is read of,
 * because its only connection is paused, has lost nothing by that: what is known of it grows old as a whole.
 */
export async function noteLostCapabilities(
  tx: Tx,
  siteId: string,
  at: Date,
): Promise<{ lost: LostCapability[]; regained: Capability[] }> {
  const rows = await tx.query<{ capability: Capability; isServed: boolean; wasLost: boolean }>(sql`
    select held.capability, held.lost_at is not null as "wasLost",
           exists (select 1
                     from (${OFFERS}) offer
                    where offer.site_id = held.site_id
                      and offer.capability = held.capability
                      and offer.connection_id = held.connection_id) as "isServed"
      from site_capabilities held
     where held.site_id = ${siteId}
       and held.connection_id is not null
  `);
  const isRead = rows.some((each) => each.isServed);
  const missing = isRead ? rows.filter((each) => !each.isServed) : [];
  const names = missing.map((each) => each.capability);
  await tx.execute(sql`
    update site_capabilities
       set lost_at = case when capability = any (${names}::text[]) then coalesce(lost_at, ${at}) end
     where site_id = ${siteId}
  `);
  return {
    lost: missing.map(({ capability, wasLost }) => ({ capability, isNew: !wasLost })),
    regained: rows.filter((each) => each.wasLost && each.isServed).map((each) => each.capability),
  };
}

/** The words for a site of which nobody reads a capability any more; null while all that was read still is. */
export async function findLostDetail(reader: Reader, siteId: string): Promise<Site["healthDetail"]> {
  const [row] = await reader.query<{ capability: Capability; name: string; state: ConnectionState }>(sql`
    select held.capability, c.name, c.state
      from site_capabilities held
      join connections c on c.id = held.connection_id
     where held.site_id = ${siteId}
       and held.lost_at is not null
     order by array_position(array['roster', 'activity', 'permissions', 'reclaim', 'provision'], held.capability)
     limit 1
  `);
  if (!row) return null;
  const { capability, name, state } = row;
  const fix =
    state === "paused"
      ? `Resume "${name}", or switch ${capability} on in another connection of the site.`
      : `Switch ${capability} on in another connection of the site, or say that nobody shall read it.`;
  const why = state === "paused" ? "is paused" : state === "archived" ? "was archived" : "no longer reads the site";
  return { capability, reason: `Nobody reads ${capability} of this site any more: "${name}", which did, ${why}.`, fix };
}

/** The published connection that reads the roster of the site, on which everything else rests; null where none does. */
export async function findLeadConnection(reader: Reader, siteId: string): Promise<string | null> {
  const [row] = await reader.query<{ connectionId: string }>(sql`
    select held.connection_id as "connectionId"
      from site_capabilities held
      join (${OFFERS}) offer
        on offer.site_id = held.site_id
       and offer.capability = held.capability
       and offer.connection_id = held.connection_id
     where held.site_id = ${siteId}
       and held.capability = 'roster'
  `);
  return row?.connectionId ?? null;
}

/** A person's choice; `connectionId` null: nobody reads it. */
export async function chooseSiteCapability(
  tx: Tx,
  choice: { siteId: string; capability: Capability; connectionId: string | null; chosenBy: string; at: Date },
): Promise<void> {
  const { siteId, capability, connectionId, chosenBy, at } = choice;
  await tx.execute(sql`
    insert into site_capabilities (site_id, capability, connection_id, chosen_by, since)
    values (${siteId}, ${capability}, ${connectionId}, ${chosenBy}, ${at})
        on conflict (site_id, capability) do update
       set connection_id = excluded.connection_id, chosen_by = excluded.chosen_by, since = excluded.since, lost_at = null
  `);
}
