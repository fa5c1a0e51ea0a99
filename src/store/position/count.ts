import type { PositionCounts } from "../../model/position.ts";
import type { Reader } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/** States in which a candidate's seat is on its way to be taken back. */
const PENDING_STATES = rawSql(`('ready', 'asking', 'deciding', 'scheduled', 'executing')`);

/** Cost centers and departments listed one by one for each site; the others stand together. */
const SHARES_MAX = 200;

/**
 * `seat_facts f` with what lies over each: whether it is left out of the count (`x.is_excluded`), kept from being
 * reclaimed (`x.is_kept`), and on its way to be taken back (`p.account_id`). Both are few beside the seats.
 */
export function seatsWithMarks(at: Date): Sql {
  return sql`
    seat_facts f
    left join (select hit.site_id, hit.account_id, bool_or('not-counted' = any (hit.effects)) as is_excluded,
                      bool_or('no-reclaim' = any (hit.effects)) as is_kept
                 from exclusion_hits hit
                where hit.until is null or hit.until > ${at}::timestamptz
                group by hit.site_id, hit.account_id) x on x.site_id = f.site_id and x.account_id = f.account_id
    left join (select c.site_id, c.account_id
                 from candidates c
                where c.closed_at is null and c.state in ${PENDING_STATES}) p
      on p.site_id = f.site_id and p.account_id = f.account_id`;
}

export const IS_EXCLUDED = rawSql(`coalesce(x.is_excluded, false)`);
export const IS_UNMAPPED = rawSql(`(f.edition is null or f.edition = 'unrecognized')`);

export interface CountRow extends PositionCounts {
  kind: "site" | "cost-center" | "department";
  siteId: string;
  value: string | null;
  isRest: boolean;
}

/**
 * Seats of every site in one pass, and of each site by cost center and department: at most some hundred rows a site,
 * however many seats there are.
 */
export async function countPosition(reader: Reader, at: Date): Promise<CountRow[]> {
  return reader.query<CountRow>(sql`
    with base as materialized (
      select f.site_id, f.cost_center, f.department,
             count(*) filter (where f.seat_id is not null and not ${IS_EXCLUDED}) as used,
             count(*) filter (where f.seat_id is not null and ${IS_EXCLUDED}) as excluded,
             count(*) filter (where f.seat_id is not null and ${IS_UNMAPPED}) as unmapped,
             count(*) filter (where f.account_class = 'guest') as guests,
             count(*) filter (where f.seat_status = 'active' and f.seat_id is not null and not ${IS_EXCLUDED}) as active,
             count(*) filter (where f.seat_status = 'idle' and f.seat_id is not null and not ${IS_EXCLUDED}) as idle,
             count(*) filter (where f.seat_status = 'never-used' and f.seat_id is not null
                                    and not ${IS_EXCLUDED}) as never_used,
             count(*) filter (where coalesce(f.seat_status, 'no-evidence') = 'no-evidence' and f.seat_id is not null
                                    and not ${IS_EXCLUDED}) as no_evidence,
             count(*) filter (where p.account_id is not null and f.seat_id is not null and not ${IS_EXCLUDED}) as pending,
             count(*) filter (where f.seat_status in ('idle', 'never-used') and f.seat_id is not null
                                    and not ${IS_EXCLUDED} and not coalesce(x.is_kept, false)) as reclaimable
        from ${seatsWithMarks(at)}
       group by f.site_id, f.cost_center, f.department),
    shares as (
      select site_id, 'cost-center' as kind, cost_center as value, ${SUMS}
        from base
       group by site_id, cost_center
       union all
      select site_id, 'department', department, ${SUMS}
        from base
       group by site_id, department),
    ranked as (
      select shares.*, row_number() over (partition by site_id, kind order by used + excluded desc, value) > ${SHARES_MAX}
                       as is_rest
        from shares)
    select site_id as "siteId", 'site' as kind, null as value, false as "isRest", ${TOLD}
      from base
     group by site_id
     union all
    select site_id, kind, case when not is_rest then value end, is_rest, ${TOLD}
      from ranked
     group by site_id, kind, is_rest, case when not is_rest then value end
    having sum(used + excluded) > 0
  `);
}

const FIELDS: Record<keyof PositionCounts, string> = {
  used: "used",
  excluded: "excluded",
  unmapped: "unmapped",
  guests: "guests",
  active: "active",
  idle: "idle",
  neverUsed: "never_used",
  noEvidence: "no_evidence",
  pending: "pending",
  reclaimable: "reclaimable",
};
const SUMS = rawSql(
  Object.values(FIELDS)
    .map((column) => `sum(${column})::bigint as ${column}`)
    .join(", "),
);
const TOLD = rawSql(
  Object.entries(FIELDS)
    .map(([field, column]) => `sum(${column})::bigint as "${field}"`)
    .join(", "),
);
