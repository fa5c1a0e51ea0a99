import type { Database } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";

export interface DeltaTruth {
  accounts: { id: string; class: string; displayName: string }[];
  groups: { id: string; name: string; members: number }[];
  memberships: Record<string, string[]>;
  productAccessGroups: string[];
  spaces: { id: string; key: string; name: string }[];
}

/** Members of the groups that are changed: what a delta run lists on one page. */
const SMALL = { least: 3, most: 150 };

/** Groups that give no seat and are listed on one page, as the simulator has them. */
export function smallGroups({ groups, productAccessGroups }: DeltaTruth): DeltaTruth["groups"] {
  return groups.filter(
    ({ id, members }) => members >= SMALL.least && members <= SMALL.most && !productAccessGroups.includes(id),
  );
}

/** Twenty changes of every kind that a delta run can follow, none of them in a group above 200 members. */
export async function twentyChanges(
  db: Database,
  { siteId, name }: { siteId: string; name: string },
  truth: DeltaTruth,
): Promise<object[]> {
  const groups = smallGroups(truth);
  // A small site has fewer groups than there are changes.
  const group = (index: number) => groups[index % groups.length]?.id ?? "";
  const membersOf = (index: number) => truth.memberships[group(index)] ?? [];
  const people = truth.accounts.filter((each) => each.class === "licensed").map((each) => each.id);
  const outsideOf = (index: number) => people.find((id) => !membersOf(index).includes(id));
  const space = (index: number) => truth.spaces[index]?.id;
  const readers = await db.query<{ space: string; account: string; role: string | null }>(sql`
    select s.source_id as space, r.principal_id as account, r.role
      from (select space_id, principal_type, principal_id, null as role
              from space_permissions
             where site_id = ${siteId} and valid_to is null and can_read and not can_administer
             union all
            select space_id, principal_type, principal_id, roles[1] as role
              from role_assignments
             where site_id = ${siteId} and valid_to is null) as r
      join spaces s on s.site_id = ${siteId} and s.id = r.space_id
     where r.principal_type = 'user' and s.source_id <> ${space(0) ?? ""}
     order by s.source_id, r.principal_id
     limit 1
  `);
  const [reader] = readers;
  const changes = [
    ...[0, 1, 2, 3].map((index) => ({ kind: "add-member", group: group(index), account: outsideOf(index) })),
    ...[2, 3, 4, 5].map((index) => ({ kind: "remove-member", group: group(index), account: membersOf(index)[0] })),
    { kind: "add-group", name: "Night watch: North" },
    { kind: "add-member", group: "Night watch: North", account: people[0] },
    { kind: "remove-group", group: group(6) },
    { kind: "rename-group", group: group(7), name: "Renamed: again" },
    { kind: "add-space", name: "Fresh ground" },
    { kind: "remove-space", space: space(0) },
    { kind: "rename-space", space: space(1), name: "Renamed ground" },
    ...[2, 3, 4, 5].map((index) => ({ kind: "grant", space: space(index), group: "Night watch: North" })),
    { kind: "revoke", space: reader?.space, account: reader?.account, role: reader?.role ?? undefined },
  ];
  return changes.map((each) => ({ ...each, site: name }));
}
