import type { Reader } from "./database.ts";
import { countByEach, type Facet, facetOf, withSiteNames } from "./facets.ts";
import { type PeopleFilters, peopleConditions, personConditions, placeConditions, useConditions } from "./people.ts";
import { joinSql, rawSql, sql, type Sql } from "./sql.ts";

/** What a filter is asked of: the person, or one and the same account. */
const PERSON_COLUMNS = {
  department: "p.department",
  personStatus: "p.person_status",
  costCenter: "p.cost_center",
} as const;
const USE_COLUMNS = { status: "p.seat_status", class: "p.account_class" } as const;

type PersonFacet = keyof typeof PERSON_COLUMNS;
type UseFacet = keyof typeof USE_COLUMNS;

/** Each filter of the people's list that is counted, and the filters without it. */
const WITHOUT: Record<PersonFacet | UseFacet | "siteId", (filters: PeopleFilters) => PeopleFilters> = {
  status: (filters) => ({ ...filters, statuses: null }),
  class: (filters) => ({ ...filters, classes: null }),
  siteId: (filters) => ({ ...filters, siteId: null }),
  department: (filters) => ({ ...filters, department: null }),
  personStatus: (filters) => ({ ...filters, personStatuses: null }),
  costCenter: (filters) => ({ ...filters, costCenter: null }),
};

const GIVEN: Record<PersonFacet | UseFacet, (filters: PeopleFilters) => unknown> = {
  status: ({ statuses }) => statuses,
  class: ({ classes }) => classes,
  department: ({ department }) => department,
  personStatus: ({ personStatuses }) => personStatuses,
  costCenter: ({ costCenter }) => costCenter,
};

/**
 * How many people the list would have with each value of each filter, the others as they are. The filters that are not
 * given are counted in one pass over the people; one that is given needs a pass without itself.
 */
export async function listPeopleFacets(reader: Reader, filters: PeopleFilters): Promise<Facet[]> {
  const names = [...Object.keys(USE_COLUMNS), ...Object.keys(PERSON_COLUMNS)] as (PersonFacet | UseFacet)[];
  const isPlain = placeConditions(filters, null).length === 0;
  const given = names.filter((name) => GIVEN[name](filters) !== null);
  const passes = [
    countIn(reader, filters, { names: names.filter((name) => !given.includes(name)), isPlain }),
    ...given.map((name) => countIn(reader, WITHOUT[name](filters), { names: [name], isPlain })),
  ];
  const [counted, sites] = await Promise.all([Promise.all(passes), countSites(reader, filters)]);
  const facets = counted.flat();
  return [sites, ...names.flatMap((name) => facets.filter(({ filter }) => filter === name))];
}

async function countIn(
  reader: Reader,
  filters: PeopleFilters,
  { names, isPlain }: { names: readonly (PersonFacet | UseFacet)[]; isPlain: boolean },
): Promise<Facet[]> {
  if (names.length === 0) return [];
  const ofPerson = names.filter((name): name is PersonFacet => name in PERSON_COLUMNS);
  const ofUse = names.filter((name): name is UseFacet => name in USE_COLUMNS);
  // Where only the person is asked about, the row of somebody with one account says all of that account.
  const scanned = isPlain ? names : ofPerson;
  const columns = Object.fromEntries(scanned.map((name) => [name, { ...PERSON_COLUMNS, ...USE_COLUMNS }[name]]));
  const rows =
    scanned.length === 0
      ? []
      : await countByEach(reader, columns, {
          from: rawSql("person_summaries p"),
          conditions: peopleConditions(filters),
          alone: rawSql("p.accounts_count = 1"),
          several: rawSql("p.accounts_count > 1"),
        });
  const people = ofPerson.map((name) => facetOf(name, byCount(rows.filter(({ by }) => by === name))));
  const use = await Promise.all(
    ofUse.map(async (name) => {
      const theirs = rows.filter(({ by }) => by === name);
      const alone = theirs.map(({ value, alone: count }) => ({ value, count }));
      const isEachAlone = isPlain && theirs.every(({ several }) => several === 0);
      const others = isEachAlone ? [] : await countAccounts(reader, name, filters, isPlain);
      return facetOf(name, byCount(added([...alone, ...others])));
    }),
  );
  return [...use, ...people];
}

/** People by a value of one of their accounts that is as asked: of those with several accounts alone, or of all. */
async function countAccounts(
  reader: Reader,
  name: UseFacet | "siteId",
  filters: PeopleFilters,
  onlyOfSeveral: boolean,
): Promise<{ value: string | null; count: number }[]> {
  const column: Sql = rawSql({ status: "s.seat_status", class: "s.account_class", siteId: "s.site_id" }[name]);
  const conditions = [
    ...personConditions(filters),
    ...useConditions(filters, {
      status: sql`s.seat_status`,
      accountClass: sql`s.account_class`,
      lastAt: sql`s.last_activity_at`,
    }),
    ...placeConditions(filters, null),
    onlyOfSeveral ? sql`p.accounts_count > 1` : sql`true`,
  ];
  return reader.query(sql`
    select each.value, count(*) as count
      from (select distinct ${column} as value, s.person_id
              from account_summaries s
              join person_summaries p on p.person_id = s.person_id
             where ${joinSql(conditions, " and ")}) as each
     group by each.value
  `);
}

/** Where there is one site, everybody who has an account has it there. */
async function countSites(reader: Reader, given: PeopleFilters): Promise<Facet> {
  const filters = WITHOUT.siteId(given);
  const sites = await reader.query<{ value: string }>(sql`select id as value from sites limit 2`);
  const [only] = sites;
  if (only && sites.length === 1) {
    const [row] = await reader.query<{ count: number }>(sql`
      select count(*) as count from person_summaries p where ${peopleConditions(filters)} and p.accounts_count > 0
    `);
    return withSiteNames(reader, facetOf("siteId", byCount([{ ...only, count: row?.count ?? 0 }])));
  }
  const rows = await countAccounts(reader, "siteId", filters, false);
  return withSiteNames(reader, facetOf("siteId", byCount(rows)));
}

interface Counted {
  value: string | null;
  count: number;
}

function added(rows: readonly Counted[]): Counted[] {
  const sums = new Map<string | null, number>();
  for (const { value, count } of rows) sums.set(value, (sums.get(value) ?? 0) + count);
  return [...sums].map(([value, count]) => ({ value, count }));
}

function byCount(rows: readonly Counted[]): Counted[] {
  return rows
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || ((a.value ?? "") < (b.value ?? "") ? -1 : 1));
}

/** So many people whose last activity is so many days ago, by steps of `stepDays`. */
export interface InactivityCounts {
  bins: { fromDay: number; people: number }[];
  /** Nothing was seen of them: never used, or without evidence. */
  without: number;
}

/** People by days since their last activity. The last bin is open. At most `binsMax` bins. */
export async function countInactivity(
  reader: Reader,
  filters: PeopleFilters,
  { now, stepDays, binsMax }: { now: Date; stepDays: number; binsMax: number },
): Promise<InactivityCounts> {
  const rows = await reader.query<{ bin: number | null; people: number }>(sql`
    select case when p.last_activity_at is not null
                then least(floor(extract(epoch from ${now}::timestamptz - p.last_activity_at) / 86400 / ${stepDays}::integer),
                           ${binsMax - 1}::integer)::integer end as bin, count(*) as people
      from person_summaries p
     where ${peopleConditions(filters)}
     group by 1
     order by 1
  `);
  const counts = new Map(rows.map(({ bin, people }) => [bin === null ? null : Math.max(0, bin), people]));
  const last = Math.max(-1, ...[...counts.keys()].filter((each) => each !== null));
  const bins = Array.from({ length: last + 1 }, (_, bin) => ({
    fromDay: bin * stepDays,
    people: counts.get(bin) ?? 0,
  }));
  return { bins, without: counts.get(null) ?? 0 };
}
