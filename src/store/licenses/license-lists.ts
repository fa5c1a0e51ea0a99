import type { Day } from "../../lib/day.ts";
import type { License } from "../../model/licenses.ts";
import type { Reader } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { joinSql, sql } from "../sql.ts";
import { LICENSE_COLUMNS } from "./licenses.ts";

export interface LicenseRow extends License {
  /** Names, in the order of `siteIds`. */
  sites: string[];
  owner: string | null;
  documents: number;
}

const ROW_COLUMNS = sql`
  ${LICENSE_COLUMNS},
  array(select s.name from license_sites x join sites s on s.id = x.site_id
         where x.license_id = l.id order by x.site_id) as sites,
  (select o.name from operators o where o.id = l.owner_id) as owner,
  (select count(*) from license_documents d where d.license_id = l.id) as documents`;

export interface LicenseFilters {
  state: "current" | "ended" | "all";
  /** One that ends on a later day is current until then. */
  today: Day;
  siteId: string | null;
  search: string | null;
}

export function licenseList(
  filters: LicenseFilters,
): ListSource<LicenseRow, LicenseRow, "name" | "termStart" | "renewalOn"> {
  const conditions = [sql`true`];
  if (filters.state === "current") conditions.push(sql`(l.ended_on is null or l.ended_on > ${filters.today}::date)`);
  if (filters.state === "ended") conditions.push(sql`l.ended_on <= ${filters.today}::date`);
  if (filters.search) conditions.push(sql`position(lower(${filters.search}) in lower(l.name)) > 0`);
  if (filters.siteId) {
    conditions.push(sql`
      exists (select 1 from license_sites x where x.license_id = l.id and x.site_id = ${filters.siteId})`);
  }
  const matching = joinSql(conditions, " and ");
  return {
    sorts: {
      name: { by: sql`lower(l.name)`, type: "text" },
      termStart: { by: sql`l.term_start::text`, type: "text" },
      renewalOn: { by: sql`coalesce(l.renewal_on, l.term_end)::text`, type: "text", isNullable: true },
    },
    tie: { by: sql`l.id`, type: "text" },
    select: (page) => sql`
      select ${ROW_COLUMNS}, ${page.keys} from licenses l where ${matching} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total from licenses l where ${matching}`,
  };
}

export async function findLicenseRow(reader: Reader, id: string): Promise<LicenseRow | null> {
  const rows = await reader.query<LicenseRow>(sql`select ${ROW_COLUMNS} from licenses l where l.id = ${id}`);
  return rows[0] ?? null;
}

export interface LicenseVersionRow {
  revision: number;
  validFrom: Date;
  validTo: Date | null;
  changedBy: string;
  terms: Record<string, unknown>;
}

export function licenseVersionList(licenseId: string): ListSource<LicenseVersionRow, LicenseVersionRow, "revision"> {
  return {
    sorts: { revision: { by: sql`v.revision`, type: "bigint" } },
    tie: { by: sql`v.revision`, type: "bigint" },
    select: (page) => sql`
      select v.revision, v.valid_from as "validFrom", v.valid_to as "validTo", v.changed_by as "changedBy", v.terms,
             ${page.keys}
        from license_versions v
       where v.license_id = ${licenseId} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from license_versions v where v.license_id = ${licenseId}`,
  };
}

export interface LicenseSavingRow {
  candidateId: string;
  licenseId: string;
  license: string;
  siteId: string;
  accountId: string;
  eventOn: string;
  savedMinor: number;
  currency: string;
  period: "month" | "year";
  countedAt: Date;
}

export function licenseSavingList(filters: {
  licenseId: string | null;
  siteId: string | null;
}): ListSource<LicenseSavingRow, LicenseSavingRow, "eventOn"> {
  const conditions = [sql`true`];
  if (filters.licenseId) conditions.push(sql`g.license_id = ${filters.licenseId}`);
  if (filters.siteId) conditions.push(sql`g.site_id = ${filters.siteId}`);
  const matching = joinSql(conditions, " and ");
  return {
    sorts: { eventOn: { by: sql`g.event_on::text`, type: "text" } },
    tie: { by: sql`g.candidate_id`, type: "text" },
    select: (page) => sql`
      select g.candidate_id as "candidateId", g.license_id as "licenseId", l.name as license, g.site_id as "siteId",
             g.account_id as "accountId", g.event_on::text as "eventOn", g.saved_minor as "savedMinor", g.currency,
             g.period, g.counted_at as "countedAt", ${page.keys}
        from license_savings g
        join licenses l on l.id = g.license_id
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from license_savings g where ${matching}`,
  };
}
