import { currentRights, effectiveMembers } from "./access-sql.ts";
import type { Reader } from "./database.ts";
import { sql, type Sql } from "./sql.ts";

/** Where something is: in the one group only, in the other only, or in both. */
export type Side = "one" | "other" | "both";

export interface Compared {
  counts: Record<Side, number>;
  /** The first of each side by name. */
  items: { side: Side; id: string; name: string }[];
}

export interface ComparedGroup {
  groupId: string;
  siteId: string;
  sourceId: string;
}

/** People who are effectively in either group. */
export function comparePeople(
  reader: Reader,
  one: ComparedGroup,
  other: ComparedGroup,
  max: number,
): Promise<Compared> {
  const people = ({ siteId, groupId }: ComparedGroup) => sql`
    select distinct a.person_id as id
      from (${effectiveMembers(sql`${siteId}`, sql`${groupId}`)}) as m
      join accounts a on a.site_id = ${siteId} and a.id = m.account_id`;
  const named = sql`
    select c.id, c.side, s.display_name as name, s.sort_key
      from compared c
      join person_summaries s on s.person_id = c.id`;
  return compare(reader, { one: people(one), other: people(other), named, max });
}

/** Spaces on which either group holds a right itself. */
export function compareSpaces(
  reader: Reader,
  one: ComparedGroup,
  other: ComparedGroup,
  max: number,
): Promise<Compared> {
  const spaces = ({ siteId, sourceId }: ComparedGroup) => sql`
    select distinct r.space_id as id
      from (${currentRights(sql`${siteId}`, sql`r.principal_type = 'group' and r.principal_id = ${sourceId}`)}) as r
     where r.can_read`;
  const named = sql`
    select c.id, c.side, v.name || ' (' || v.key || ')' as name, v.sort_key
      from compared c
      join space_versions v on v.space_id = c.id and v.valid_to is null
     where v.site_id in (${one.siteId}, ${other.siteId})`;
  return compare(reader, { one: spaces(one), other: spaces(other), named, max });
}

async function compare(
  reader: Reader,
  { one, other, named, max }: { one: Sql; other: Sql; named: Sql; max: number },
): Promise<Compared> {
  const rows = await reader.query<{ side: Side; id: string; name: string; total: number }>(sql`
    with compared as materialized (
      select coalesce(o.id, p.id) as id,
             case when p.id is null then 'one' when o.id is null then 'other' else 'both' end as side
        from (${one}) as o
        full join (${other}) as p on p.id = o.id),
    ranked as (
      select n.side, n.id, n.name, n.sort_key, row_number() over (partition by n.side order by n.sort_key, n.id) as place,
             count(*) over (partition by n.side) as total
        from (${named}) as n)
    select side, id, name, total from ranked where place <= ${max} order by side, place
  `);
  const counts = { one: 0, other: 0, both: 0 };
  for (const { side, total } of rows) counts[side] = total;
  return { counts, items: rows.map(({ side, id, name }) => ({ side, id, name })) };
}
