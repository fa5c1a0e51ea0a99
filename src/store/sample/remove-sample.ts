import { SAMPLE_EMAIL_DOMAIN } from "../../model/sample-company.ts";
import type { Database, Tx } from "../database.ts";
import { rawSql, sql } from "../sql.ts";
import {
  CONNECTIONS_OF_SAMPLE,
  IMPORTS_OF_SAMPLE,
  LICENSES_OF_SAMPLE,
  OWN,
  type RemovalStep,
  ROOTS,
  SITES_OF_SAMPLE,
  TOLD,
} from "./removal-steps.ts";

/** Rows that one transaction deletes at most; it then takes well under a second. */
const BATCH_ROWS = 20_000;

export interface RemovalOptions {
  signal: AbortSignal;
  /** Called before each table, with its name. */
  tell?(table: string): Promise<void>;
}

/**
 * Deletes every row of the sample company but the one that says it is there, in many bounded transactions. Cut off anywhere and begun again, it goes on: what
 * later steps are found by goes last. Gives how many rows went.
 */
export async function removeSample(db: Database, { signal, tell }: RemovalOptions): Promise<number> {
  let removed = 0;
  const run = async (step: RemovalStep) => {
    await tell?.(step.table);
    for (let last = BATCH_ROWS; last === BATCH_ROWS;) {
      signal.throwIfAborted();
      last = await db.transaction((tx) => removeBatch(tx, step));
      removed += last;
    }
  };
  const alone = async (work: (tx: Tx) => Promise<unknown>) => {
    signal.throwIfAborted();
    await db.transaction(work);
  };

  await alone(notePeople);
  for (const step of TOLD) await run(step);
  await alone(takeOutOfOthers);
  for (const step of OWN) await run(step);
  await alone(removeLicenses);
  await removePeople(db, signal);
  await alone(forgetIdentifiers);
  await alone(removeJobResults);
  await alone(async (tx) => {
    for (const step of ROOTS) removed += await removeBatch(tx, { ...step, isWhole: true });
  });
  return removed;
}

function removeBatch(tx: Tx, { table, where, isWhole }: RemovalStep): Promise<number> {
  const name = rawSql(table);
  if (isWhole) return tx.execute(sql`delete from ${name} t where ${where}`);
  return tx.execute(sql`
    delete from ${name} gone
     where gone.ctid = any (array(select t.ctid from ${name} t where ${where} limit ${BATCH_ROWS}))
  `);
}

/** Nothing of it begins any more; what is under way is asked to stop. */
export async function stopSampleWork(tx: Tx, at: Date): Promise<void> {
  await tx.execute(sql`
    update jobs set enabled = false
     where enabled and (site_id in ${SITES_OF_SAMPLE} or connection_id in ${CONNECTIONS_OF_SAMPLE})
  `);
  await tx.execute(sql`update connections set state = 'archived' where is_sample and state <> 'archived'`);
  await tx.execute(sql`
    update runs
       set cancel_requested = true,
           state = case when state = 'queued' then 'canceled' else state end,
           finished_at = case when state = 'queued' then ${at}::timestamptz else finished_at end
     where site_id in ${SITES_OF_SAMPLE} and state in ('queued', 'running')
  `);
}

/**
 * Who is known from the sample alone: behind its accounts or in its personnel file, behind no account of another site, and
 * in no other personnel file.
 */
async function notePeople(tx: Tx): Promise<void> {
  await tx.execute(sql`
    insert into sample_people (person_id)
    select known.person_id
      from (select person_id from accounts where site_id in ${SITES_OF_SAMPLE}
             union
            select own_person_id from accounts where site_id in ${SITES_OF_SAMPLE} and own_person_id is not null
             union
            select person_id from person_identifiers
             where kind = 'import' and value like ${`email:%@${SAMPLE_EMAIL_DOMAIN}`}) known
     where not exists (select from accounts a
                        where (a.person_id = known.person_id or a.own_person_id = known.person_id)
                          and a.site_id not in ${SITES_OF_SAMPLE})
       and not exists (select from person_identifiers i
                        where i.person_id = known.person_id and i.kind = 'import'
                          and i.value not like ${`email:%@${SAMPLE_EMAIL_DOMAIN}`})
        on conflict do nothing
  `);
  await tx.execute(sql`
    insert into sample_people (person_id)
    select p.id
      from people p
      join sample_people s on s.person_id = p.moved_to
        on conflict do nothing
  `);
}

/** Where somebody made a thing for sites of both, or for every site, the sample is taken out of it and the thing stays. */
async function takeOutOfOthers(tx: Tx): Promise<void> {
  for (const table of ["plans", "exclusion_rules", "reclamation_rules"]) {
    await tx.execute(sql`
      update ${rawSql(table)}
         set site_ids = array(select each from unnest(site_ids) each where each not in ${SITES_OF_SAMPLE})
       where site_ids && array${SITES_OF_SAMPLE} and not site_ids <@ array${SITES_OF_SAMPLE}
    `);
  }
  await tx.execute(sql`
    update reclamation_rules set made_for = null where made_for in ${CONNECTIONS_OF_SAMPLE}
  `);
  await tx.execute(sql`
    delete from license_sites
     where site_id in ${SITES_OF_SAMPLE} and license_id not in ${LICENSES_OF_SAMPLE}
  `);
  await tx.execute(sql`
    update imports set based_on = null
     where based_on in ${IMPORTS_OF_SAMPLE} and id not in ${IMPORTS_OF_SAMPLE}
  `);
}

/** While nothing but the sample was read, it alone gave the jobs of the installation work. */
async function removeJobResults(tx: Tx): Promise<void> {
  const OF_SAMPLE = sql`
    select r.id
      from job_results r
      join jobs j on j.id = r.job_id
     where j.site_id is null and j.connection_id is null and r.trigger in ('run', 'work') and r.state <> 'running'
       and r.started_at >= (select requested_at from sample_company)
       and not exists (select from sites where not is_sample and last_synced_at is not null)
  `;
  await tx.execute(sql`delete from job_results where id in (${OF_SAMPLE})`);
}

/** Which licenses are the sample's is known by their sites, so both go at once. */
async function removeLicenses(tx: Tx): Promise<void> {
  await tx.execute(sql`
    with gone as materialized (select license_id from ${LICENSES_OF_SAMPLE} l),
         sites_of as (delete from license_sites where license_id in (select license_id from gone))
    delete from licenses where id in (select license_id from gone)
  `);
}

/** A person and the note of it go at once, those who were moved into others first. */
async function removePeople(db: Database, signal: AbortSignal): Promise<void> {
  for (let last = BATCH_ROWS; last > 0;) {
    signal.throwIfAborted();
    last = await db.transaction((tx) =>
      tx.execute(sql`
        with gone as materialized (
               select s.person_id
                 from sample_people s
                where not exists (select from people p where p.moved_to = s.person_id)
                limit ${BATCH_ROWS}),
             notes as (delete from sample_people where person_id in (select person_id from gone))
        delete from people where id in (select person_id from gone)
      `),
    );
  }
}

/** Names of editions that no other site has or had are unseen again; those that came with the sample alone go. */
async function forgetIdentifiers(tx: Tx): Promise<void> {
  const UNSEEN = sql`
    select i.id
      from edition_identifiers i
     where i.first_seen_at is not null
       and i.first_seen_at >= (select requested_at from sample_company)
       and not exists (select from sites s
                        where not s.is_sample and s.source = i.source
                          and lower(s.edition_identifier) = lower(i.identifier))
       and not exists (select from site_edition_versions v
                         join sites s on s.id = v.site_id
                        where not s.is_sample and s.source = i.source and lower(v.identifier) = lower(i.identifier))
  `;
  await tx.execute(sql`
    update edition_identifiers set first_seen_at = null where origin = 'built-in' and id in (${UNSEEN})
  `);
  await tx.execute(sql`
    delete from edition_identifiers where origin is distinct from 'built-in' and id in (${UNSEEN})
  `);
}
