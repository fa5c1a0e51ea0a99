import type { Reader } from "./database.ts";
import { holds, type Instant } from "./instants.ts";
import { sql } from "./sql.ts";

/** A group, and one nested in it at whatever depth, or itself. */
export interface NestedPair {
  groupId: string | null;
  memberGroupId: string | null;
}

export interface NestingWays {
  /** Names of the groups below the first one on the shortest way down to the second, which is the last; none for itself. */
  namesOf(pair: NestedPair): string[];
}

const NO_WAYS: NestingWays = { namesOf: () => [] };

/**
 * How groups of one page are nested in each other. Where no pair is of two groups, which is always so on Cloud, nothing
 * is read.
 */
export async function listNestingWays(
  reader: Reader,
  siteId: string,
  pairs: readonly NestedPair[],
  at: Instant,
): Promise<NestingWays> {
  const tops = pairs.filter((each) => each.groupId !== each.memberGroupId).map((each) => each.groupId);
  if (tops.length === 0) return NO_WAYS;
  const rows = await listNestings(reader, siteId, [...new Set(tops)], at);
  const below = Map.groupBy(rows, (each) => each.groupId);
  return {
    namesOf({ groupId, memberGroupId }) {
      if (groupId === null || memberGroupId === null || groupId === memberGroupId) return [];
      return shortestWay(below, groupId, memberGroupId);
    },
  };
}

interface Nesting {
  groupId: string;
  memberGroupId: string;
  /** Of the group that is nested. */
  name: string;
}

/** Every nesting on a way down from these groups. */
function listNestings(
  reader: Reader,
  siteId: string,
  tops: readonly (string | null)[],
  at: Instant,
): Promise<Nesting[]> {
  return reader.query<Nesting>(sql`
    with parents as (
      select unnest(${tops as string[]}::text[]) as id
       union
      select c.member_group_id
        from group_closure c
       where c.site_id = ${siteId} and c.group_id = any (${tops as string[]}) and ${holds("c", at)})
    select n.group_id as "groupId", n.member_group_id as "memberGroupId", coalesce(v.name, g.source_id) as name
      from parents
      join group_nestings n on n.site_id = ${siteId} and n.group_id = parents.id and ${holds("n", at)}
      join groups g on g.site_id = n.site_id and g.id = n.member_group_id
      left join group_versions v on v.site_id = g.site_id and v.group_id = g.id and ${holds("v", at)}
     order by n.group_id, v.sort_key, g.id
  `);
}

/** Breadth first, each group once, so that groups nested in each other in a circle end it too. */
function shortestWay(below: ReadonlyMap<string, Nesting[]>, from: string, to: string): string[] {
  const seen = new Set([from]);
  let ways: { groupId: string; names: string[] }[] = [{ groupId: from, names: [] }];
  while (ways.length > 0) {
    const next: typeof ways = [];
    for (const { groupId, names } of ways) {
      for (const { memberGroupId, name } of below.get(groupId) ?? []) {
        if (seen.has(memberGroupId)) continue;
        seen.add(memberGroupId);
        const way = { groupId: memberGroupId, names: [...names, name] };
        if (memberGroupId === to) return way.names;
        next.push(way);
      }
    }
    ways = next;
  }
  return [];
}
