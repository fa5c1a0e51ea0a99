import { rawSql, type Sql } from "./sql.ts";

/** The person whom a version `v` of person `personId` names as manager, by external id before e-mail; nobody is their own. */
export function managerOf(v: string, personId: string): Sql {
  return rawSql(`
    (select i.person_id
       from person_identifiers i
      where i.kind = 'import' and i.value in ('id:' || ${v}.manager, 'email:' || lower(${v}.manager))
        and i.person_id <> ${personId}
      order by i.value desc
      limit 1)`);
}

/** Where each field of a person comes from: an import's version `v`, or the directory by the leading account `l`. */
export function personOrigins(v: string, l: string): Sql {
  return rawSql(`
    jsonb_strip_nulls(jsonb_build_object(
      'name', case when ${v}.person_id is not null then 'import' else 'directory' end,
      'email', case when cardinality(${v}.emails) > 0 then 'import' when ${l}.email is not null then 'directory' end,
      'department', case when ${v}.department is not null then 'import'
                         when ${l}.department is not null then 'directory' end,
      'jobTitle', case when ${v}.job_title is not null then 'import' when ${l}.job_title is not null then 'directory' end,
      'personStatus', case when ${v}.person_id is not null then 'import' end,
      'costCenter', case when ${v}.cost_center is not null then 'import' end,
      'manager', case when ${v}.manager is not null then 'import' end,
      'employmentType', case when ${v}.employment_type is not null then 'import' end,
      'location', case when ${v}.location is not null then 'import' end))`);
}
