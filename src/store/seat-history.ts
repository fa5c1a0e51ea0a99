import type { Edition, SourceKind } from "../model/connections.ts";
import type { AccountClass, ProductAccess } from "../model/facts.ts";
import type { Reader } from "./database.ts";
import { sql, type Sql } from "./sql.ts";

/** One seat that was ever held. Instants are those of the runs that saw it, but for `since`. */
export interface PastSeat {
  seatId: string;
  siteId: string;
  site: string;
  source: SourceKind;
  accountId: string;
  /** As the account is called, or was called last. */
  name: string;
  /** Since when the person has it; `first-seen`: no source tells, it was there when Usher first looked. */
  since: Date;
  sinceOrigin: "organization" | "first-seen";
  startedAt: Date;
  endedAt: Date | null;
  endReason: AccountClass | "account-gone" | null;
  /** When it ended, or now. */
  edition: Edition | null;
  /** What the site called its edition while the seat was held, in order. */
  editions: { edition: Edition; identifier: string; from: Date; to: Date | null }[];
}

/** A group that gave a seat, and from when to when the account was in it and the group gave the product. */
export interface PastPath {
  seatId: string;
  groupId: string;
  group: string;
  /** The group that the account was a direct member of: the same, or one nested in it. */
  memberGroupId: string;
  memberGroup: string;
  access: ProductAccess;
  from: Date;
  to: Date | null;
}

/** Most seats told of one person or account, the newest first: each is one that began and perhaps ended. */
export const PAST_SEATS_MAX = 500;

export type WhoseSeats = { personId: string } | { accountId: string };

function ofWhom(whose: WhoseSeats): Sql {
  return "personId" in whose ? sql`a.person_id = ${whose.personId}` : sql`a.id = ${whose.accountId}`;
}

/** Every seat that a person or an account holds or held, newest first. */
export async function listPastSeats(reader: Reader, whose: WhoseSeats): Promise<PastSeat[]> {
  const rows = await reader.query<StoredSeat>(sql`
    select seat.id as "seatId", seat.site_id as "siteId", site.name as site, site.source, seat.account_id as "accountId",
           coalesce(v.display_name, a.source_id) as name, seat.since, seat.since_origin as "sinceOrigin",
           seat.started_at as "startedAt", seat.ended_at as "endedAt", seat.end_reason as "endReason", seat.edition,
           (select coalesce(jsonb_agg(jsonb_build_object(
                              'edition', coalesce(i.edition, 'unrecognized'), 'identifier', e.identifier,
                              'from', greatest(e.valid_from, seat.started_at),
                              'to', least(e.valid_to, seat.ended_at)) order by e.valid_from), '[]')
              from site_edition_versions e
              left join edition_identifiers i
                on i.source = site.source and lower(i.identifier) = lower(e.identifier)
             where e.site_id = seat.site_id and (e.valid_to is null or e.valid_to > seat.started_at)
               and (seat.ended_at is null or e.valid_from < seat.ended_at)) as editions
      from accounts a
      join seats seat on seat.site_id = a.site_id and seat.account_id = a.id
      join sites site on site.id = seat.site_id
      left join lateral (select o.display_name
                           from account_versions o
                          where o.site_id = a.site_id and o.account_id = a.id
                          order by o.valid_from desc
                          limit 1) v on true
     where ${ofWhom(whose)}
     order by seat.started_at desc, seat.id
     limit ${PAST_SEATS_MAX}
  `);
  return rows.map((row) => ({
    ...row,
    editions: row.editions.map((each) => ({
      ...each,
      from: new Date(each.from),
      to: each.to === null ? null : new Date(each.to),
    })),
  }));
}

/** As stored: instants inside jsonb are ISO text. */
type StoredSeat = Omit<PastSeat, "editions"> & {
  editions: { edition: Edition; identifier: string; from: string; to: string | null }[];
};

/**
 * Through which groups each of these seats was held: memberships, nesting and what the group gave, each as far as it
 * overlapped the seat. Every membership of its own has a row, so that leaving and coming back shows.
 */
export async function listPastPaths(reader: Reader, seatIds: readonly string[]): Promise<PastPath[]> {
  if (seatIds.length === 0) return [];
  return reader.query<PastPath>(sql`
    with held as (
      select id, site_id, account_id, started_at, coalesce(ended_at, 'infinity') as ended_at
        from seats
       where id = any (${seatIds as string[]})),
    found as (
      select held.id as seat_id, gives.group_id, m.group_id as member_group_id, m.valid_from as joined_at,
             bool_or(gives.is_admin) as is_admin,
             min(greatest(held.started_at, m.valid_from, within.valid_from, gives.valid_from)) as since,
             max(least(held.ended_at, coalesce(m.valid_to, 'infinity'), within.valid_to, gives.valid_to)) as until
        from held
        join memberships m on m.site_id = held.site_id and m.account_id = held.account_id
       cross join lateral (select m.group_id, '-infinity'::timestamptz as valid_from, 'infinity'::timestamptz as valid_to
                            union all
                           select c.group_id, c.valid_from, coalesce(c.valid_to, 'infinity')
                             from group_closure c
                            where c.site_id = m.site_id and c.member_group_id = m.group_id) as within
       cross join lateral (select p.group_id, p.access = 'admin' as is_admin, p.valid_from,
                                  coalesce(p.valid_to, 'infinity') as valid_to
                             from product_access p
                            where p.site_id = m.site_id and p.group_id = within.group_id
                            union all
                           select d.group_id, false, d.valid_from, coalesce(d.valid_to, 'infinity')
                             from product_access_decision_versions d
                            where d.site_id = m.site_id and d.group_id = within.group_id and d.state = 'added') as gives
       where greatest(held.started_at, m.valid_from, within.valid_from, gives.valid_from)
             < least(held.ended_at, coalesce(m.valid_to, 'infinity'), within.valid_to, gives.valid_to)
       group by held.id, held.site_id, gives.group_id, m.group_id, m.valid_from)
    select f.seat_id as "seatId", f.group_id as "groupId", outer_group.name as "group",
           f.member_group_id as "memberGroupId", member_group.name as "memberGroup",
           case when f.is_admin then 'admin' else 'user' end as access, f.since as "from",
           nullif(f.until, 'infinity') as "to"
      from found f
     cross join lateral (${nameOfGroup(sql`f.group_id`, sql`f.until`)}) as outer_group
     cross join lateral (${nameOfGroup(sql`f.member_group_id`, sql`f.until`)}) as member_group
     order by f.seat_id, f.since, outer_group.name, f.group_id, f.member_group_id
  `);
}

/** As a group was called then, or is called now; by its id at the source where no name was ever read. */
function nameOfGroup(groupId: Sql, until: Sql): Sql {
  return sql`
    select coalesce((select v.name
                       from group_versions v
                      where v.site_id = g.site_id and v.group_id = g.id and v.valid_from < ${until}
                      order by v.valid_from desc
                      limit 1), g.source_id) as name
      from groups g
     where g.id = ${groupId}`;
}

/** Whether there is such an account, and how it is or was called. */
export async function findAccountName(
  reader: Reader,
  accountId: string,
): Promise<{ siteId: string; personId: string; name: string } | null> {
  const rows = await reader.query<{ siteId: string; personId: string; name: string }>(sql`
    select a.site_id as "siteId", a.person_id as "personId",
           coalesce((select v.display_name
                       from account_versions v
                      where v.site_id = a.site_id and v.account_id = a.id
                      order by v.valid_from desc
                      limit 1), a.source_id) as name
      from accounts a
     where a.id = ${accountId}
  `);
  return rows[0] ?? null;
}
