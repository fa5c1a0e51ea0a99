import type { EvidenceKind } from "../../model/facts.ts";
import type { Reader, Tx } from "../database.ts";
import { advanceEvidence } from "../merge/activity.ts";
import { sql } from "../sql.ts";

export interface EvidenceImportCounts {
  rows: number;
  accounts: number;
  /** Events that were not known yet. */
  new: number;
  known: number;
  errors: number;
  /** Of the rows with errors those whose only fault is that the site knows no such account. */
  unknownAccounts: number;
}

/** `next_events`: the rows that can be taken, one use each, with the id that the same use has in every file. */
export async function gatherEvents(tx: Tx, importId: string): Promise<void> {
  await tx.execute(sql`
    create temporary table next_events on commit drop as
    select each.*, held.event_id is not null as is_known
      from (select distinct on (event_id) site_id, account_id, kind, summary, at, event_id
              from (select n.site_id, n.account_id, r.data ->> 'kind' as kind, r.data ->> 'summary' as summary,
                           (r.data ->> 'at')::timestamptz as at,
                           encode(sha256(convert_to(concat_ws(e'\\n', n.account_id, r.data ->> 'kind', r.data ->> 'at',
                                                              r.data ->> 'summary'), 'utf8')), 'hex') as event_id
                      from import_rows r
                      join named_accounts n on n.row_number = r.row_number
                     where r.import_id = ${importId} and r.errors = '[]') named
             order by event_id) each
      left join activity_events held
        on held.site_id = each.site_id and held.source = 'import' and held.event_id = each.event_id
  `);
}

export async function countEvents(reader: Reader, importId: string): Promise<EvidenceImportCounts> {
  const [row] = await reader.query<EvidenceImportCounts>(sql`
    select (select count(*) from import_rows where import_id = ${importId}) as rows,
           (select count(*) from import_rows where import_id = ${importId} and errors <> '[]') as errors,
           (select count(*)
              from import_rows
             where import_id = ${importId} and jsonb_array_length(errors) = 1
               and errors -> 0 ->> 'what' like '%" is no account there') as "unknownAccounts",
           count(distinct account_id) as accounts,
           count(*) filter (where not is_known) as new,
           count(*) filter (where is_known) as known
      from next_events
  `);
  if (!row) throw new Error("The counts of an import gave no row.");
  return row;
}

/** The kinds that the rows of an import hold. */
export async function listEventKinds(reader: Reader): Promise<EvidenceKind[]> {
  const rows = await reader.query<{ kind: EvidenceKind }>(sql`select distinct kind from next_events order by kind`);
  return rows.map(({ kind }) => kind);
}

export async function saveEvents(tx: Tx, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into activity_events (site_id, source, event_id, account_id, type, summary, occurred_at, seen_at)
    select site_id, 'import', event_id, account_id,
           case kind when 'viewed' then 'view' when 'administered' then 'admin' else 'other' end, summary, at, ${at}
      from next_events
     where not is_known
        on conflict (site_id, source, event_id) do nothing
  `);
}

/** Moves the latest imported evidence of a kind forward. What it says of one account is that use alone. */
export async function saveImportedEvidence(
  tx: Tx,
  siteId: string,
  window: { kind: EvidenceKind; knownSince: Date; knownUntil: Date },
): Promise<void> {
  await advanceEvidence(
    tx,
    siteId,
    { ...window, source: "import" },
    sql`select account_id, max(at) as last_at from next_events where kind = ${window.kind} group by account_id`,
  );
}

/** Set as given, also where it moves back: `joinWindows` in rules/evidence-import.ts says what two imports cover. */
export async function saveImportWindow(
  tx: Tx,
  siteId: string,
  window: { kind: EvidenceKind; since: Date | null; until: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into evidence_windows as held (site_id, kind, source, known_since, known_until)
    values (${siteId}, ${window.kind}, 'import', ${window.since}, ${window.until})
        on conflict (site_id, kind, source) do update
       set known_since = excluded.known_since, known_until = excluded.known_until
  `);
}

/** Whether a run reads the site at this moment; what it ends with computes every status anew. */
export async function isBeingRead(reader: Reader, siteId: string): Promise<boolean> {
  const rows = await reader.query(sql`select id from runs where site_id = ${siteId} and state = 'running'`);
  return rows.length > 0;
}

/**
 * Whether a file of evidence was applied since the job of this kind was last begun: what it found was found without it.
 * False where there is no such job.
 */
export async function isEvidenceNewerThanJob(reader: Reader, kind: string): Promise<boolean> {
  const [row] = await reader.query<{ isNewer: boolean }>(sql`
    select exists (select 1
                     from jobs j
                     join imports i on i.kind = 'evidence'
                    where j.kind = ${kind}
                      and i.applied_at > coalesce((select max(r.started_at)
                                                     from job_results r
                                                    where r.job_id = j.id and r.state <> 'skipped'), '-infinity'))
           as "isNewer"
  `);
  return row?.isNewer ?? false;
}
