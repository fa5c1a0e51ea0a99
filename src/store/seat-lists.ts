import type { Edition } from "../model/connections.ts";
import type { AccountClass, EvidenceKind, SeatStatus } from "../model/facts.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { countByValue, type Facet, withSiteNames } from "./facets.ts";
import { exclusionConditions, type ExclusionFilter } from "./exclusions/of-account.ts";
import { amongKnown, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { searches } from "./people.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";
import { isSiteOf } from "./sites-of-connection.ts";

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
  /** Of sites that it reaches. */
  connectionId?: string | null;
  personId: string | null;
  statuses: readonly SeatStatus[] | null;
  search: string | null;
  exclusion?: ExclusionFilter;
}

export type SeatSort = "name" | "since" | "lastActivityAt" | "endedAt";

export function seatList(filters: SeatFilters, past: Past | null = null): ListSource<SeatRow, SeatRow, SeatSort> {
  const conditions = joinSql(conditionsOf(filters, past), " and ");
  const isCurrent = filters.state === "current" && past === null;
  const seats = past !== null ? seatsAt(past.at) : isCurrent ? CURRENT_SEATS : ALL_SEATS;
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

/** How many seats are held now with each value of the filters, the others as they are. */
export async function listSeatFacets(reader: Reader, filters: Omit<SeatFilters, "state">): Promise<Facet[]> {
  const count = (name: string, column: Sql, rest: Omit<SeatFilters, "state">) => {
    const conditions = joinSql(conditionsOf({ ...rest, state: "current" }, null), " and ");
    return countByValue(reader, name, { column, from: CURRENT_SEATS, conditions });
  };
  const [sites, statuses] = await Promise.all([
    count("siteId", sql`seat.site_id`, { ...filters, siteId: null }),
    count("status", sql`s.seat_status`, { ...filters, statuses: null }),
  ]);
  return [await withSiteNames(reader, sites), statuses];
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
 cross join (select null::text as display_name, null::text as email, null::text collate "C" as sort_key) v`;

/** An ended seat has no summary any more; its holder's last known name stands in the history. */
const ALL_SEATS = sql`
  seats seat
  join sites site on site.id = seat.site_id
  join accounts a on a.site_id = seat.site_id and a.id = seat.account_id
  left join account_summaries s
    on s.site_id = seat.site_id and s.account_id = seat.account_id and s.seat_id = seat.id
  left join lateral (select o.display_name, o.email, o.sort_key
                       from account_versions o
                      where seat.ended_at is not null and o.site_id = seat.site_id and o.account_id = seat.account_id
                      order by o.valid_from desc
                      limit 1) v on true`;

/**
 * Seats as they stood: one that began later is not there, and one that ended later had not ended. Its edition may have
 * been another one, and its price; neither has a history. Names are those of the day, or the last before it.
 */
function seatsAt(at: Date): Sql {
  return sql`
  (select r.id, r.site_id, r.account_id, null::text as edition, r.since, r.since_origin, r.started_at,
          case when r.ended_at <= ${at} then r.ended_at end as ended_at,
          case when r.ended_at <= ${at} then r.end_reason end as end_reason
     from seats r
    where r.started_at <= ${at}) as seat
  join sites site on site.id = seat.site_id
  join accounts a on a.site_id = seat.site_id and a.id = seat.account_id
  left join lateral (select o.display_name, o.email, o.sort_key
                       from account_versions o
                      where o.site_id = seat.site_id and o.account_id = seat.account_id and o.valid_from <= ${at}
                      order by o.valid_from desc
                      limit 1) v on true
  left join ${accountSummaries(at)} s
    on s.site_id = seat.site_id and s.account_id = seat.account_id and s.seat_id = seat.id`;
}

function conditionsOf(filters: SeatFilters, past: Past | null): Sql[] {
  const { state, siteId, connectionId, personId, statuses, search, exclusion } = filters;
  const conditions = [amongKnown(sql`seat.site_id`, past)];
  if (state === "current" && past !== null) conditions.push(sql`seat.ended_at is null`);
  if (state === "ended") conditions.push(sql`seat.ended_at is not null`);
  if (siteId) conditions.push(sql`seat.site_id = ${siteId}`);
  if (connectionId) conditions.push(isSiteOf(sql`seat.site_id`, connectionId));
  if (personId) conditions.push(sql`a.person_id = ${personId}`);
  if (statuses) conditions.push(sql`s.seat_status = any (${statuses as string[]})`);
  // What has ended is left out of nothing.
  if (exclusion && state !== "current") conditions.push(sql`seat.ended_at is null`);
  conditions.push(...exclusionConditions(rawSql("seat"), exclusion));
  if (search)
    conditions.push(searches(sql`coalesce(s.search_text, lower(concat_ws(' ', v.display_name, v.email)))`, search));
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
