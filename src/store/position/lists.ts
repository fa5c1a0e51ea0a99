import type { SourceKind } from "../../model/connections.ts";
import type { SeatStatus } from "../../model/facts.ts";
import type { PositionLevel, PositionPart } from "../../model/position.ts";
import type { Reader } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { joinSql, rawSql, sql, type Sql } from "../sql.ts";
import { LINE_COLUMNS, LINES, type PositionLineRow, type PositionSnapshot } from "./snapshots.ts";

export function snapshotList(): ListSource<PositionSnapshot, PositionSnapshot, "at"> {
  return {
    sorts: { at: { by: sql`s.at`, type: "timestamptz" } },
    tie: { by: sql`s.id`, type: "text" },
    select: (page) => sql`
      select s.id, s.seq, s.at, s.data_as_of as "dataAsOf", s.computed_by as "computedBy", s.took_ms as "tookMs",
             ${page.keys}
        from position_snapshots s
       where ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from position_snapshots s`,
  };
}

export interface PositionSeatRow {
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  seatId: string | null;
  status: SeatStatus | null;
  isExcluded: boolean;
  isUnmapped: boolean;
  isPending: boolean;
  costCenter: string | null;
  department: string | null;
}

export interface PositionSeatFilters {
  seq: number;
  part: PositionPart | null;
  product: SourceKind | null;
  siteId: string | null;
  licenseId: string | null;
  costCenter: string | null;
  department: string | null;
}

/** Whether a row of `position_seats` is counted by a number. */
const PART: Record<PositionPart, Sql> = {
  used: sql`q.seat_id is not null and not q.is_excluded`,
  excluded: sql`q.seat_id is not null and q.is_excluded`,
  unmapped: sql`q.is_unmapped`,
  guests: sql`q.seat_id is null`,
  active: sql`q.status = 'active' and not q.is_excluded`,
  idle: sql`q.status = 'idle' and not q.is_excluded`,
  "never-used": sql`q.status = 'never-used' and not q.is_excluded`,
  "no-evidence": sql`q.status = 'no-evidence' and not q.is_excluded`,
  pending: sql`q.is_pending and q.seat_id is not null and not q.is_excluded`,
};

const NAMES = sql`
  join sites site on site.id = q.site_id
  join accounts a on a.site_id = q.site_id and a.id = q.account_id
  left join person_summaries p on p.person_id = a.person_id`;
const NAMED = sql`
  q.site_id as "siteId", site.name as site, q.account_id as "accountId", a.person_id as "personId",
  coalesce(p.display_name, a.source_id) as name`;

/** Everybody who stood behind a snapshot, or behind one of its numbers. */
export function positionSeatList(
  filters: PositionSeatFilters,
): ListSource<PositionSeatRow, PositionSeatRow, "account"> {
  const conditions = [standsAt(filters.seq)];
  if (filters.part) conditions.push(PART[filters.part]);
  if (filters.product) {
    conditions.push(sql`q.site_id in (select s.id from sites s where s.source = ${filters.product})`);
  }
  if (filters.siteId) conditions.push(sql`q.site_id = ${filters.siteId}`);
  if (filters.costCenter !== null) conditions.push(sql`q.cost_center = ${filters.costCenter}`);
  if (filters.department !== null) conditions.push(sql`q.department = ${filters.department}`);
  if (filters.licenseId) {
    // The sites that it was for then: the snapshot keeps a line for each.
    conditions.push(sql`
      q.site_id in (select l.site_id
                      from position_snapshots s
                      join position_lines l on l.snapshot_id = s.id
                     where s.seq = ${filters.seq} and l.level = 'edition' and l.license_id = ${filters.licenseId})`);
  }
  const matching = joinSql(conditions, " and ");
  return {
    sorts: { account: { by: sql`q.account_id`, type: "text" } },
    tie: { by: sql`q.site_id`, type: "text" },
    select: (page) => sql`
      select ${NAMED}, q.seat_id as "seatId", q.status, q.is_excluded as "isExcluded", q.is_unmapped as "isUnmapped",
             q.is_pending as "isPending", q.cost_center as "costCenter", q.department, ${page.keys}
        from position_seats q
        ${NAMES}
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from position_seats q where ${matching}`,
  };
}

function standsAt(seq: number): Sql {
  return sql`q.from_seq <= ${seq} and (q.to_seq is null or q.to_seq > ${seq})`;
}

export interface PositionChangeRow {
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  change: "came" | "went" | "changed";
  before: string | null;
  after: string | null;
}

/**
 * Whoever stands otherwise at `to` than at `from`. Only rows that began or ended between the two can differ, so as few
 * are looked at as there were changes.
 */
function changedSeats(from: number, to: number): Sql {
  const label = rawSql(
    `case when seat_id is null then 'guest' when is_excluded then 'excluded' when is_pending then 'pending ' || status
          else status end`,
  );
  return sql`
    (select coalesce(o.site_id, n.site_id) as site_id, coalesce(o.account_id, n.account_id) as account_id,
            case when o.account_id is null then 'came' when n.account_id is null then 'went' else 'changed' end as change,
            o.label as before, n.label as after
       from (select site_id, account_id, ${label} as label
               from position_seats
              where from_seq <= ${from} and to_seq > ${from} and to_seq <= ${to}) o
       full join (select site_id, account_id, ${label} as label
                    from position_seats
                   where from_seq > ${from} and from_seq <= ${to} and (to_seq is null or to_seq > ${to})) n
         on n.site_id = o.site_id and n.account_id = o.account_id
      where o.label is distinct from n.label) q`;
}

export function positionChangeList(filters: {
  from: number;
  to: number;
  siteId: string | null;
  change: PositionChangeRow["change"] | null;
}): ListSource<PositionChangeRow, PositionChangeRow, "account"> {
  const conditions = [sql`true`];
  if (filters.siteId) conditions.push(sql`q.site_id = ${filters.siteId}`);
  if (filters.change) conditions.push(sql`q.change = ${filters.change}`);
  const matching = joinSql(conditions, " and ");
  const changed = changedSeats(filters.from, filters.to);
  return {
    sorts: { account: { by: sql`q.account_id`, type: "text" } },
    tie: { by: sql`q.site_id`, type: "text" },
    select: (page) => sql`
      select ${NAMED}, q.change, q.before, q.after, ${page.keys}
        from ${changed}
        ${NAMES}
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${changed} where ${matching}`,
  };
}

export async function countChangedSeats(
  reader: Reader,
  from: number,
  to: number,
): Promise<Record<PositionChangeRow["change"], number>> {
  const rows = await reader.query<{ change: PositionChangeRow["change"]; seats: number }>(sql`
    select q.change, count(*) as seats from ${changedSeats(from, to)} group by q.change
  `);
  return { came: 0, went: 0, changed: 0, ...Object.fromEntries(rows.map(({ change, seats }) => [change, seats])) };
}

export interface PositionPointRow extends Omit<PositionLineRow, "ways" | "shares"> {
  positionId: string;
  at: Date;
}

export function positionTrendList(filters: {
  level: PositionLevel;
  siteId: string | null;
  licenseId: string | null;
  from: Date | null;
  to: Date | null;
}): ListSource<PositionPointRow, PositionPointRow, "at"> {
  const conditions = [sql`l.level = ${filters.level}`];
  if (filters.siteId) conditions.push(sql`l.site_id = ${filters.siteId}`);
  if (filters.licenseId) conditions.push(sql`l.license_id = ${filters.licenseId}`);
  if (filters.from) conditions.push(sql`s.at >= ${filters.from}`);
  if (filters.to) conditions.push(sql`s.at <= ${filters.to}`);
  const matching = joinSql(conditions, " and ");
  return {
    sorts: { at: { by: sql`s.at`, type: "timestamptz" } },
    tie: { by: sql`s.id || ' ' || lpad(l.position::text, 6, '0')`, type: "text" },
    select: (page) => sql`
      select s.id as "positionId", s.at, ${LINE_COLUMNS}, ${page.keys}
        from ${LINES}
        join position_snapshots s on s.id = l.snapshot_id
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`
      select count(*) as total
        from position_lines l
        join position_snapshots s on s.id = l.snapshot_id
       where ${matching}`,
  };
}
