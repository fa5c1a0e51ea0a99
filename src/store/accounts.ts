import type { AccountClass, AccountStatus, AccountType, FieldOrigin, SeatStatus } from "../model/facts.ts";
import type { MatchSituation } from "../model/matching.ts";
import { accountSummaries } from "./accounts-at.ts";
import type { Reader } from "./database.ts";
import { exclusionConditions, type ExclusionFilter } from "./exclusions/of-account.ts";
import { amongKnown, holds, type Instant, type Past } from "./instants.ts";
import { type AccountMatch, CANDIDATE_NAMES } from "./matching/matches.ts";
import type { ListSource } from "./paging.ts";
import { isMember, searches } from "./people.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";
import { isSiteOf } from "./sites-of-connection.ts";

export interface AccountRow {
  accountId: string;
  siteId: string;
  site: string;
  personId: string;
  sourceId: string;
  accountClass: AccountClass;
  accountType: AccountType;
  accountStatus: AccountStatus;
  isGuest: boolean;
  isSuspended: boolean | null;
  isManaged: boolean | null;
  displayName: string;
  publicName: string | null;
  givenName: string | null;
  middleName: string | null;
  familyName: string | null;
  email: string | null;
  department: string | null;
  jobTitle: string | null;
  location: string | null;
  timeZone: string | null;
  addedAt: Date | null;
  firstSeenAt: Date;
  /** Which source each given field came from. */
  origins: Record<string, FieldOrigin>;
  seatId: string | null;
  status: SeatStatus | null;
  lastActivityAt: Date | null;
  /** Groups that it is a direct member of. */
  groups: number;
  /** Null where no rights are known, and for an earlier day. */
  spaces: number | null;
  /** Further attributes, from a file. */
  attributes: Record<string, string>;
  /** Null of an account that no run has matched yet. */
  match: AccountMatch | null;
}

/** As the statement gives it: what is said of the person behind the account, column by column. */
export type AccountRecord = Omit<AccountRow, "match"> & {
  [Field in keyof AccountMatch as `match.${Field}`]: AccountMatch[Field];
};

export interface AccountFilters {
  siteId: string | null;
  /** Of sites that it reaches. */
  connectionId?: string | null;
  classes: readonly AccountClass[] | null;
  statuses: readonly SeatStatus[] | null;
  groupId: string | null;
  search: string | null;
  situations: readonly MatchSituation[] | null;
  exclusion?: ExclusionFilter;
}

export type AccountSort = "name" | "lastActivityAt";

/** Accounts that hold now, or held then, each with every field of the roster and where it came from. */
export function accountList(
  filters: AccountFilters,
  past: Past | null = null,
): ListSource<AccountRecord, AccountRow, AccountSort> {
  const at = past?.at ?? null;
  const conditions = joinSql(conditionsOf(filters, past), " and ");
  const summaries = accountSummaries(at, filters.classes ? "as-set" : "by-row");
  return {
    sorts: {
      name: { by: sql`s.sort_key`, type: "text" },
      lastActivityAt: { by: sql`s.last_activity_at`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`s.account_id`, type: "text" },
    select: (page) => sql`
      select ${ACCOUNT_COLUMNS}, ${page.keys}
        from ${summaries} s
        ${accountJoins(at)}
       where ${conditions} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${summaries} s where ${conditions}`,
    toItems: (rows) => rows.map(withMatch),
  };
}

const ACCOUNT_COLUMNS = sql`
  s.account_id as "accountId", s.site_id as "siteId", site.name as site, s.person_id as "personId",
  a.source_id as "sourceId", s.account_class as "accountClass", v.account_type as "accountType",
  v.status as "accountStatus", v.is_guest as "isGuest", v.is_suspended as "isSuspended", v.is_managed as "isManaged",
  v.display_name as "displayName", v.public_name as "publicName", v.given_name as "givenName",
  v.middle_name as "middleName", v.family_name as "familyName", v.email, v.department, v.job_title as "jobTitle",
  v.location, v.time_zone as "timeZone", v.added_at as "addedAt", a.first_seen_at as "firstSeenAt", v.origins,
  s.seat_id as "seatId", s.seat_status as status, s.last_activity_at as "lastActivityAt", s.groups_count as groups,
  s.spaces_count as spaces,
  coalesce((select jsonb_object_agg(told.name, told.value)
              from account_attributes told
             where told.site_id = s.site_id and told.account_id = s.account_id and told.valid_to is null),
           '{}'::jsonb) as attributes,
  m.situation as "match.situation", m.method as "match.method", m.rule_id as "match.ruleId",
  m.confidence as "match.confidence", m.candidates as "match.candidates", ${CANDIDATE_NAMES} as "match.candidateNames",
  m.decided_by as "match.by",
  m.valid_from as "match.at", m.reason as "match.reason"`;

function accountJoins(at: Instant): Sql {
  return sql`
  join sites site on site.id = s.site_id
  join accounts a on a.site_id = s.site_id and a.id = s.account_id
    join account_versions v on v.site_id = s.site_id and v.account_id = s.account_id and ${holds("v", at)}
    left join account_matches m on m.site_id = s.site_id and m.account_id = s.account_id and ${holds("m", at)}`;
}

export function withMatch(record: AccountRecord): AccountRow {
  const {
    "match.situation": situation,
    "match.method": method,
    "match.ruleId": ruleId,
    "match.confidence": confidence,
    "match.candidates": candidates,
    "match.candidateNames": candidateNames,
    "match.by": by,
    "match.at": at,
    "match.reason": reason,
    ...account
  } = record;
  const match =
    situation === null ? null : { situation, method, ruleId, confidence, candidates, candidateNames, by, at, reason };
  return { ...account, match };
}

function conditionsOf(
  { siteId, connectionId, classes, statuses, groupId, search, situations, exclusion }: AccountFilters,
  past: Past | null,
): Sql[] {
  const conditions = [amongKnown(sql`s.site_id`, past)];
  if (siteId) conditions.push(sql`s.site_id = ${siteId}`);
  if (connectionId) conditions.push(isSiteOf(sql`s.site_id`, connectionId));
  if (classes) conditions.push(sql`s.account_class = any (${classes as string[]})`);
  if (statuses) conditions.push(sql`s.seat_status = any (${statuses as string[]})`);
  if (groupId) conditions.push(isMember(sql`s.site_id`, sql`s.account_id`, groupId, past?.at ?? null));
  if (search) conditions.push(searches(sql`s.search_text`, search));
  conditions.push(...exclusionConditions(rawSql("s"), exclusion));
  if (situations) {
    conditions.push(sql`
      exists (select 1
                from account_matches match
               where match.site_id = s.site_id and match.account_id = s.account_id and ${holds("match", past?.at ?? null)}
                 and match.situation = any (${situations as string[]}))`);
  }
  return conditions;
}

/** A person's accounts that hold now, by site. */
export async function listAccountsOfPerson(reader: Reader, personId: string): Promise<AccountRow[]> {
  const records = await reader.query<AccountRecord>(sql`
    select ${ACCOUNT_COLUMNS}
      from account_summaries s
      ${accountJoins(null)}
     where s.person_id = ${personId}
     order by site.name, s.account_id
  `);
  return records.map(withMatch);
}

/** The accounts behind people of one page, with what picks the sentence for each. */
export async function listSeatsOfPeople(
  reader: Reader,
  personIds: readonly string[],
  past: Past | null = null,
): Promise<{ personId: string; accountId: string; siteId: string; site: string; status: SeatStatus | null }[]> {
  return reader.query(sql`
    select s.person_id as "personId", s.account_id as "accountId", s.site_id as "siteId", site.name as site,
           s.seat_status as status
      from ${accountSummaries(past?.at ?? null)} s
      join sites site on site.id = s.site_id
     where s.person_id = any (${personIds as string[]}) and ${amongKnown(sql`s.site_id`, past)}
     order by s.person_id, site.name
  `);
}

export interface AccountChange {
  accountId: string;
  validFrom: Date;
  validTo: Date | null;
  displayName: string;
  accountStatus: AccountStatus;
  isGuest: boolean;
  isSuspended: boolean | null;
}

/** Most versions shown of one person; each is a change of some attribute. */
const CHANGES_MAX = 200;

/** How a person's accounts were over time, newest first. */
export async function listAccountHistory(reader: Reader, personId: string): Promise<AccountChange[]> {
  return reader.query<AccountChange>(sql`
    select v.account_id as "accountId", v.valid_from as "validFrom", v.valid_to as "validTo",
           v.display_name as "displayName", v.status as "accountStatus", v.is_guest as "isGuest",
           v.is_suspended as "isSuspended"
      from accounts a
      join account_versions v on v.site_id = a.site_id and v.account_id = a.id
     where a.person_id = ${personId}
     order by v.valid_from desc, v.account_id
     limit ${CHANGES_MAX}
  `);
}
