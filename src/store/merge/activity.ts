import type { EvidenceKind, EvidenceSource } from "../../model/facts.ts";
import type { Reader, Tx } from "../database.ts";
import { sql, type Sql } from "../sql.ts";
import { identifyAccounts } from "./accounts.ts";
import { analyzeGrown } from "./history.ts";
import { keepRows, type MergeContext } from "./incoming.ts";

/** One version of a piece of content. */
export interface EventRow {
  event_id: string;
  account_source_id: string;
  type: string;
  summary: string;
  occurred_at: string;
  space_key: string | null;
  path: string | null;
}

/**
 * Adds one page of content changes; events are only ever added, so a page that is read again adds nothing. Accounts
 * that were not seen before are identified, and described later by their id. Gives how many events are new.
 */
export async function addContentEvents(tx: Tx, context: MergeContext, rows: readonly EventRow[]): Promise<number> {
  const { siteId } = context;
  await keepRows(
    tx,
    "incoming_events",
    sql`select each.*
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
               as each(event_id text, account_source_id text, type text, summary text, occurred_at timestamptz,
                       space_key text, path text)`,
  );
  await identifyAccounts(tx, context, sql`select account_source_id as source_id from incoming_events`);
  // The key decides row by row: an anti-join was planned as a loop over all events while the table was still small.
  return tx.execute(sql`
    insert into activity_events
      (site_id, source, event_id, account_id, type, summary, occurred_at, space_key, path, seen_at)
    select ${siteId}, 'content-search', i.event_id, a.id, i.type, i.summary, i.occurred_at, i.space_key, i.path,
           ${context.observedAt}
      from incoming_events i
      join accounts a on a.site_id = ${siteId} and a.source_id = i.account_source_id
        on conflict (site_id, source, event_id) do nothing
  `);
}

/**
 * Counts as use what content showed since it was last read to its end, also by runs that did not come so far. Once a run,
 * over everything: page by page it wrote the evidence of the same people again and again.
 */
export async function advanceContentEvidence(tx: Tx, siteId: string, window: EvidenceWindow): Promise<void> {
  const before = await findEvidenceWindow(tx, siteId, window.kind, window.source);
  await advanceEvidence(
    tx,
    siteId,
    window,
    sql`select account_id, max(occurred_at) as last_at
          from activity_events
         where site_id = ${siteId} and source = ${window.source}
           and (${before?.knownUntil ?? null}::timestamptz is null or seen_at > ${before?.knownUntil ?? null})
         group by account_id`,
  );
}

/** What a kind of evidence covers: silence outside it proves nothing. */
export interface EvidenceWindow {
  kind: EvidenceKind;
  source: EvidenceSource;
  /** Null: the source knows the account's whole life. */
  knownSince: Date | null;
  knownUntil: Date;
}

/**
 * Moves the latest evidence of accounts forward, never back. `latest` selects `account_id` and `last_at` (null: no use
 * ever). A row that would not change is not written; how far its kind is known today stands in `evidence_windows`.
 */
export async function advanceEvidence(tx: Tx, siteId: string, window: EvidenceWindow, latest: Sql): Promise<void> {
  await tx.execute(sql`
    with later as (
      select latest.account_id, latest.last_at
        from (${latest}) latest
        left join evidence held
          on held.site_id = ${siteId} and held.account_id = latest.account_id and held.kind = ${window.kind}
         and held.source = ${window.source}
       where held.account_id is null or not held.is_told or latest.last_at > coalesce(held.last_at, '-infinity')
    )
    insert into evidence as held (site_id, account_id, kind, source, last_at, known_since, known_until)
    select ${siteId}, account_id, ${window.kind}, ${window.source}, last_at, ${window.knownSince}::timestamptz,
           ${window.knownUntil}::timestamptz
      from later
        on conflict (site_id, account_id, kind, source) do update
       set last_at = greatest(held.last_at, excluded.last_at), known_since = excluded.known_since,
           known_until = excluded.known_until, is_told = true
  `);
}

/**
 * Notes the accounts that hold now and of which a source, read whole, tells nothing: `told` selects the `account_id` of
 * the others. What is known of them ends where the source last told of them, and of their silence it says nothing.
 */
export async function noteUntold(
  tx: Tx,
  { siteId, observedAt }: MergeContext,
  window: EvidenceWindow,
  told: Sql,
): Promise<void> {
  await keepRows(tx, "told_accounts", told);
  // Evidence of a first directory was inserted just now: taken for one row, each would be compared with everybody told of.
  await analyzeGrown(tx, "evidence");
  await tx.execute(sql`
    update evidence held
       set is_told = false,
           known_until = greatest(held.known_until, (select before.known_until
                                                       from evidence_windows before
                                                      where before.site_id = ${siteId} and before.kind = held.kind
                                                        and before.source = held.source))
     where held.site_id = ${siteId} and held.kind = ${window.kind} and held.source = ${window.source} and held.is_told
       and not exists (select from told_accounts told where told.account_id = held.account_id)
  `);
  await tx.execute(sql`
    insert into evidence (site_id, account_id, kind, source, last_at, known_since, known_until, is_told)
    select ${siteId}, v.account_id, ${window.kind}, ${window.source}, null, ${observedAt}, ${observedAt}, false
      from account_versions v
     where v.site_id = ${siteId} and v.valid_to is null
       and not exists (select from told_accounts told where told.account_id = v.account_id)
        on conflict (site_id, account_id, kind, source) do nothing
  `);
}

/**
 * Notes the accounts of which the organization's directory has not told yet because they were first seen after it was
 * read: what it covers for everybody proves no silence of theirs. A directory that was never read covers nobody.
 */
export async function noteNotToldYet(tx: Tx, { siteId, observedAt }: MergeContext): Promise<number> {
  return tx.execute(sql`
    insert into evidence (site_id, account_id, kind, source, last_at, known_since, known_until, is_told)
    select v.site_id, v.account_id, w.kind, w.source, null, ${observedAt}, ${observedAt}, false
      from evidence_windows w
      join account_versions v on v.site_id = w.site_id and v.valid_to is null
     where w.site_id = ${siteId} and w.kind = 'viewed' and w.source = 'organization'
       and not exists (select
                         from evidence held
                        where held.site_id = v.site_id and held.account_id = v.account_id and held.kind = w.kind
                          and held.source = w.source)
        on conflict (site_id, account_id, kind, source) do nothing
  `);
}

/** Widens what a kind covers by one source, once everything it rests on was read. */
export async function saveEvidenceWindow(tx: Tx, siteId: string, window: EvidenceWindow): Promise<void> {
  await tx.execute(sql`
    insert into evidence_windows as held (site_id, kind, source, known_since, known_until)
    values (${siteId}, ${window.kind}, ${window.source}, ${window.knownSince}, ${window.knownUntil})
        on conflict (site_id, kind, source) do update
       set known_since = excluded.known_since,
           known_until = greatest(held.known_until, excluded.known_until)
  `);
}

export async function findEvidenceWindow(
  reader: Reader,
  siteId: string,
  kind: EvidenceKind,
  source: EvidenceSource,
): Promise<EvidenceWindow | null> {
  const [row] = await reader.query<EvidenceWindow>(sql`
    select kind, source, known_since as "knownSince", known_until as "knownUntil"
      from evidence_windows
     where site_id = ${siteId} and kind = ${kind} and source = ${source}
  `);
  return row ?? null;
}
