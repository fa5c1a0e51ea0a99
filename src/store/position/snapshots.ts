import type { PositionLine } from "../../model/position.ts";
import type { Reader, Tx } from "../database.ts";
import { COUNTS_SAMPLE, isCountedSite } from "../sample/counted-sites.ts";
import { rawSql, sql } from "../sql.ts";
import { IS_EXCLUDED, IS_UNMAPPED, seatsWithMarks } from "./count.ts";

export interface PositionSnapshot {
  id: string;
  seq: number;
  at: Date;
  dataAsOf: Date | null;
  computedBy: string;
  tookMs: number;
}

/** Two computations follow each other, so that what each writes is the difference to the one before. */
export async function lockPosition(tx: Tx): Promise<void> {
  await tx.execute(sql`lock table position_snapshots in share row exclusive mode`);
}

export async function insertSnapshot(
  tx: Tx,
  made: Omit<PositionSnapshot, "id" | "seq">,
  lines: readonly PositionLine[],
): Promise<PositionSnapshot> {
  const [row] = await tx.query<{ id: string; seq: number }>(sql`
    insert into position_snapshots (at, data_as_of, computed_by, took_ms, is_sample)
    values (${made.at}, ${made.dataAsOf}, ${made.computedBy}, ${made.tookMs}, ${COUNTS_SAMPLE})
    returning id, seq
  `);
  if (!row) throw new Error("The insert of a position gave no row.");
  await tx.execute(sql`
    insert into position_lines (snapshot_id, position, level, product, site_id, license_id, edition, metric, status,
                                owned, used, free, short, excluded, unmapped, guests, active, idle, never_used,
                                no_evidence, pending, money, ways, shares)
    select ${row.id}, place, l.level, l.product, l."siteId", l."licenseId", l.edition, l.metric, l.status, l.owned,
           l.used, l.free, l.short, l.excluded, l.unmapped, l.guests, l.active, l.idle, l."neverUsed", l."noEvidence",
           l.pending, l.money, l.ways, l.shares
      from jsonb_array_elements(${JSON.stringify(lines)}::jsonb) with ordinality as told (line, place)
     cross join lateral jsonb_to_record(told.line) as l (
             level text, product text, "siteId" text, "licenseId" text, edition text, metric text, status text,
             owned integer, used integer, free integer, short integer, excluded integer, unmapped integer,
             guests integer, active integer, idle integer, "neverUsed" integer, "noEvidence" integer, pending integer,
             money jsonb, ways jsonb, shares jsonb)
  `);
  return { ...made, ...row };
}

const MARKS = ["seat_id", "status", "is_excluded", "is_unmapped", "is_pending", "cost_center", "department"];
const COLUMNS = rawSql(MARKS.join(", "));
const isSame = rawSql(
  `(${MARKS.map((each) => `n.${each}`).join(", ")}) is not distinct from (${MARKS.map((each) => `q.${each}`).join(", ")})`,
);

/**
 * Keeps which seats stand behind the numbers of a snapshot: those that stand as in the one before are not written again.
 * Gives how many came or changed, and how many went or changed.
 */
export async function keepSeats(tx: Tx, seq: number, at: Date): Promise<{ begun: number; ended: number }> {
  await tx.execute(sql`
    create temporary table changed_position_seats on commit drop as
      with standing as (
        select f.site_id, f.account_id, f.seat_id,
               case when f.seat_id is not null then coalesce(f.seat_status, 'no-evidence') end as status,
               ${IS_EXCLUDED} as is_excluded, f.seat_id is not null and ${IS_UNMAPPED} as is_unmapped,
               p.account_id is not null as is_pending, f.cost_center, f.department
          from ${seatsWithMarks(at)}
         where (f.seat_id is not null or f.account_class = 'guest')
           and f.site_id in (select s.id from sites s where ${isCountedSite("s")})),
      held as (select site_id, account_id, ${COLUMNS} from position_seats where to_seq is null)
      select coalesce(n.site_id, q.site_id) as site_id, coalesce(n.account_id, q.account_id) as account_id,
             n.account_id is not null as stands, q.account_id is not null as stood, ${rawSql(MARKS.map((each) => `n.${each}`).join(", "))}
        from standing n
        full join held q on q.site_id = n.site_id and q.account_id = n.account_id
       where n.account_id is null or q.account_id is null or not ${isSame}
  `);
  const ended = await tx.execute(sql`
    update position_seats q
       set to_seq = ${seq}
      from changed_position_seats c
     where c.stood and q.site_id = c.site_id and q.account_id = c.account_id and q.to_seq is null
  `);
  const begun = await tx.execute(sql`
    insert into position_seats (site_id, account_id, from_seq, ${COLUMNS})
    select site_id, account_id, ${seq}, ${COLUMNS} from changed_position_seats where stands
  `);
  await tx.execute(sql`drop table changed_position_seats`);
  return { begun, ended };
}

const SNAPSHOT_COLUMNS = rawSql(`
  s.id, s.seq, s.at, s.data_as_of as "dataAsOf", s.computed_by as "computedBy", s.took_ms as "tookMs"`);

/** By id, or the newest. */
export async function findSnapshot(reader: Reader, id: string | "latest"): Promise<PositionSnapshot | null> {
  const rows = await reader.query<PositionSnapshot>(
    id === "latest"
      ? sql`select ${SNAPSHOT_COLUMNS} from position_snapshots s order by s.seq desc limit 1`
      : sql`select ${SNAPSHOT_COLUMNS} from position_snapshots s where s.id = ${id}`,
  );
  return rows[0] ?? null;
}

export interface PositionLineRow extends Omit<PositionLine, "reclaimable"> {
  position: number;
  /** Names, for people. */
  site: string | null;
  license: string | null;
}

export const LINE_COLUMNS = rawSql(`
  l.position, l.level, l.product, l.site_id as "siteId", site.name as site, l.license_id as "licenseId",
  license.name as license, l.edition, l.metric, l.status, l.owned, l.used, l.free, l.short, l.excluded, l.unmapped,
  l.guests, l.active, l.idle, l.never_used as "neverUsed", l.no_evidence as "noEvidence", l.pending, l.money, l.ways,
  l.shares`);

export const LINES = rawSql(`
  position_lines l
  left join sites site on site.id = l.site_id
  left join licenses license on license.id = l.license_id`);

export async function listLines(reader: Reader, snapshotId: string): Promise<PositionLineRow[]> {
  return reader.query<PositionLineRow>(sql`
    select ${LINE_COLUMNS} from ${LINES} where l.snapshot_id = ${snapshotId} order by l.position
  `);
}
