import type { Day } from "../../lib/day.ts";
import type { Edition, SourceKind } from "../../model/connections.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface UncoveredSite {
  siteId: string;
  site: string;
  source: SourceKind;
  edition: Edition | null;
  seats: number;
  /** What the source itself tells; null where no credential is told it. */
  quantity: number | null;
  origin: "organization" | "license" | null;
  expiresAt: Date | null;
  observedAt: Date | null;
}

/** Sites that no license covers on a day, with their seats and what the source tells was bought; by name. */
export async function listUncoveredSites(reader: Reader, day: Day): Promise<UncoveredSite[]> {
  return reader.query<UncoveredSite>(sql`
    select s.id as "siteId", s.name as site, s.source, s.edition,
           (select count(*) from seats t where t.site_id = s.id and t.ended_at is null) as seats,
           told.seats as quantity, told.origin, told.expires_at as "expiresAt", told.observed_at as "observedAt"
      from sites s
      left join site_licenses told on told.site_id = s.id and told.valid_to is null
     where not exists (select 1
                         from license_sites x
                         join licenses l on l.id = x.license_id
                        where x.site_id = s.id and l.term_start <= ${day}::date
                          and coalesce(l.ended_on, case when l.auto_renew then null else l.term_end end, 'infinity')
                              > ${day}::date)
     order by s.name, s.id
  `);
}
