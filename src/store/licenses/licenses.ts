import type { Day } from "../../lib/day.ts";
import type { License, LicenseTerms } from "../../model/licenses.ts";
import type { Reader, Tx } from "../database.ts";
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

export type NewLicense = LicenseTerms & { createdBy: string; settledTo: Day; at: Date };

/** Inserts a license with its first version, and gives its id. */
export async function insertLicense(tx: Tx, made: NewLicense): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into licenses (name, edition, metric, quantity, pricing, currency, term_start, term_end, billing_day,
                          renewal_on, notice_on, auto_renew, renewal_quantity, cost_center, owner_id, note,
                          quantity_since, settled_to, created_by, created_at, updated_at)
    values (${made.name}, ${made.edition}, ${made.metric}, ${made.quantity}, ${JSON.stringify(made.pricing)},
            ${made.currency}, ${made.termStart}, ${made.termEnd}, ${made.billingDay}, ${made.renewalOn},
            ${made.noticeOn}, ${made.autoRenew}, ${made.renewalQuantity}, ${made.costCenter}, ${made.ownerId},
            ${made.note}, ${made.at}, ${made.settledTo}, ${made.createdBy}, ${made.at}, ${made.at})
    returning id
  `);
  if (!row) throw new Error("The insert of a license gave no row.");
  await saveSites(tx, row.id, made.siteIds);
  await saveVersion(tx, row.id, made.createdBy, made.at);
  return row.id;
}

/** Waits for, then holds, the license until the transaction ends. */
export async function lockLicense(tx: Tx, id: string): Promise<License | null> {
  const rows = await tx.query<License>(sql`
    select ${LICENSE_COLUMNS} from licenses l where l.id = ${id} for update of l
  `);
  return rows[0] ?? null;
}

/** Two people who add licenses for one site do so one after the other. */
export async function lockLicenses(tx: Tx): Promise<void> {
  await tx.execute(sql`lock table licenses in share row exclusive mode`);
}

/** Writes what a license says now as its next revision. */
export async function saveLicense(tx: Tx, license: License, by: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update licenses
       set name = ${license.name}, edition = ${license.edition}, metric = ${license.metric},
           quantity_since = case when quantity is distinct from ${license.quantity}::integer
                                 then ${at}::timestamptz else quantity_since end,
           quantity = ${license.quantity}, pricing = ${JSON.stringify(license.pricing)}, currency = ${license.currency},
           term_start = ${license.termStart}, term_end = ${license.termEnd}, billing_day = ${license.billingDay},
           renewal_on = ${license.renewalOn}, notice_on = ${license.noticeOn}, auto_renew = ${license.autoRenew},
           renewal_quantity = ${license.renewalQuantity}, cost_center = ${license.costCenter},
           owner_id = ${license.ownerId}, note = ${license.note}, ended_on = ${license.endedOn},
           ended_reason = ${license.endedReason}, revision = revision + 1, updated_at = ${at}
     where id = ${license.id}
  `);
  await saveSites(tx, license.id, license.siteIds);
  await saveVersion(tx, license.id, by, at);
}

async function saveSites(tx: Tx, licenseId: string, siteIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    delete from license_sites where license_id = ${licenseId} and not site_id = any (${siteIds as string[]})
  `);
  await tx.execute(sql`
    insert into license_sites (license_id, site_id)
    select ${licenseId}, unnest(${siteIds as string[]}::text[])
        on conflict do nothing
  `);
}

/** The version before ends where this one begins. */
async function saveVersion(tx: Tx, licenseId: string, by: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update license_versions set valid_to = ${at} where license_id = ${licenseId} and valid_to is null
  `);
  await tx.execute(sql`
    insert into license_versions (license_id, revision, valid_from, terms, changed_by)
    select l.id, l.revision, ${at}, to_jsonb(said) - 'settledTo', ${by}
      from licenses l
     cross join lateral (select ${LICENSE_COLUMNS}) said
     where l.id = ${licenseId}
  `);
}

/** Up to which day its billing events are settled. */
export async function saveSettled(tx: Tx, licenseId: string, day: Day): Promise<void> {
  await tx.execute(sql`update licenses set settled_to = ${day} where id = ${licenseId}`);
}

/** Every license that nobody ended, by name; a company has some dozens. */
export async function listOpenLicenses(reader: Reader): Promise<License[]> {
  return reader.query<License>(sql`
    select ${LICENSE_COLUMNS} from licenses l where l.ended_on is null order by lower(l.name), l.id
  `);
}

/** Every license that a day may still lie within or before: nobody ended it, or its end comes later. */
export async function listLicensesEndingAfter(reader: Reader, day: Day): Promise<License[]> {
  return reader.query<License>(sql`
    select ${LICENSE_COLUMNS}
      from licenses l
     where l.ended_on is null or l.ended_on > ${day}::date
     order by lower(l.name), l.id
  `);
}

/** Licenses that may have billing events which were not settled: one that was ended is billed until its end. */
export async function listLicensesToSettle(reader: Reader): Promise<License[]> {
  return reader.query<License>(sql`
    select ${LICENSE_COLUMNS}
      from licenses l
     where l.ended_on is null or l.ended_on > l.settled_to
     order by lower(l.name), l.id
  `);
}

/** Of these sites, those that there are. */
export async function listKnownSites(reader: Reader, siteIds: readonly string[]): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`select id from sites where id = any (${siteIds as string[]})`);
  return rows.map(({ id }) => id);
}
