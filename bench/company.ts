import { performance } from "node:perf_hooks";
import type { TestServer } from "../src/http/testing/server.ts";
import { findConnection } from "../src/store/connections.ts";
import type { Tx } from "../src/store/database.ts";
import { sql } from "../src/store/sql.ts";
import { afterRun } from "../src/sync/after-run.ts";

export interface CompanySize {
  accounts: number;
  groups: number;
  /** Members of each group but the first, which holds everybody. */
  membersPerGroup: number;
  spaces: number;
  principalsPerSpace: number;
}

export const HUNDRED_THOUSAND: CompanySize = {
  accounts: 100_000,
  groups: 3000,
  membersPerGroup: 130,
  spaces: 10_000,
  principalsPerSpace: 9,
};

const OBSERVED_AT = new Date("2026-11-21T06:00:00Z");

const SETTINGS = {
  analyzeActivitySince: "2025-11-21T06:00:00.000Z",
  idleAfterDays: 60,
  staleAfterHours: 36,
  safeguardPercentMax: 10,
  safeguardCountMin: 50,
  splitDisplayName: false,
};

/**
 * One site of so many people, made of arithmetic on row numbers: the same each time, and a few statements whatever its
 * size. Of hundred accounts 88 hold a seat; a third read and never write, a fifth have gone quiet.
 */
async function makeCompany(tx: Tx, size: CompanySize): Promise<{ siteId: string; connectionId: string }> {
  const [operator] = await tx.query<{ id: string }>(sql`
    insert into operators (kind, name, created_at) values ('person', 'Bench', ${OBSERVED_AT}) returning id
  `);
  const [site] = await tx.query<{ id: string; connectionId: string }>(sql`
    with site as (
      insert into sites (source, source_key, base_url, name, edition, role_mode, last_synced_at, created_at)
      values ('confluence-cloud', 'bench', 'https://bench.example', 'Bench', 'standard', 'pre-roles', ${OBSERVED_AT},
              ${OBSERVED_AT})
      returning id),
    connection as (
      insert into connections (name, source, state, capabilities, settings, created_by, created_at, updated_at)
      values ('Bench', 'confluence-cloud', 'published', '{roster,activity,permissions}',
              ${JSON.stringify(SETTINGS)}::jsonb, ${operator?.id}, ${OBSERVED_AT}, ${OBSERVED_AT})
      returning id),
    linked as (
      insert into connection_sites (connection_id, site_id, added_at)
      select connection.id, site.id, ${OBSERVED_AT} from connection, site)
    select site.id, connection.id as "connectionId" from site, connection
  `);
  const siteId = site?.id ?? "";
  await makeAccounts(tx, siteId, size);
  await makeGroups(tx, siteId, size);
  await makeSpaces(tx, siteId, size);
  await makeUse(tx, siteId, size);
  return { siteId, connectionId: site?.connectionId ?? "" };
}

/** The company with its seats and summaries in the database of a test server, whose clock stands at its instant. */
export async function openCompany({ db, clock }: TestServer, size: CompanySize): Promise<OpenedCompany> {
  clock.moveTo(OBSERVED_AT);
  const { siteId, connectionId } = await db.transaction((tx) => makeCompany(tx, size));
  await db.query(sql`analyze`);
  const connection = await findConnection(db, connectionId);
  if (!connection) throw new Error("The company has no connection.");
  const run = { siteId, connectionId, runId: "run_000000000000", scope: "full", observedAt: OBSERVED_AT } as const;
  const summarize = async () => {
    const began = performance.now();
    await afterRun(db, { ...run, settings: connection.settings });
    return performance.now() - began;
  };
  const summarizedMs = await summarize();
  await db.query(sql`vacuum analyze`);
  return { summarizedMs, summarize };
}

interface OpenedCompany {
  /** How long the step after a run took. */
  summarizedMs: number;
  /** The same once more, with nothing changed; answers how long it took. */
  summarize(): Promise<number>;
}

async function makeAccounts(tx: Tx, siteId: string, { accounts }: CompanySize): Promise<void> {
  await tx.execute(sql`
    with numbers as (
      select n, new_id('person') as person_id
        from generate_series(1, ${accounts}::integer) as n),
    persons as (
      insert into people (id, first_seen_at) select person_id, ${OBSERVED_AT} from numbers),
    identified as (
      insert into person_identifiers (kind, value, person_id)
      select 'atlassian-account', 'acc-' || n, person_id from numbers)
    insert into accounts (site_id, source_id, person_id, first_seen_at)
    select ${siteId}, 'acc-' || n, person_id, ${OBSERVED_AT} from numbers
  `);
  await tx.execute(sql`
    insert into account_versions
      (site_id, account_id, valid_from, account_type, status, is_guest, is_suspended, is_managed, display_name, email,
       department, job_title, added_at, origins, sort_key)
    select ${siteId}, id, ${OBSERVED_AT}, case when n % 100 in (3, 4, 5) then 'app' else 'atlassian' end,
           case when n % 100 in (6, 7, 8) then 'inactive' else 'active' end, n % 100 in (9, 10, 11), false, true,
           name, replace(name, ' ', '.') || '@bench.example',
           (array['Sales', 'Finance', 'Legal', 'Engineering', 'Support', 'People', 'Marketing'])[1 + n % 7],
           (array['Lead', 'Specialist', 'Analyst'])[1 + n % 3], ${OBSERVED_AT}::timestamptz - n % 1500 * interval '1 day',
           '{}', name || ' ' || n
      from (select id, n,
                   (array['ada', 'bram', 'dina', 'elif', 'ivo', 'kim', 'max', 'noor', 'olga', 'petra', 'sam'])[1 + n % 11]
                   || ' ' || (array['novak', 'costa', 'byrne', 'gupta', 'okafor', 'silva', 'marsh'])[1 + n * 13 % 7]
                   || ' ' || n as name
              from (select id, substr(source_id, 5)::integer as n from accounts where site_id = ${siteId}) as numbered) as named
  `);
}

async function makeGroups(tx: Tx, siteId: string, { accounts, groups, membersPerGroup }: CompanySize): Promise<void> {
  await tx.execute(sql`
    insert into groups (site_id, source_id, first_seen_at)
    select ${siteId}, 'group-' || n, ${OBSERVED_AT} from generate_series(0, ${groups - 1}::integer) as n
  `);
  await tx.execute(sql`
    insert into group_versions (site_id, group_id, valid_from, name, managed_by, sort_key)
    select ${siteId}, id, ${OBSERVED_AT}, source_id, 'admins', source_id from groups where site_id = ${siteId}
  `);
  await tx.execute(sql`
    insert into product_access (site_id, group_id, access, valid_from)
    select ${siteId}, id, 'user', ${OBSERVED_AT} from groups where site_id = ${siteId} and source_id = 'group-0'
  `);
  // The first group holds everybody but some without access; the others overlap, so people are in one to a dozen.
  await tx.execute(sql`
    insert into memberships (site_id, group_id, account_id, valid_from)
    select ${siteId}, g.id, a.id, ${OBSERVED_AT}::timestamptz
      from accounts a
      join groups g on g.site_id = ${siteId} and g.source_id = 'group-0'
     where a.site_id = ${siteId} and substr(a.source_id, 5)::integer % 100 not in (3, 4, 5, 9, 10, 11, 12)
     union
    select ${siteId}, g.id, a.id, ${OBSERVED_AT}::timestamptz
      from generate_series(1, ${groups - 1}::integer) as group_number
     cross join generate_series(0, ${membersPerGroup - 1}::integer) as place
      join groups g on g.site_id = ${siteId} and g.source_id = 'group-' || group_number
      join accounts a
        on a.site_id = ${siteId}
       and a.source_id = 'acc-' || 1 + (group_number::bigint * 7919 + place * 104729) % ${accounts}::integer
  `);
}

async function makeSpaces(
  tx: Tx,
  siteId: string,
  { accounts, groups, spaces, principalsPerSpace }: CompanySize,
): Promise<void> {
  await tx.execute(sql`
    insert into spaces (site_id, source_id, ordinal, first_seen_at)
    select ${siteId}, 'space-' || n, n, ${OBSERVED_AT} from generate_series(0, ${spaces - 1}::integer) as n
  `);
  await tx.execute(sql`
    insert into space_versions (site_id, space_id, valid_from, key, name, type, status, sort_key)
    select ${siteId}, id, ${OBSERVED_AT}, 'S' || ordinal, 'Space ' || ordinal, 'global', 'current', 'space ' || ordinal
      from spaces
     where site_id = ${siteId}
  `);
  // The last principal is everybody licensed in a third of the spaces; of the rest, two thirds are groups.
  await tx.execute(sql`
    insert into space_permissions
      (site_id, space_id, principal_type, principal_id, valid_from, operations, can_read, can_administer)
    select distinct on (id, principal) ${siteId}, id,
           case when principal = 'all-licensed-users' then 'access-class'
                when principal like 'group%' then 'group'
                else 'user' end,
           principal, ${OBSERVED_AT}::timestamptz, '[{"key":"read","target":"space","sourceId":"1"}]'::jsonb, true, place = 1
      from (select s.id, place,
                   case when place = ${principalsPerSpace}::integer and s.ordinal % 3 = 0 then 'all-licensed-users'
                        when place % 3 > 0
                        then 'group-' || 1 + (s.ordinal::bigint * 31 + place * 977) % ${groups - 1}::integer
                        else 'acc-' || 1 + (s.ordinal::bigint * 37 + place * 7919) % ${accounts}::integer
                    end as principal
              from spaces s
             cross join generate_series(1, ${principalsPerSpace}::integer) as place
             where s.site_id = ${siteId}) as drawn
  `);
}

async function makeUse(tx: Tx, siteId: string, size: CompanySize): Promise<void> {
  const untilAt = new Date(OBSERVED_AT.getTime() - 86_400_000);
  await tx.execute(sql`
    insert into evidence_windows (site_id, kind, source, known_since, known_until)
    values (${siteId}, 'viewed', 'organization', null, ${untilAt}),
           (${siteId}, 'contributed', 'content-search', ${OBSERVED_AT}::timestamptz - interval '90 days', ${OBSERVED_AT})
  `);
  await tx.execute(sql`
    insert into evidence (site_id, account_id, kind, source, last_at, known_since, known_until)
    select ${siteId}, id, 'viewed', 'organization',
           ${untilAt}::timestamptz - (case when n % 5 = 0 then 70 + n % 300 else n % 55 end) * interval '1 day'
             - n % 1440 * interval '1 minute',
           null::timestamptz, ${untilAt}::timestamptz
      from (select id, substr(source_id, 5)::integer as n from accounts where site_id = ${siteId}) as numbered
     where n % 13 > 0
  `);
  await tx.execute(sql`
    insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, space_key, seen_at)
    select ${siteId}, 'content-search', n || '-' || version, a.id, 'page', 'edited "Page ' || n || '"',
           ${OBSERVED_AT}::timestamptz - n % 90 * interval '1 day' - version * interval '1 hour', 'S' || n % ${size.spaces}::integer,
           ${OBSERVED_AT}
      from generate_series(1, ${Math.floor(size.accounts / 2)}::integer) as n
     cross join generate_series(1, 2) as version
      join accounts a on a.site_id = ${siteId} and a.source_id = 'acc-' || n * 2
     where n % 5 > 0
  `);
  await tx.execute(sql`
    insert into evidence (site_id, account_id, kind, source, last_at, known_since, known_until)
    select ${siteId}, account_id, 'contributed', 'content-search', max(occurred_at),
           ${OBSERVED_AT}::timestamptz - interval '90 days', ${OBSERVED_AT}::timestamptz
      from activity_events
     where site_id = ${siteId}
     group by account_id
  `);
}
