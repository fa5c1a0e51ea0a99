import type { Reader } from "../../src/store/database.ts";
import { rawSql, sql } from "../../src/store/sql.ts";

/** What holds now at a site, in the source's own ids and in one order, for comparison with the simulator's truth. */
export interface SyncedFacts {
  accounts: { id: string; displayName: string; status: string; type: string; isGuest: boolean }[];
  groups: { id: string; name: string }[];
  memberships: Record<string, string[]>;
  /** Group → the groups directly in it; groups without any are left out. */
  nestings: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string; name: string; type: string; status: string }[];
  /** `space principal-type principal` with its operations or roles. */
  rights: string[];
  events: string[];
}

export async function syncedFacts(reader: Reader, siteId: string): Promise<SyncedFacts> {
  const memberships = await reader.query<{ id: string; members: string[] }>(sql`
    select g.source_id as id,
           coalesce(array_agg(a.source_id order by a.source_id collate "C") filter (where a.id is not null), '{}') as members
      from groups g
      join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
      left join memberships m on m.site_id = g.site_id and m.group_id = g.id and m.valid_to is null
      left join accounts a on a.site_id = m.site_id and a.id = m.account_id
     where g.site_id = ${siteId}
     group by g.source_id
  `);
  const nestings = await reader.query<{ id: string; inner: string[] }>(sql`
    select outside.source_id as id, array_agg(inside.source_id order by inside.source_id collate "C") as inner
      from group_nestings n
      join groups outside on outside.site_id = n.site_id and outside.id = n.group_id
      join groups inside on inside.site_id = n.site_id and inside.id = n.member_group_id
     where n.site_id = ${siteId} and n.valid_to is null
     group by outside.source_id
     order by outside.source_id collate "C"
  `);
  return {
    accounts: await reader.query(sql`
      select a.source_id as id, v.display_name as "displayName", v.status, v.account_type as type, v.is_guest as "isGuest"
        from accounts a
        join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
       where a.site_id = ${siteId}
       order by a.source_id collate "C"
    `),
    groups: await reader.query(sql`
      select g.source_id as id, v.name
        from groups g
        join group_versions v on v.site_id = g.site_id and v.group_id = g.id and v.valid_to is null
       where g.site_id = ${siteId}
       order by g.source_id collate "C"
    `),
    memberships: Object.fromEntries(memberships.map((each) => [each.id, each.members])),
    nestings: Object.fromEntries(nestings.map((each) => [each.id, each.inner])),
    productAccessGroups: (
      await reader.query<{ id: string }>(sql`
        select distinct g.source_id collate "C" as id
          from product_access p
          join groups g on g.site_id = p.site_id and g.id = p.group_id
         where p.site_id = ${siteId} and p.valid_to is null
         order by 1
      `)
    ).map((each) => each.id),
    spaces: await reader.query(sql`
      select s.source_id as id, v.key, v.name, v.type, v.status
        from spaces s
        join space_versions v on v.site_id = s.site_id and v.space_id = s.id and v.valid_to is null
       where s.site_id = ${siteId}
       order by s.source_id collate "C"
    `),
    rights: (
      await reader.query<{ right: string }>(sql`
        select s.source_id || ' ' || p.principal_type || ' ' || p.principal_id || ' ' || p.operations as right
          from space_permissions p
          join spaces s on s.site_id = p.site_id and s.id = p.space_id
         where p.site_id = ${siteId} and p.valid_to is null
         union all
        select s.source_id || ' ' || p.principal_type || ' ' || p.principal_id || ' ' || array_to_string(p.roles, ',')
          from role_assignments p
          join spaces s on s.site_id = p.site_id and s.id = p.space_id
         where p.site_id = ${siteId} and p.valid_to is null
         order by 1
      `)
    ).map((each) => each.right),
    events: (
      await reader.query<{ event: string }>(sql`
        select e.source || ' ' || e.event_id || ' ' || a.source_id || ' ' || e.occurred_at as event
          from activity_events e
          join accounts a on a.site_id = e.site_id and a.id = e.account_id
         where e.site_id = ${siteId}
         order by 1
      `)
    ).map((each) => each.event),
  };
}

/** `space principal-type principal operation` or `… role id`, but for what the source tells of roles themselves. */
export async function syncedRights(reader: Reader, siteId: string): Promise<string[]> {
  const rows = await reader.query<{ right: string }>(sql`
    select s.source_id || ' ' || p.principal_type || ' ' || p.principal_id || ' ' || (operation ->> 'key') || '/'
           || (operation ->> 'target') as right
      from space_permissions p
     cross join jsonb_array_elements(p.operations) as each(operation)
      join spaces s on s.site_id = p.site_id and s.id = p.space_id
     where p.site_id = ${siteId} and p.valid_to is null and p.principal_type <> 'role'
     union all
    select s.source_id || ' ' || p.principal_type || ' ' || p.principal_id || ' role ' || role
      from role_assignments p
     cross join unnest(p.roles) as each(role)
      join spaces s on s.site_id = p.site_id and s.id = p.space_id
     where p.site_id = ${siteId} and p.valid_to is null
  `);
  return rows.map((each) => each.right).toSorted();
}

const FACT_TABLES = [
  "people",
  "person_identifiers",
  "accounts",
  "account_versions",
  "groups",
  "group_versions",
  "memberships",
  "group_nestings",
  "group_closure",
  "product_access",
  "spaces",
  "space_versions",
  "space_permissions",
  "space_roles",
  "space_role_versions",
  "role_assignments",
  "activity_events",
  "activity_event_subjects",
  "evidence",
  "seats",
  "unseen",
];

/** Where each row of the fact tables lies and which transaction wrote it: equal only if not one row was written. */
export async function factFootprint(reader: Reader): Promise<Record<string, string>> {
  const footprint: Record<string, string> = {};
  for (const table of FACT_TABLES) {
    const [row] = await reader.query<{ rows: number; hash: string | null }>(sql`
      select count(*) as rows, md5(string_agg(ctid || ' ' || xmin, ',' order by ctid)) as hash from ${rawSql(table)}
    `);
    footprint[table] = `${row?.rows} rows ${row?.hash}`;
  }
  return footprint;
}
