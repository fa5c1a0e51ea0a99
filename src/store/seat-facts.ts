import type { Tx } from "./database.ts";
import type { SeatFacts } from "../model/seats.ts";
import { rawSql, sql, type Sql } from "./sql.ts";
import { updateDistinct } from "./update-distinct.ts";

/** Any number; two that sum up people together take turns here, because a person may be on both their sites. */
export const PEOPLE_LOCK = 7_301;

const COLUMNS = [
  "person_id",
  "seat_id",
  "edition",
  "granted_at",
  "granted_origin",
  "account_class",
  "account_type",
  "is_managed",
  "email",
  "person_status",
  "department",
  "job_title",
  "cost_center",
  "location",
  "employment_type",
  "manager_id",
  "groups_count",
  "spaces_count",
  "duplicate_rank",
  "viewed_at",
  "contributed_at",
  "administered_at",
  "authenticated_at",
  "viewed_known_since",
  "viewed_known_until",
  "authenticated_known_since",
  "authenticated_known_until",
  "seat_status",
];

/**
 * Brings `seat_facts` of everybody in `summary_people` to what their summaries and evidence say, at every site they are
 * on. A row that would not change is not written. Part of each change to people's summaries, so that no condition sees a
 * person otherwise than the lists do.
 */
export async function gatherSeatFacts(tx: Tx): Promise<void> {
  await tx.execute(sql`
    create temporary table next_seat_facts on commit drop as
      with concerned as materialized (
        select a.*
          from summary_people p
          join account_summaries a on a.person_id = p.person_id
         where a.seat_id is not null or a.account_class = 'guest'),
      ${USE_OF_ACCOUNTS}, ${SITE_WINDOWS}
    select a.site_id, a.account_id, a.person_id, a.seat_id, a.edition,
           coalesce(a.seat_since, x.first_seen_at) as granted_at,
           coalesce(s.since_origin, 'first-seen') as granted_origin,
           a.account_class, a.account_type, a.is_managed, lower(a.email) as email, p.person_status,
           coalesce(p.department, a.department) as department, coalesce(p.job_title, a.job_title) as job_title,
           p.cost_center, p.location, p.employment_type, p.manager_id, a.groups_count, a.spaces_count,
           case when a.seat_id is not null and count(a.seat_id) over (partition by a.site_id, a.person_id) > 1
                then row_number() over (partition by a.site_id, a.person_id, a.seat_id is null
                                            order by a.last_activity_at desc nulls last, a.account_id)
           end::integer as duplicate_rank,
           u.viewed_at, u.contributed_at, u.administered_at, u.authenticated_at,
           viewed.since as viewed_known_since, viewed.until as viewed_known_until,
           authenticated.since as authenticated_known_since, authenticated.until as authenticated_known_until,
           a.seat_status
      from concerned a
      join accounts x on x.site_id = a.site_id and x.id = a.account_id
      left join seats s on s.site_id = a.site_id and s.id = a.seat_id
      left join person_summaries p on p.person_id = a.person_id
      left join use_of_account u on u.site_id = a.site_id and u.account_id = a.account_id
      ${windowOf("viewed")}
      ${windowOf("authenticated")}
  `);
  await tx.execute(sql`create unique index on next_seat_facts (site_id, account_id)`);
  await tx.execute(sql`analyze next_seat_facts`);
  await tx.execute(sql`
    delete from seat_facts f
     using summary_people p
     where f.person_id = p.person_id
       and not exists (select 1
                         from next_seat_facts n
                        where n.site_id = f.site_id and n.account_id = f.account_id)
  `);
  await updateDistinct(tx, "seat_facts", "next_seat_facts", ["site_id", "account_id"], COLUMNS);
  await tx.execute(sql`drop table next_seat_facts`);
}

/**
 * Gathers them once for sites that were summarized before there were any, as after an upgrade: until their next run, a
 * site with seats would look like one without. Gives how many sites lacked them; nothing is done where none does.
 */
export async function gatherMissingSeatFacts(tx: Tx): Promise<number> {
  // As in the merge of people: two processes that start together take turns, and the second finds nothing missing.
  await tx.execute(sql`select pg_advisory_xact_lock(${PEOPLE_LOCK})`);
  const lacking = await tx.query<{ id: string }>(sql`
    select s.id
      from sites s
     where not exists (select from seat_facts f where f.site_id = s.id)
       and exists (select from account_summaries a
                    where a.site_id = s.id and (a.seat_id is not null or a.account_class = 'guest'))
  `);
  if (lacking.length === 0) return 0;
  await tx.execute(sql`
    create temporary table summary_people on commit drop as
    select distinct a.person_id from account_summaries a where a.site_id = any (${lacking.map(({ id }) => id)})
  `);
  await tx.execute(sql`create unique index on summary_people (person_id)`);
  await tx.execute(sql`analyze summary_people`);
  await gatherSeatFacts(tx);
  await tx.execute(sql`drop table summary_people`);
  return lacking.length;
}

/**
 * The latest use of each kind, and what is covered for the account itself. What an import says of one account is its use
 * alone. Sources that do not tell of it any more are kept apart: what they cover for everybody does not hold for it.
 */
const USE_OF_ACCOUNTS = rawSql(`
  use_of_account as materialized (
    select e.site_id, e.account_id,
           max(last_at) filter (where kind = 'viewed') as viewed_at,
           max(last_at) filter (where kind = 'contributed') as contributed_at,
           max(last_at) filter (where kind = 'administered') as administered_at,
           max(last_at) filter (where kind = 'authenticated') as authenticated_at,
           ${ownWindow("viewed")}, ${ownWindow("authenticated")}
      from evidence e
      join concerned c on c.site_id = e.site_id and c.account_id = e.account_id
     group by e.site_id, e.account_id)`);

function ownWindow(kind: "viewed" | "authenticated"): string {
  const told = `filter (where kind = '${kind}' and is_told and source <> 'import')`;
  return `
    min(coalesce(known_since, '-infinity')) ${told} as ${kind}_since,
    max(known_until) ${told} as ${kind}_until,
    array_agg(source) filter (where kind = '${kind}' and not is_told) as ${kind}_untold`;
}

/**
 * What holds for everybody at a site, of each kind: what is read from a source, of several the one that is known until
 * latest and of those the one that reaches back furthest, and apart from it what was imported.
 */
const SITE_WINDOWS = rawSql(`
  site_window as materialized (
    select distinct on (site_id, kind, source = 'import') site_id, kind, source,
           coalesce(known_since, '-infinity') as since, known_until as until
      from evidence_windows
     order by site_id, kind, source = 'import', known_until desc, known_since nulls first)`);

/**
 * Since and until when a kind is known of account `a`, as a row named like the kind: what is read of it, which is its own
 * window and the site's together, and what was imported. Where the two meet the one goes on where the other ends; else
 * the later one counts alone, for between them nothing is known.
 */
function windowOf(kind: "viewed" | "authenticated"): Sql {
  const ofSite = (column: string) =>
    `case when ${kind}_site.source = any (u.${kind}_untold) then null else ${kind}_site.${column} end`;
  return rawSql(`
      left join site_window ${kind}_site
        on ${kind}_site.site_id = a.site_id and ${kind}_site.kind = '${kind}' and ${kind}_site.source <> 'import'
      left join site_window ${kind}_import
        on ${kind}_import.site_id = a.site_id and ${kind}_import.kind = '${kind}' and ${kind}_import.source = 'import'
     cross join lateral (select least(u.${kind}_since, ${ofSite("since")}) as since,
                                greatest(u.${kind}_until, ${ofSite("until")}) as until) ${kind}_read
     cross join lateral (
       select case when ${kind}_read.since <= ${kind}_import.until and ${kind}_import.since <= ${kind}_read.until
                   then least(${kind}_read.since, ${kind}_import.since)
                   when ${kind}_read.until is null or ${kind}_import.until > ${kind}_read.until
                   then ${kind}_import.since
                   else ${kind}_read.since end as since,
              greatest(${kind}_read.until, ${kind}_import.until) as until) ${kind}`);
}

/** Columns of `seat_facts f` for `toSeatFacts`. */
export const SEAT_FACTS_COLUMNS = rawSql(`
  f.site_id as "siteId", f.account_id as "accountId", f.person_id as "personId", f.seat_id as "seatId", f.edition,
  f.granted_at as "grantedAt", f.granted_origin as "grantedOrigin", f.account_class as "accountClass",
  f.account_type as "accountType", f.is_managed as "isManaged", f.email, f.person_status as "personStatus",
  f.department, f.job_title as "jobTitle", f.cost_center as "costCenter", f.location,
  f.employment_type as "employmentType", f.manager_id as "managerId", f.groups_count as "groupsCount",
  f.spaces_count as "spacesCount", f.duplicate_rank as "duplicateRank", f.viewed_at as "viewedAt",
  f.contributed_at as "contributedAt", f.administered_at as "administeredAt", f.authenticated_at as "authenticatedAt",
  f.seat_status as "seatStatus",
  (select upper(s.edition_identifier) from seats s where s.site_id = f.site_id and s.id = f.seat_id)
    as "editionIdentifier",
  array(select m.group_id
          from memberships m
         where m.site_id = f.site_id and m.account_id = f.account_id and m.valid_to is null
         union
        select c.group_id
          from memberships m
          join group_closure c
            on c.site_id = m.site_id and c.member_group_id = m.group_id and c.valid_to is null
         where m.site_id = f.site_id and m.account_id = f.account_id and m.valid_to is null) as "groupIds",
  nullif(f.viewed_known_since, '-infinity') as "viewedKnownSince", f.viewed_known_until as "viewedKnownUntil",
  nullif(f.authenticated_known_since, '-infinity') as "authenticatedKnownSince",
  f.authenticated_known_until as "authenticatedKnownUntil"`);

/** A row of `seat_facts` as the database gives it. */
export interface SeatFactsRow extends Omit<SeatFacts, "reading"> {
  viewedKnownSince: Date | null;
  viewedKnownUntil: Date | null;
  authenticatedKnownSince: Date | null;
  authenticatedKnownUntil: Date | null;
}

export function toSeatFacts(row: SeatFactsRow): SeatFacts {
  const { viewedKnownSince, viewedKnownUntil, authenticatedKnownSince, authenticatedKnownUntil, ...facts } = row;
  const reading: SeatFacts["reading"] = [];
  if (viewedKnownUntil) reading.push({ kind: "viewed", knownSince: viewedKnownSince, knownUntil: viewedKnownUntil });
  if (authenticatedKnownUntil) {
    reading.push({ kind: "authenticated", knownSince: authenticatedKnownSince, knownUntil: authenticatedKnownUntil });
  }
  return { ...facts, reading };
}
