import type { Day } from "../../lib/day.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface SeatTrendRow {
  day: Day;
  /** Seats held at the end of the day, or by now. */
  used: number;
  /** By the last license position of the day, or of those before; null: none was computed, or it did not know. */
  owned: number | null;
}

/**
 * One row for each day in UTC, both ends included, beginning no earlier than the day of the first seat that was seen.
 * `siteId` null: all sites together.
 */
export async function listSeatTrend(
  reader: Reader,
  { siteId, from, to }: { siteId: string | null; from: Day; to: Day },
): Promise<SeatTrendRow[]> {
  return reader.query<SeatTrendRow>(sql`
    with theirs as materialized (
      select (started_at at time zone 'UTC')::date as began, (ended_at at time zone 'UTC')::date as ended
        from seats
       where ${siteId}::text is null or site_id = ${siteId}),
    changes as (
      select day, sum(seats) as seats
        from (select greatest(began, ${from}::date) as day, 1 as seats from theirs where began <= ${to}::date
               union all
              select greatest(ended, ${from}::date), -1 from theirs where ended <= ${to}::date) as each
       group by day),
    days as (
      select at::date as day
        from generate_series(greatest(${from}::date, (select min(began) from theirs))::timestamp, ${to}::date::timestamp,
                             interval '1 day') as at)
    select d.day::text as day,
           (sum(coalesce(c.seats, 0)) over (order by d.day))::integer as used,
           owned.seats as owned
      from days d
      left join changes c on c.day = d.day
      left join lateral (
           select (select case when count(*) > 0 and count(l.owned) = count(*) then sum(l.owned)::integer end
                     from position_lines l
                    where l.snapshot_id = s.id
                      and case when ${siteId}::text is null then l.level = 'product'
                               else l.level = 'edition' and l.site_id = ${siteId} end) as seats
             from position_snapshots s
            where s.at < (d.day + 1)::timestamp at time zone 'UTC'
            order by s.at desc, s.id desc
            limit 1) as owned on true
     order by d.day
  `);
}
