import type { PersonFieldOrigin, PersonStatus } from "../model/people.ts";
import type { Reader } from "./database.ts";
import { sql } from "./sql.ts";

export interface PersonAttribute {
  name: string;
  value: string;
  origin: PersonFieldOrigin;
}

/** What is known of a person now, each with where it came from; further attributes as `attribute:<name>`. */
export async function listPersonAttributes(reader: Reader, personId: string): Promise<PersonAttribute[]> {
  return reader.query<PersonAttribute>(sql`
    select each.name, each.value, each.origin
      from person_summaries p
      left join person_versions v on v.person_id = p.person_id and v.valid_to is null
      left join person_summaries boss on boss.person_id = p.manager_id
     cross join lateral (
       select told.name, told.value, coalesce(p.origins ->> told.name, 'import') as origin, told.place
         from (values (1, 'name', p.display_name), (2, 'email', p.email),
                      (3, 'emails', case when cardinality(v.emails) > 1 then array_to_string(v.emails, ', ') end),
                      (4, 'externalId', v.external_id), (5, 'userName', v.user_name), (6, 'givenName', v.given_name),
                      (7, 'familyName', v.family_name), (8, 'department', p.department), (9, 'jobTitle', p.job_title),
                      (10, 'manager', coalesce(boss.display_name, v.manager)), (11, 'costCenter', p.cost_center),
                      (12, 'location', p.location), (13, 'personStatus', p.person_status),
                      (14, 'employmentType', p.employment_type)) told (place, name, value)
        union all
       select 'attribute:' || further.key, further.value, 'import', 15
         from jsonb_each_text(coalesce(v.attributes, '{}')) further) each
     where p.person_id = ${personId} and each.value is not null
     order by each.place, each.name
  `);
}

/** Further up than any company goes; a circle ends here as well. */
const MANAGERS_MAX = 20;

/** The manager, the manager's manager, and so on. */
export async function listManagers(reader: Reader, personId: string): Promise<{ personId: string; name: string }[]> {
  return reader.query<{ personId: string; name: string }>(sql`
    with recursive above as (
      select p.manager_id, array[p.person_id] as seen from person_summaries p where p.person_id = ${personId}
       union all
      select p.manager_id, a.seen || p.person_id
        from above a
        join person_summaries p on p.person_id = a.manager_id
       where not p.person_id = any (a.seen) and cardinality(a.seen) <= ${MANAGERS_MAX})
    select p.person_id as "personId", p.display_name as name
      from above a
      join person_summaries p on p.person_id = a.manager_id
     where not p.person_id = any (a.seen)
     order by cardinality(a.seen)
  `);
}

export interface PersonVersion {
  validFrom: Date;
  validTo: Date | null;
  name: string;
  emails: string[];
  department: string | null;
  jobTitle: string | null;
  manager: string | null;
  costCenter: string | null;
  location: string | null;
  personStatus: PersonStatus;
  employmentType: string | null;
}

/** Most versions shown; each is an import that said something else. */
const VERSIONS_MAX = 200;

/** What imports said of a person over time, newest first. */
export async function listPersonVersions(reader: Reader, personId: string): Promise<PersonVersion[]> {
  return reader.query<PersonVersion>(sql`
    select valid_from as "validFrom", valid_to as "validTo", display_name as name, emails, department,
           job_title as "jobTitle", manager, cost_center as "costCenter", location, status as "personStatus",
           employment_type as "employmentType"
      from person_versions
     where person_id = ${personId}
     order by valid_from desc
     limit ${VERSIONS_MAX}
  `);
}

/** Where a person's id leads whose accounts all went to somebody else; null of anybody else. */
export async function findSuccessor(reader: Reader, personId: string): Promise<string | null> {
  const [row] = await reader.query<{ movedTo: string | null }>(sql`
    select moved_to as "movedTo" from people where id = ${personId}
  `);
  return row?.movedTo ?? null;
}
