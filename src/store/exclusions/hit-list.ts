import type { Edition } from "../../model/connections.ts";
import type { SeatStatus } from "../../model/facts.ts";
import type { ListSource } from "../paging.ts";
import { searches } from "../people.ts";
import { joinSql, rawSql, sql } from "../sql.ts";

/** An account that an exclusion catches now. */
export interface ExclusionHitRow {
  siteId: string;
  site: string;
  accountId: string;
  personId: string;
  name: string;
  email: string | null;
  seatId: string | null;
  edition: Edition | null;
  status: SeatStatus | null;
  since: Date;
}

export function exclusionHitList(
  ruleId: string,
  { siteId, search }: { siteId: string | null; search: string | null },
): ListSource<ExclusionHitRow, ExclusionHitRow, "name" | "since"> {
  const conditions = [sql`h.rule_id = ${ruleId}`];
  if (siteId) conditions.push(sql`h.site_id = ${siteId}`);
  if (search) conditions.push(searches(sql`s.search_text`, search));
  const matching = joinSql(conditions, " and ");
  const from = rawSql(`
    exclusion_hits h
    join account_summaries s on s.site_id = h.site_id and s.account_id = h.account_id
    join sites site on site.id = h.site_id`);
  return {
    sorts: {
      name: { by: rawSql("s.sort_key"), type: "text" },
      since: { by: rawSql("h.since"), type: "timestamptz" },
    },
    tie: { by: rawSql("h.account_id"), type: "text" },
    select: (page) => sql`
      select h.site_id as "siteId", site.name as site, h.account_id as "accountId", s.person_id as "personId",
             s.display_name as name, s.email, s.seat_id as "seatId", s.edition, s.seat_status as status, h.since,
             ${page.keys}
        from ${from}
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${from} where ${matching}`,
  };
}
