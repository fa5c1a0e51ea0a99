import type { EvidenceKind } from "../model/facts.ts";
import type { Reader } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { searches } from "./people.ts";
import { joinSql, sql } from "./sql.ts";

export interface GuestRow {
  accountId: string;
  siteId: string;
  site: string;
  personId: string;
  name: string;
  email: string | null;
  firstSeenAt: Date;
  lastActivityAt: Date | null;
  lastActivityKind: EvidenceKind | null;
  lastActivity: string | null;
  spaces: number | null;
  spaceRule: "one" | "none" | "several" | "unknown";
  wasLicensed: boolean;
  licensedAt: string[];
  lastSeatEndedAt: Date | null;
}

export interface GuestFilters {
  spaceRules: readonly GuestRow["spaceRule"][] | null;
  wasLicensed: boolean | null;
  search: string | null;
}

const SPACE_RULE = sql`
  case when s.spaces_count is null then 'unknown'
       when s.spaces_count = 0 then 'none'
       when s.spaces_count = 1 then 'one'
       else 'several' end`;

/**
 * The seats that the same Atlassian account ever held, at whatever site: another account of the same person is another
 * user to Atlassian.
 */
const SEATS_OF_ACCOUNT = sql`
  accounts own
  join seats seat on seat.site_id = own.site_id and seat.account_id = own.id
  join sites held_at on held_at.id = own.site_id
 where own.person_id = s.person_id and own.source_id = a.source_id`;

const WAS_LICENSED = sql`exists (select 1 from ${SEATS_OF_ACCOUNT})`;

const GUESTS = sql`
  account_summaries s
  join accounts a on a.site_id = s.site_id and a.id = s.account_id
  join sites site on site.id = s.site_id`;

export function guestList(
  siteId: string,
  { spaceRules, wasLicensed, search }: GuestFilters,
): ListSource<GuestRow, GuestRow, "name" | "lastActivityAt" | "spaces"> {
  const conditions = [sql`s.site_id = ${siteId}`, sql`s.account_class = 'guest'`];
  if (spaceRules) conditions.push(sql`${SPACE_RULE} = any (${spaceRules as string[]})`);
  if (wasLicensed !== null) conditions.push(sql`${WAS_LICENSED} = ${wasLicensed}`);
  if (search) conditions.push(searches(sql`s.search_text`, search));
  const matching = joinSql(conditions, " and ");
  return {
    sorts: {
      name: { by: sql`s.sort_key`, type: "text" },
      lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
      spaces: { by: sql`s.spaces_count`, type: "bigint", isNullable: true },
    },
    tie: { by: sql`s.account_id`, type: "text" },
    select: (page) => sql`
      select s.account_id as "accountId", s.site_id as "siteId", site.name as site, s.person_id as "personId",
             s.display_name as name, s.email, a.first_seen_at as "firstSeenAt",
             s.last_activity_at as "lastActivityAt", s.last_activity_kind as "lastActivityKind",
             s.last_activity_summary as "lastActivity", s.spaces_count as spaces, ${SPACE_RULE} as "spaceRule",
             ${WAS_LICENSED} as "wasLicensed",
             (select coalesce(array_agg(distinct held_at.name), '{}') from ${SEATS_OF_ACCOUNT}) as "licensedAt",
             (select case when bool_and(seat.ended_at is not null) then max(seat.ended_at) end
                from ${SEATS_OF_ACCOUNT}) as "lastSeatEndedAt",
             ${page.keys}
        from ${GUESTS}
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${GUESTS} where ${matching}`,
  };
}

export interface GuestCounts {
  paidSeats: number;
  guests: number;
  withoutSpace: number;
  inSeveralSpaces: number;
  spacesUnknown: number;
  wereLicensed: number;
}

export async function countGuests(reader: Reader, siteId: string): Promise<GuestCounts> {
  const [row] = await reader.query<GuestCounts>(sql`
    select count(*) filter (where s.seat_id is not null) as "paidSeats",
           count(*) filter (where s.account_class = 'guest') as guests,
           count(*) filter (where s.account_class = 'guest' and ${SPACE_RULE} = 'none') as "withoutSpace",
           count(*) filter (where s.account_class = 'guest' and ${SPACE_RULE} = 'several') as "inSeveralSpaces",
           count(*) filter (where s.account_class = 'guest' and ${SPACE_RULE} = 'unknown') as "spacesUnknown",
           count(*) filter (where s.account_class = 'guest' and ${WAS_LICENSED}) as "wereLicensed"
      from ${GUESTS}
     where s.site_id = ${siteId}
  `);
  if (!row) throw new Error("A count gave no row.");
  return row;
}
