import type { Day } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { Reader } from "../database.ts";
import { rawSql, sql } from "../sql.ts";

/** Days as text: the driver would make an instant of them, in the zone of the machine. */
export const LICENSE_COLUMNS = rawSql(`
  l.id, l.name, l.edition, l.metric, l.quantity, l.pricing, l.currency, l.term_start::text as "termStart",
  l.term_end::text as "termEnd", l.billing_day as "billingDay", l.renewal_on::text as "renewalOn",
  l.notice_on::text as "noticeOn", l.auto_renew as "autoRenew", l.renewal_quantity as "renewalQuantity",
  l.cost_center as "costCenter", l.owner_id as "ownerId", l.note, l.revision, l.quantity_since as "quantitySince",
  l.settled_to::text as "settledTo", l.created_by as "createdBy", l.created_at as "createdAt",
  l.updated_at as "updatedAt", l.ended_on::text as "endedOn", l.ended_reason as "endedReason",
  array(select x.site_id from license_sites x where x.license_id = l.id order by x.site_id) as "siteIds"`);

export async function findLicense(reader: Reader, id: string): Promise<License | null> {
  const rows = await reader.query<License>(sql`select ${LICENSE_COLUMNS} from licenses l where l.id = ${id}`);
  return rows[0] ?? null;
}

/** Licenses that hold on a day, by when their term began; of `siteIds`, or with null of any site. */
export async function listLicensesInForce(
  reader: Reader,
  day: Day,
  siteIds: readonly string[] | null = null,
): Promise<License[]> {
  return reader.query<License>(sql`
    select ${LICENSE_COLUMNS}
      from licenses l
     where l.term_start <= ${day}::date
       and (coalesce(l.ended_on, case when l.auto_renew then null else l.term_end end) > ${day}::date
            or coalesce(l.ended_on, case when l.auto_renew then null else l.term_end end) is null)
       and (${siteIds as string[] | null}::text[] is null
            or exists (select 1
                         from license_sites x
                        where x.license_id = l.id and x.site_id = any (${siteIds as string[] | null}::text[])))
     order by l.term_start, l.id
  `);
}
