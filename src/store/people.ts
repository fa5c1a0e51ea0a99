import type { AccountClass, EvidenceKind, SeatStatus } from "../model/facts.ts";
import type { MatchSituation } from "../model/matching.ts";
import type { PersonFieldOrigin, PersonStatus } from "../model/people.ts";
import type { Reader } from "./database.ts";
import { exclusionConditions, type ExclusionFilter } from "./exclusions/of-account.ts";
import { holds, type Instant, type Past } from "./instants.ts";
import type { ListSource } from "./paging.ts";
import { personSummaries } from "./people-at.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

export interface PersonRow {
  personId: string;
  name: string;
  email: string | null;
  department: string | null;
  jobTitle: string | null;
  accountClass: AccountClass;
  accounts: number;
  seats: number;
  /** Of the seat that is used most; null without one. */
  status: SeatStatus | null;
  lastActivityAt: Date | null;
  lastActivityKind: EvidenceKind | null;
  lastActivity: string | null;
  events90d: number | null;
  groups: number;
  spaces: number | null;
  costPerMonthMinor: number | null;
  currency: string | null;
  seatSince: Date | null;
  /** What an import says; null of a person whom none tells of. */
  personStatus: PersonStatus | null;
  costCenter: string | null;
  managerId: string | null;
  manager: string | null;
  employmentType: string | null;
  location: string | null;
  origins: Record<string, PersonFieldOrigin>;
}

export interface PeopleFilters {
  statuses: readonly SeatStatus[] | null;
  classes: readonly AccountClass[] | null;
  siteId: string | null;
  groupId: string | null;
  notInGroupId: string | null;
  /** In a group that gives the administration of the site. */
  isAdmin: boolean | null;
  department: string | null;
  personStatuses: readonly PersonStatus[] | null;
  costCenter: string | null;
  managerId: string | null;
  /** One of the person's accounts is in this situation. */
  situations: readonly MatchSituation[] | null;
  hasAccounts: boolean | null;
  /** Part of the name or e-mail. */
  search: string | null;
  /** Idle seats whose last use is no later than this. */
  idleSince: Date | null;
  exclusion?: ExclusionFilter;
}

export type PeopleSort = "name" | "lastActivityAt" | "spaces" | "groups" | "cost" | "seatSince";

/** People over all sites. What is asked of an account must hold of one and the same account: idle on this very site. */
export function peopleList(
  filters: PeopleFilters,
  past: Past | null = null,
): ListSource<PersonRow, PersonRow, PeopleSort> {
  const conditions = joinSql(conditionsOf(filters, past), " and ");
  const summaries = personSummaries(past, joinSql(accountConditions(filters, past), " and "));
  return {
    sorts: {
      name: { by: sql`p.sort_key`, type: "text" },
      lastActivityAt: { by: sql`p.last_activity_at`, type: "timestamptz", isNullable: true },
      spaces: { by: sql`p.spaces_count`, type: "bigint", isNullable: true },
      groups: { by: sql`p.groups_count`, type: "bigint" },
      cost: { by: sql`p.price_minor`, type: "bigint", isNullable: true },
      seatSince: { by: sql`p.seat_since`, type: "timestamptz", isNullable: true },
    },
    tie: { by: sql`p.person_id`, type: "text" },
    select: (page) => sql`
      select ${PERSON_COLUMNS}, ${page.keys}
        from ${summaries} p
       where ${conditions} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${summaries} p where ${conditions}`,
  };
}

const PERSON_COLUMNS = sql`
  p.person_id as "personId", p.display_name as name, p.email, p.department, p.job_title as "jobTitle",
  p.account_class as "accountClass", p.accounts_count as accounts, p.seats_count as seats, p.seat_status as status,
  p.last_activity_at as "lastActivityAt", p.last_activity_kind as "lastActivityKind",
  p.last_activity_summary as "lastActivity", p.events_90d as "events90d", p.groups_count as groups,
  p.spaces_count as spaces, p.price_minor as "costPerMonthMinor", p.price_currency as currency,
  p.seat_since as "seatSince", p.person_status as "personStatus", p.cost_center as "costCenter",
  p.manager_id as "managerId",
  (select boss.display_name from person_summaries boss where boss.person_id = p.manager_id) as manager,
  p.employment_type as "employmentType", p.location, p.origins`;

/** Everything that is asked of people as they are now: conditions on `p`. */
export function peopleConditions(filters: PeopleFilters): Sql {
  return joinSql(conditionsOf(filters, null), " and ");
}

function conditionsOf(filters: PeopleFilters, past: Past | null): Sql[] {
  const conditions = personConditions(filters);
  const ofUse = useConditions(filters, {
    status: sql`s.seat_status`,
    accountClass: sql`s.account_class`,
    lastAt: sql`s.last_activity_at`,
  });
  const ofPlace = placeConditions(filters, past);
  if (past !== null) return [...conditions, sql`p.is_matching`];
  if (ofUse.length + ofPlace.length === 0) return conditions;

  const matching = sql`
    select s.person_id
      from account_summaries s
     where ${joinSql([...ofUse, ...ofPlace], " and ")}`;
  if (ofPlace.length > 0) return [...conditions, sql`p.person_id in (${matching})`];
  // Most people have one account, and their own row says all that is asked of it: no second table is looked at.
  const ofOnly = useConditions(filters, {
    status: sql`p.seat_status`,
    accountClass: sql`p.account_class`,
    lastAt: sql`p.last_activity_at`,
  });
  conditions.push(sql`
    case when p.accounts_count = 1 then ${joinSql(ofOnly, " and ")}
         else p.person_id in (${matching})
     end`);
  return conditions;
}

/** What is asked of the person alone: conditions on `p`. */
export function personConditions(filters: PeopleFilters): Sql[] {
  const { department, search } = filters;
  const conditions = [sql`true`];
  if (department) conditions.push(sql`p.department = ${department}`);
  conditions.push(...importConditions(filters));
  if (search) conditions.push(searches(sql`p.search_text`, search));
  return conditions;
}

/** What is asked of the person behind the accounts. */
function importConditions({ personStatuses, costCenter, managerId, situations, hasAccounts }: PeopleFilters): Sql[] {
  const conditions: Sql[] = [];
  if (personStatuses) conditions.push(sql`p.person_status = any (${personStatuses as string[]})`);
  if (costCenter) conditions.push(sql`p.cost_center = ${costCenter}`);
  if (managerId) conditions.push(sql`p.manager_id = ${managerId}`);
  if (hasAccounts !== null) conditions.push(hasAccounts ? sql`p.accounts_count > 0` : sql`p.accounts_count = 0`);
  if (situations) {
    conditions.push(sql`
      p.person_id in (select s.person_id
                        from account_summaries s
                        join account_matches m on m.site_id = s.site_id and m.account_id = s.account_id
                                              and m.valid_to is null
                       where m.situation = any (${situations as string[]}))`);
  }
  return conditions;
}

/** Everything that must hold of one and the same account. */
function accountConditions(filters: PeopleFilters, past: Past | null): Sql[] {
  const columns = { status: sql`s.seat_status`, accountClass: sql`s.account_class`, lastAt: sql`s.last_activity_at` };
  return [sql`true`, ...useConditions(filters, columns), ...placeConditions(filters, past)];
}

/** What is asked of how an account is used. */
export function useConditions(
  { statuses, classes, idleSince }: PeopleFilters,
  columns: { status: Sql; accountClass: Sql; lastAt: Sql },
): Sql[] {
  const conditions: Sql[] = [];
  if (statuses) conditions.push(sql`${columns.status} = any (${statuses as string[]})`);
  if (classes) conditions.push(sql`${columns.accountClass} = any (${classes as string[]})`);
  if (idleSince) conditions.push(sql`${columns.status} = 'idle' and ${columns.lastAt} <= ${idleSince}`);
  return conditions;
}

/** What is asked of where an account is, and what lies over it. */
export function placeConditions(filters: PeopleFilters, past: Past | null): Sql[] {
  const { siteId, groupId, notInGroupId, isAdmin, exclusion } = filters;
  const at = past?.at ?? null;
  const conditions: Sql[] = [];
  if (siteId) conditions.push(sql`s.site_id = ${siteId}`);
  if (groupId) conditions.push(isMember(sql`s.site_id`, sql`s.account_id`, groupId, at));
  if (notInGroupId) {
    conditions.push(
      sql`s.site_id = ${siteOfGroup(notInGroupId)}`,
      sql`not ${isMember(sql`s.site_id`, sql`s.account_id`, notInGroupId, at)}`,
    );
  }
  if (isAdmin !== null) conditions.push(isAdmin ? administers(at) : sql`not ${administers(at)}`);
  conditions.push(...exclusionConditions(rawSql("s"), exclusion));
  return conditions;
}

/** Whether the account `s` is in a group that gives the administration of its site, or in one nested in such a group. */
function administers(at: Instant): Sql {
  return sql`(s.site_id, s.account_id) in (
               select m.site_id, m.account_id
                 from product_access p
                 join memberships m on m.site_id = p.site_id and m.group_id = p.group_id and ${holds("m", at)}
                where p.access = 'admin' and ${holds("p", at)}
                union all
               select m.site_id, m.account_id
                 from product_access p
                 join group_closure nested
                   on nested.site_id = p.site_id and nested.group_id = p.group_id and ${holds("nested", at)}
                 join memberships m
                   on m.site_id = nested.site_id and m.group_id = nested.member_group_id and ${holds("m", at)}
                where p.access = 'admin' and ${holds("p", at)})`;
}

function siteOfGroup(groupId: string): Sql {
  return sql`(select of_group.site_id from groups of_group where of_group.id = ${groupId})`;
}

/** Whether an account is effectively in a group: as its member, or as one of a group nested in it. */
export function isMember(siteId: Sql, accountId: Sql, groupId: string, at: Instant = null): Sql {
  const groupSite = siteOfGroup(groupId);
  // The group stands there as a value, so that the planner knows how many it holds.
  return sql`(${siteId}, ${accountId}) in (
               select m.site_id, m.account_id
                 from memberships m
                where m.site_id = ${groupSite} and m.group_id = ${groupId} and ${holds("m", at)}
                union all
               select m.site_id, m.account_id
                 from group_closure nested
                 join memberships m
                   on m.site_id = nested.site_id and m.group_id = nested.member_group_id and ${holds("m", at)}
                where nested.site_id = ${groupSite} and nested.group_id = ${groupId} and ${holds("nested", at)})`;
}

/** `search_text` is lower case; what was typed is taken literally. */
export function searches(column: Sql, typed: string): Sql {
  return sql`${column} like ${`%${typed.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`;
}

export async function findPerson(reader: Reader, personId: string): Promise<PersonRow | null> {
  const rows = await reader.query<PersonRow>(sql`
    select ${PERSON_COLUMNS} from person_summaries p where p.person_id = ${personId}
  `);
  return rows[0] ?? null;
}

/** A person none of whose accounts is there any more; their history is. */
export async function hasPerson(reader: Reader, personId: string): Promise<boolean> {
  const rows = await reader.query(sql`select id from people where id = ${personId}`);
  return rows.length > 0;
}
