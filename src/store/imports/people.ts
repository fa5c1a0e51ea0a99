import type { Reader, Tx } from "../database.ts";
import { keepRows } from "../merge/incoming.ts";
import { analyzeGrown } from "../merge/history.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

export interface PeopleImportCounts {
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  /** People of earlier imports who are not in the file; marked as left only where that was asked for. */
  absent: number;
  /** Of the absent ones those who have not left yet. */
  leaving: number;
  /** Rows that cannot be taken. */
  errors: number;
}

const ATTRIBUTES =
  "external_id, emails, user_name, display_name, given_name, family_name, department, job_title, manager, cost_center, location, status, employment_type, attributes, sort_key";
const ofAlias = (alias: string) => rawSql(ATTRIBUTES.replaceAll(/\w+/g, `${alias}.$&`));

/**
 * The rows of an import, each with the person it is: known by its external id, else by its first e-mail, where not both
 * the row and the person have an external id (then they are two people who share the address, one after the other).
 */
function resolvedSql(importId: string): Sql {
  return sql`
    select r.row_number, r.data, r.errors, r.data ->> 'external_id' as external_id,
           lower(r.data -> 'emails' ->> 0) as email,
           coalesce(by_id.person_id, by_email.person_id) as person_id
      from import_rows r
      left join person_identifiers by_id
        on by_id.kind = 'import' and by_id.value = 'id:' || (r.data ->> 'external_id')
      left join (select i.value, i.person_id, v.external_id
                   from person_identifiers i
                   join person_versions v on v.person_id = i.person_id and v.valid_to is null
                  where i.kind = 'import') by_email
        on by_email.value = 'email:' || lower(r.data -> 'emails' ->> 0)
       and (by_email.external_id is null or r.data ->> 'external_id' is null)
     where r.import_id = ${importId}`;
}

/** `row_number, field, what, expected` of rows that give a person again; the first one counts. */
export function repeatedPeopleSql(importId: string): Sql {
  return sql`
    with resolved as materialized (${resolvedSql(importId)}),
    named as (
      select row_number, 'id:' || external_id as name from resolved where external_id is not null
       union all
      select row_number, 'email:' || email from resolved where external_id is null and email is not null
       union all
      select row_number, 'person:' || person_id from resolved where person_id is not null)
    select row_number, 'row' as field, 'gives the same person as row ' || min(first) as what,
           'each person once' as expected
      from (select row_number, min(row_number) over (partition by name) as first from named) each
     where first < row_number
     group by row_number`;
}

/** How an import would change what is known: an aggregate over `next_people`, made by `gatherPeople`. */
export async function countPeople(reader: Reader, importId: string): Promise<PeopleImportCounts> {
  const [row] = await reader.query<PeopleImportCounts>(sql`
    select (select count(*) from import_rows where import_id = ${importId}) as rows,
           (select count(*) from import_rows where import_id = ${importId} and errors <> '[]') as errors,
           count(*) filter (where outcome = 'new') as new,
           count(*) filter (where outcome = 'changed') as changed,
           count(*) filter (where outcome = 'unchanged') as unchanged,
           (select count(*) from absent_people) as absent,
           (select count(*) from absent_people where status <> 'left') as leaving
      from next_people
  `);
  if (!row) throw new Error("The counts of an import gave no row.");
  return row;
}

/**
 * `next_people`: every row that can be taken, as the person will be. A column that the file does not have keeps what an
 * earlier one said; an empty cell clears it. Who is in the file again has not left, unless the file says so.
 * `absent_people`: those of earlier imports whom no row names, be it a row that cannot be taken.
 */
export async function gatherPeople(tx: Tx, importId: string): Promise<void> {
  await keepRows(tx, "resolved_people", resolvedSql(importId));
  await keepRows(
    tx,
    "next_people",
    sql`
      select n.*, case when n.held_from is null then 'new'
                       when (${ofAlias("held")}) is distinct from (${ofAlias("n")}) then 'changed'
                       else 'unchanged' end as outcome
        from (select coalesce(r.person_id, new_id('person')) as person_id, r.row_number, held.valid_from as held_from,
                     each.external_id, coalesce(each.emails, '{}') as emails, each.user_name,
                     coalesce(each.display_name, r.data ->> 'fallback_name') as display_name, each.given_name,
                     each.family_name, each.department, each.job_title, each.manager, each.cost_center, each.location,
                     case when not r.data ? 'status' and held.status = 'left' then 'active'
                          else coalesce(each.status, 'active') end as status,
                     each.employment_type,
                     jsonb_strip_nulls(coalesce(held.attributes, '{}') || coalesce(r.data -> 'attributes', '{}')) as attributes,
                     coalesce(each.sort_key, r.data ->> 'fallback_sort_key') as sort_key
                from resolved_people r
                left join person_versions held on held.person_id = r.person_id and held.valid_to is null
               cross join lateral jsonb_populate_record(held, r.data) each
               where r.errors = '[]') n
        left join person_versions held on held.person_id = n.person_id and held.valid_to is null`,
  );
  await keepRows(
    tx,
    "absent_people",
    sql`
      select v.person_id, v.status, v.display_name
        from person_versions v
       where v.valid_to is null
         and not exists (select from resolved_people r where r.person_id = v.person_id)`,
  );
}

/** New ids, versions that changed, and those who left; `gatherPeople` came before. */
export async function savePeople(tx: Tx, at: Date, options: { markLeft: boolean }): Promise<void> {
  await tx.execute(sql`
    insert into people (id, first_seen_at) select person_id, ${at} from next_people where outcome = 'new'
  `);
  await tx.execute(sql`
    insert into person_identifiers (kind, value, person_id)
    select 'import', named.value, named.person_id
      from (select 'id:' || external_id as value, person_id, row_number from next_people where external_id is not null
             union all
            select 'email:' || lower(emails[1]), person_id, row_number from next_people where cardinality(emails) > 0) named
     order by named.row_number
        on conflict (kind, value) do nothing
  `);
  if (options.markLeft) {
    await tx.execute(sql`
      insert into next_people (person_id, ${rawSql(ATTRIBUTES)}, held_from, outcome)
      select v.person_id, ${rawSql(ATTRIBUTES.replaceAll(/\w+/g, "v.$&").replace("v.status", "'left'"))}, v.valid_from, 'left'
        from absent_people a
        join person_versions v on v.person_id = a.person_id and v.valid_to is null
       where v.status <> 'left'
    `);
  }
  await tx.execute(sql`
    delete from person_versions held
     using next_people n
     where held.person_id = n.person_id and n.outcome <> 'unchanged' and held.valid_from = ${at}
  `);
  await tx.execute(sql`
    update person_versions held
       set valid_to = ${at}
      from next_people n
     where held.person_id = n.person_id and n.outcome <> 'unchanged' and held.valid_to is null
  `);
  const saved = await tx.execute(sql`
    insert into person_versions (person_id, valid_from, ${rawSql(ATTRIBUTES)})
    select person_id, ${at}, ${rawSql(ATTRIBUTES)} from next_people where outcome <> 'unchanged'
  `);
  for (const table of saved > 0 ? ["people", "person_identifiers", "person_versions"] : [])
    await analyzeGrown(tx, table);
}

/** Whose summary an import may change: who changed, and who waited for a manager that is known only now. */
export const CONCERNED_PEOPLE = sql`
  select person_id from next_people where outcome <> 'unchanged'
   union
  select s.person_id
    from person_summaries s
    join person_versions v on v.person_id = s.person_id and v.valid_to is null
   where s.manager_id is null and v.manager is not null
     and exists (select from next_people where outcome = 'new')`;

/** Names for the journal's personal part: a few of those who are new, and of those who left. */
export async function listImportedNames(tx: Tx, rowsMax: number): Promise<{ new: string[]; left: string[] }> {
  const [row] = await tx.query<{ new: string[]; left: string[] }>(sql`
    select array(select display_name from next_people where outcome = 'new' order by row_number limit ${rowsMax}) as new,
           array(select display_name from next_people where outcome = 'left' order by sort_key limit ${rowsMax}) as left
  `);
  return row ?? { new: [], left: [] };
}

export async function dropGatheredPeople(tx: Tx): Promise<void> {
  await tx.execute(rawSql("drop table resolved_people, next_people, absent_people"));
}
