import type { Edition } from "../model/connections.ts";
import type { AccountClass, EvidenceKind, GroupManagement, ProductAccess, SeatStatus } from "../model/facts.ts";
import { productAccessGroups } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { searches } from "./people.ts";
import { joinSql, sql, type Sql } from "./sql.ts";

export interface SeatRow {
  seatId: string;
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  email: string | null;
  edition: Edition | null;
  /** Null once the seat has ended. */
  status: SeatStatus | null;
  since: Date;
  sinceOrigin: "organization" | "first-seen";
  endedAt: Date | null;
  endReason: AccountClass | "account-gone" | null;
  lastActivityAt: Date | null;
  lastActivityKind: EvidenceKind | null;
  lastActivity: string | null;
  costPerMonthMinor: number | null;
  currency: string | null;
}

export interface SeatFilters {
  /** `current` seats are held now; `ended` ones were. */
  state: "current" | "ended" | "all";
  siteId: string | null;
  personId: string | null;
  statuses: readonly SeatStatus[] | null;
  search: string | null;
}

export type SeatSort = "name" | "since" | "lastActivityAt" | "endedAt";

export function seatList(filters: SeatFilters): ListSource<SeatRow, SeatRow, SeatSort> {
  const conditions = joinSql(conditionsOf(filters), " and ");
  const isCurrent = filters.state === "current";
  const seats = isCurrent ? CURRENT_SEATS : ALL_SEATS;
  return {
    sorts: {
      name: isCurrent
        ? { by: sql`s.sort_key`, type: "text" }
        : { by: sql`coalesce(s.sort_key, v.sort_key)`, type: "text", isNullable: true },
      since: { by: sql`seat.since`, type: "timestamptz" },
      lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
      endedAt: { by: sql`seat.ended_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`seat.id`, type: "text" },
    select: (page) => sql`
      select ${SEAT_COLUMNS}, ${page.keys}
        from ${seats}
       where ${conditions} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${seats} where ${conditions}`,
  };
}

const SEAT_COLUMNS = sql`
  seat.id as "seatId", seat.site_id as "siteId", site.name as site, seat.account_id as "accountId",
  a.person_id as "personId", coalesce(s.display_name, v.display_name, a.source_id) as name, s.email, seat.edition,
  s.seat_status as status, seat.since, seat.since_origin as "sinceOrigin", seat.ended_at as "endedAt",
  seat.end_reason as "endReason", s.last_activity_at as "lastActivityAt", s.last_activity_kind as "lastActivityKind",
  s.last_activity_summary as "lastActivity", s.price_minor as "costPerMonthMinor", s.price_currency as currency`;

/**
 * Every seat held now has a summary, so that the summary's order and filters can lead. Joined by the seat alone: with
 * site and account as well, the planner would expect one row and sort all of them.
 */
const CURRENT_SEATS = sql`
  account_summaries s
  join seats seat on seat.id = s.seat_id
  join sites site on site.id = seat.site_id
  join accounts a on a.id = seat.account_id
 cross join (select null::text as display_name, null::text collate "C" as sort_key) v`;

/** An ended seat has no summary any more; its holder's last known name stands in the history. */
const ALL_SEATS = sql`
  seats seat
  join sites site on site.id = seat.site_id
  join accounts a on a.site_id = seat.site_id and a.id = seat.account_id
  left join account_summaries s
    on s.site_id = seat.site_id and s.account_id = seat.account_id and s.seat_id = seat.id
  left join lateral (select o.display_name, o.sort_key
                       from account_versions o
                      where seat.ended_at is not null and o.site_id = seat.site_id and o.account_id = seat.account_id
                      order by o.valid_from desc
                      limit 1) v on true`;

function conditionsOf({ state, siteId, personId, statuses, search }: SeatFilters): Sql[] {
  const conditions = [sql`true`];
  if (state === "ended") conditions.push(sql`seat.ended_at is not null`);
  if (siteId) conditions.push(sql`seat.site_id = ${siteId}`);
  if (personId) conditions.push(sql`a.person_id = ${personId}`);
  if (statuses) conditions.push(sql`s.seat_status = any (${statuses as string[]})`);
  if (search) conditions.push(searches(sql`coalesce(s.search_text, lower(v.display_name))`, search));
  return conditions;
}

export async function findSeat(reader: Reader, seatId: string): Promise<SeatRow | null> {
  const rows = await reader.query<SeatRow>(sql`
    select ${SEAT_COLUMNS}
      from ${ALL_SEATS}
     where seat.id = ${seatId}
  `);
  return rows[0] ?? null;
}

/** Most seats shown of one person: each is one that began and perhaps ended. */
const SEATS_MAX = 200;

/** Every seat that a person holds or held, newest first. */
export async function listSeatsOfPerson(reader: Reader, personId: string): Promise<SeatRow[]> {
  return reader.query<SeatRow>(sql`
    select ${SEAT_COLUMNS}
      from ${ALL_SEATS}
     where a.person_id = ${personId}
     order by seat.started_at desc, seat.id
     limit ${SEATS_MAX}
  `);
}

/** One reason why an account has a seat, and what would go with it. */
export interface SeatPath {
  accountId: string;
  groupId: string;
  group: string;
  access: ProductAccess;
  managedBy: GroupManagement | null;
  /** Spaces that the group opens besides the seat: what its members would lose with it. */
  opensSpaces: number;
}

/** The groups that give these accounts their seat, by name. */
export async function listSeatPaths(
  reader: Reader,
  siteId: string,
  accountIds: readonly string[],
): Promise<SeatPath[]> {
  return reader.query<SeatPath>(sql`
    with giving as (${productAccessGroups(sql`${siteId}`)}),
    described as (
      select g.id, coalesce(v.name, g.source_id) as name, v.managed_by, giving.is_admin,
             (select count(distinct r.space_id)
                from (select p.space_id
                        from space_permissions p
                       where p.site_id = ${siteId} and p.principal_type = 'group' and p.principal_id = g.source_id
                         and p.valid_to is null
                       union all
                      select r.space_id
                        from role_assignments r
                       where r.site_id = ${siteId} and r.principal_type = 'group' and r.principal_id = g.source_id
                         and r.valid_to is null) as r) as opens_spaces
        from giving
        join groups g on g.site_id = ${siteId} and g.id = giving.group_id
        left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null)
    select m.account_id as "accountId", d.id as "groupId", d.name as "group",
           case when d.is_admin then 'admin' else 'user' end as access, d.managed_by as "managedBy",
           d.opens_spaces as "opensSpaces"
      from memberships m
      join described d on d.id = m.group_id
     where m.site_id = ${siteId} and m.account_id = any (${accountIds as string[]}) and m.valid_to is null
     order by m.account_id, d.name
  `);
}
