import type { Day } from "../../lib/day.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

export interface CapacityAlert {
  id: string;
  siteId: string;
  site: string;
  unit: "percent" | "seats";
  threshold: number;
  recipients: string[];
  /** Null while fewer are used. */
  crossedAt: Date | null;
  createdBy: string;
  createdAt: Date;
}

const COLUMNS = rawSql(`
  a.id, a.site_id as "siteId", s.name as site, a.unit, a.threshold, a.recipients, a.crossed_at as "crossedAt",
  a.created_by as "createdBy", a.created_at as "createdAt"`);

export function capacityAlertList(
  siteId: string | null,
): ListSource<CapacityAlert, CapacityAlert, "site" | "threshold"> {
  const matching = siteId === null ? sql`true` : sql`a.site_id = ${siteId}`;
  return {
    sorts: { site: { by: sql`s.name`, type: "text" }, threshold: { by: sql`a.threshold`, type: "bigint" } },
    tie: { by: sql`a.id`, type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from capacity_alerts a
        join sites s on s.id = a.site_id
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from capacity_alerts a where ${matching}`,
  };
}

/** Its id; null where the site has the same threshold already. */
export async function insertAlert(
  tx: Tx,
  made: Pick<CapacityAlert, "siteId" | "unit" | "threshold" | "recipients" | "createdBy"> & { at: Date },
): Promise<string | null> {
  const rows = await tx.query<{ id: string }>(sql`
    insert into capacity_alerts (site_id, unit, threshold, recipients, created_by, created_at)
    values (${made.siteId}, ${made.unit}, ${made.threshold}, ${made.recipients}, ${made.createdBy}, ${made.at})
        on conflict (site_id, unit, threshold) do nothing
    returning id
  `);
  return rows[0]?.id ?? null;
}

export async function findAlert(reader: Reader, id: string): Promise<CapacityAlert | null> {
  const rows = await reader.query<CapacityAlert>(sql`
    select ${COLUMNS} from capacity_alerts a join sites s on s.id = a.site_id where a.id = ${id}
  `);
  return rows[0] ?? null;
}

export async function deleteAlert(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`delete from capacity_alerts where id = ${id}`);
}

export interface WatchedAlert extends CapacityAlert {
  edition: string | null;
  used: number;
  /** What the source tells, and what a license for a fixed number says. */
  told: number | null;
  bought: number | null;
}

/** Every alert with what its site uses and may use. Of a license for several sites the seats of all count. */
export async function listWatchedAlerts(tx: Tx, day: Day): Promise<WatchedAlert[]> {
  return tx.query<WatchedAlert>(sql`
    select ${COLUMNS}, s.edition, told.seats as told, bought.quantity as bought,
           (select count(*)
              from seats t
             where t.ended_at is null
               and t.site_id in (select a.site_id
                                  union
                                 select y.site_id from license_sites y where y.license_id = bought.id)) as used
      from capacity_alerts a
      join sites s on s.id = a.site_id
      left join site_licenses told on told.site_id = a.site_id and told.valid_to is null
      left join lateral (select l.id, l.quantity
                           from license_sites x
                           join licenses l on l.id = x.license_id
                          where x.site_id = a.site_id and l.term_start <= ${day}::date
                            and coalesce(l.ended_on, case when l.auto_renew then null else l.term_end end, 'infinity')
                                > ${day}::date) bought on true
     order by a.id
       for update of a
  `);
}

export async function saveCrossed(tx: Tx, id: string, crossedAt: Date | null): Promise<void> {
  await tx.execute(sql`update capacity_alerts set crossed_at = ${crossedAt} where id = ${id}`);
}
