import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

/**
 * The most seats that were held at once at these sites from an instant up to another, by what began and ended between;
 * `heldNow` is what is held at the later one.
 */
export async function findPeak(
  reader: Reader,
  siteIds: readonly string[],
  { since, until, heldNow }: { since: Date; until: Date; heldNow: number },
): Promise<number> {
  const [row] = await reader.query<{ rise: number; highest: number }>(sql`
    with changes as (
      select at, sum(seats) as seats
        from (select started_at as at, 1 as seats
                from seats
               where site_id = any (${siteIds as string[]}) and started_at > ${since} and started_at <= ${until}
               union all
              select ended_at, -1
                from seats
               where site_id = any (${siteIds as string[]}) and ended_at > ${since} and ended_at <= ${until}) each
       group by at),
    running as (select sum(seats) over (order by at) as seats from changes)
    select (select coalesce(sum(seats), 0)::bigint from changes) as rise,
           (select greatest(coalesce(max(seats), 0), 0)::bigint from running) as highest
  `);
  return heldNow - (row?.rise ?? 0) + (row?.highest ?? 0);
}

/** Seats held at an instant. */
export async function countSeatsAt(reader: Reader, siteIds: readonly string[], at: Date): Promise<number> {
  const [row] = await reader.query<{ seats: number }>(sql`
    select count(*) as seats
      from seats
     where site_id = any (${siteIds as string[]}) and started_at <= ${at} and (ended_at is null or ended_at > ${at})
  `);
  return row?.seats ?? 0;
}

export interface DayChange {
  day: string;
  /** Seats held at the end of the day more than at its begin. */
  net: number;
  /** The most held at once within the day, more than at its begin. */
  highest: number;
}

/** How many seats came and went, by day in UTC, oldest first; days without any are left out. */
export async function listDayChanges(
  reader: Reader,
  siteIds: readonly string[],
  { since, until }: { since: Date; until: Date },
): Promise<DayChange[]> {
  return reader.query<DayChange>(sql`
    with changes as (
      select at, sum(seats) as seats
        from (select started_at as at, 1 as seats
                from seats
               where site_id = any (${siteIds as string[]}) and started_at > ${since} and started_at <= ${until}
               union all
              select ended_at, -1
                from seats
               where site_id = any (${siteIds as string[]}) and ended_at > ${since} and ended_at <= ${until}) each
       group by at),
    running as (
      select (at at time zone 'UTC')::date as day, seats,
             sum(seats) over (partition by (at at time zone 'UTC')::date order by at) as so_far
        from changes)
    select day::text as day, sum(seats)::bigint as net, greatest(max(so_far), 0)::bigint as highest
      from running
     group by day
     order by day
  `);
}

/** When the first seat at these sites was seen; null: none ever. */
export async function findFirstSeat(reader: Reader, siteIds: readonly string[]): Promise<Date | null> {
  const rows = await reader.query<{ at: Date | null }>(sql`
    select min(started_at) as at from seats where site_id = any (${siteIds as string[]})
  `);
  return rows[0]?.at ?? null;
}
