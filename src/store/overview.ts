import type { Edition } from "../model/connections.ts";
import type { AccountClass, EvidenceKind, EvidenceSource, GroupManagement, SeatStatus } from "../model/facts.ts";
import type { ListingKind } from "../model/runs.ts";
import { productAccessGroups } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import { isCountedSite } from "./sample/counted-sites.ts";
import { accountsByClass, membersOf, seatsByEvidence, seatsByStatus } from "./site-counts.ts";
import { rawSql, sql } from "./sql.ts";

export interface SiteOverviewRow {
  siteId: string;
  site: string;
  edition: Edition | null;
  mode: "observe" | "act";
  health: string;
  /** As of when seats and statuses were computed; null before the first run. */
  asOf: Date | null;
  /** The oldest observation of anything that the site's connections are to read. */
  dataAsOf: Date | null;
  staleAfterHours: number;
  seats: Record<SeatStatus, number>;
  accounts: Record<AccountClass, number>;
  /** Seats with evidence of each kind, and its source. */
  evidence: { kind: EvidenceKind; source: EvidenceSource; knownSince: Date | null; knownUntil: Date; seats: number }[];
  productAccessGroups: {
    groupId: string;
    name: string;
    members: number;
    isConfirmed: boolean;
    /** Null where nothing that was read tells it. */
    managedBy: GroupManagement | null;
  }[];
}

/** One row per site of a connection that is not archived; of the sample company only while there is nothing else. */
export async function listSiteOverviews(reader: Reader): Promise<SiteOverviewRow[]> {
  return reader.query<SiteOverviewRow>(sql`
    select s.id as "siteId", s.name as site, s.edition, s.mode, s.health, sum.as_of as "asOf",
           (select min(f.as_of)
              from site_freshness f
             where f.site_id = s.id
               and (f.kind in ('accounts', 'groups', 'product-access', 'memberships', 'group-nestings')
                    or (f.kind = 'content-activity' and 'activity' = any (c.capabilities))
                    or (f.kind in ('spaces', 'space-permissions', 'role-assignments')
                        and 'permissions' = any (c.capabilities)))) as "dataAsOf",
           c.stale_after_hours as "staleAfterHours",
           coalesce(sum.counts -> 'seats', ${seatsByStatus(sql`s.id`)}) as seats,
           coalesce(sum.counts -> 'accounts', ${accountsByClass(sql`s.id`)}) as accounts,
           coalesce((select jsonb_agg(jsonb_build_object('kind', w.kind, 'source', w.source, 'knownSince', w.known_since,
                                                         'knownUntil', w.known_until,
                                                         'seats', coalesce(counted.seats -> w.kind -> w.source, '0'))
                                     order by w.kind, w.source)
                       from evidence_windows w
                      where w.site_id = s.id), '[]'::jsonb) as evidence,
           coalesce((select jsonb_agg(jsonb_build_object('groupId', g.id, 'name', coalesce(v.name, g.source_id),
                                                         'members', m.members,
                                                         'isConfirmed', d.state is not null,
                                                         'managedBy', v.managed_by)
                                      order by m.members desc, g.id)
                       from groups g
                       left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
                       left join product_access_decisions d on d.site_id = g.site_id and d.group_id = g.id
                      cross join lateral (select coalesce((sum.counts -> 'members' -> g.id)::bigint,
                                                          (${membersOf(rawSql("g.site_id"), rawSql("g.id"))})) as members) as m
                      where g.site_id = s.id
                        and g.id in (select group_id from (${productAccessGroups(sql`s.id`)}) as giving)),
                    '[]'::jsonb) as "productAccessGroups"
      from sites s
      left join site_summaries sum on sum.site_id = s.id
     cross join lateral (select coalesce(sum.counts -> 'evidence', ${seatsByEvidence(sql`s.id`)}) as seats) as counted
      join lateral (select coalesce((select array_agg(held.capability)
                                       from site_capabilities held
                                      where held.site_id = s.id and held.connection_id is not null),
                                    c.capabilities) as capabilities,
                           (c.settings ->> 'staleAfterHours')::integer as stale_after_hours
                      from connection_sites cs
                      join connections c on c.id = cs.connection_id
                     where cs.site_id = s.id and c.state <> 'archived'
                     order by c.state <> 'published',
                              c.id is distinct from (select held.connection_id
                                                       from site_capabilities held
                                                      where held.site_id = s.id and held.capability = 'roster'),
                              c.created_at, c.id
                     limit 1) as c on true
     where ${isCountedSite("s")}
     order by s.name, s.id
  `);
}

/** People with at least one seat on any site. */
export async function countSeatHolders(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ people: number }>(sql`
    select count(*) as people
      from person_summaries p
     where p.seats_count > 0
       and (not exists (select from sites s where not ${isCountedSite("s")})
            or exists (select
                         from accounts a
                         join sites s on s.id = a.site_id
                        where a.person_id = p.person_id and ${isCountedSite("s")}))
  `);
  return row?.people ?? 0;
}

export interface NotSeenRow {
  siteId: string;
  kind: ListingKind;
  state: "failed" | "not-allowed";
  listings: number;
  code: string | null;
  message: string | null;
  fix: string | null;
}

/** What the last ended run of each site could not read, and why; one row per kind and reason. */
export async function listNotSeen(reader: Reader): Promise<NotSeenRow[]> {
  return reader.query<NotSeenRow>(sql`
    select last_run.site_id as "siteId", l.kind, l.state, count(*) as listings, l.error ->> 'code' as code,
           min(l.error ->> 'message') as message, min(l.error ->> 'fix') as fix
      from (select distinct on (site_id) id, site_id
              from runs
             where state in ('succeeded', 'partial', 'failed', 'held') and observed_at is not null and scope = 'full'
             order by site_id, requested_at desc) as last_run
      join listings l on l.run_id = last_run.id and l.state in ('failed', 'not-allowed')
     group by last_run.site_id, l.kind, l.state, l.error ->> 'code'
     order by last_run.site_id, l.kind, l.state
  `);
}
