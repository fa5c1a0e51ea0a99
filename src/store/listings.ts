import type { ListingKind, ListingState, RunCounts } from "../model/runs.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** One thing a run reads to its end. */
export interface Listing {
  /** Kind and scope: `memberships/<group source id>`. */
  key: string;
  kind: ListingKind;
  /** What the kind is read of: a group's or space's source id, a content type with its start, a batch of account ids. */
  scope: string | null;
  state: ListingState;
  /** Where the next page begins. Null with pages read: it was read to its end and waits for its merge. */
  cursor: string | null;
  pages: number;
  rows: number;
  restarts: number;
  startedAt: Date | null;
}

export interface ListingError {
  code: string;
  message: string;
  fix: string | null;
}

const COLUMNS = sql`key, kind, scope, state, cursor, pages, rows, restarts, started_at as "startedAt"`;

/** Adds what is not planned yet; gives the ones that are new. */
export async function planListings(
  tx: Tx,
  runId: string,
  planned: readonly { key: string; kind: ListingKind; scope: string | null }[],
  at: Date,
): Promise<Listing[]> {
  return tx.query<Listing>(sql`
    insert into listings (run_id, key, kind, scope, state, updated_at)
    select ${runId}, each.key, each.kind, each.scope, 'waiting', ${at}
      from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as each(key text, kind text, scope text)
        on conflict (run_id, key) do nothing
    returning ${COLUMNS}
  `);
}

export async function listUnfinishedListings(reader: Reader, runId: string): Promise<Listing[]> {
  return reader.query<Listing>(sql`
    select ${COLUMNS}
      from listings
     where run_id = ${runId} and state in ('waiting', 'reading')
     order by started_at nulls last, key
  `);
}

/** What could not, or may not, be read so far. */
export async function listUnreadListings(
  reader: Reader,
  runId: string,
): Promise<
  { kind: ListingKind; state: "failed" | "not-allowed"; code: string; message: string | null; fix: string | null }[]
> {
  return reader.query(sql`
    select kind, state, error ->> 'code' as code, error ->> 'message' as message, error ->> 'fix' as fix
      from listings
     where run_id = ${runId} and state in ('failed', 'not-allowed')
     order by key
  `);
}

/** How far a run is with the listings of one kind, and what came of them. */
export interface ListingTotals extends Pick<RunCounts, "added" | "changed" | "gone" | "errors"> {
  kind: ListingKind;
  listings: number;
  ended: number;
  complete: number;
  failed: number;
  notAllowed: number;
  /** Listings that are being read just now. */
  reading: number;
  rows: number;
  pages: number;
  /** When the first of them was begun; null while none was. */
  startedAt: Date | null;
  /** When something of one that was begun last changed. */
  updatedAt: Date | null;
}

/** Also kinds of which nothing was listed but something closed: rows that another kind tells. */
export async function countListings(reader: Reader, runId: string): Promise<ListingTotals[]> {
  return reader.query<ListingTotals>(sql`
    with counted as (
      select kind, count(*) as listings,
             count(*) filter (where state not in ('waiting', 'reading')) as ended,
             count(*) filter (where state = 'complete') as complete,
             count(*) filter (where state = 'failed') as failed,
             count(*) filter (where state = 'not-allowed') as not_allowed,
             count(*) filter (where state = 'reading') as reading,
             sum(rows) as rows, sum(pages) as pages, min(started_at) as started_at,
             max(updated_at) filter (where started_at is not null) as updated_at
        from listings
       where run_id = ${runId}
       group by kind),
    changed as (
      select key as kind, value as counts
        from runs
       cross join lateral jsonb_each(step_counts)
       where id = ${runId})
    select coalesce(counted.kind, changed.kind) as kind, coalesce(listings, 0) as listings, coalesce(ended, 0) as ended,
           coalesce(complete, 0) as complete, coalesce(failed, 0) as failed, coalesce(not_allowed, 0) as "notAllowed",
           coalesce(reading, 0) as reading, coalesce(rows, 0) as rows, coalesce(pages, 0) as pages,
           started_at as "startedAt", updated_at as "updatedAt",
           coalesce((counts ->> 'added')::bigint, 0) as added, coalesce((counts ->> 'changed')::bigint, 0) as changed,
           coalesce((counts ->> 'gone')::bigint, 0) as gone, coalesce((counts ->> 'errors')::bigint, 0) as errors
      from counted
      full join changed on changed.kind = counted.kind
     order by 1
  `);
}

/** Whether the whole of a kind was read: at least one listing, and none that is not complete. */
export async function isListingComplete(reader: Reader, runId: string, kind: ListingKind): Promise<boolean> {
  const [row] = await reader.query<{ isComplete: boolean | null }>(sql`
    select bool_and(state = 'complete') as "isComplete" from listings where run_id = ${runId} and kind = ${kind}
  `);
  return row?.isComplete ?? false;
}

/** How a listing of a run ended or is going; null: it was not planned. */
export async function findListingState(reader: Reader, runId: string, key: string): Promise<ListingState | null> {
  const [row] = await reader.query<{ state: ListingState }>(sql`
    select state from listings where run_id = ${runId} and key = ${key}
  `);
  return row?.state ?? null;
}

/** From when on a run reads content, as its listings were planned; null before that. */
export async function findContentSince(reader: Reader, runId: string): Promise<Date | null> {
  const [row] = await reader.query<{ since: Date | null }>(sql`
    select max(split_part(scope, ' ', 2)::timestamptz) as since
      from listings
     where run_id = ${runId} and kind = 'content-activity'
  `);
  return row?.since ?? null;
}

/** From when on a run reads the audit log, as its listing was planned; null before that. */
export async function findAuditSince(reader: Reader, runId: string): Promise<Date | null> {
  const [row] = await reader.query<{ since: Date | null }>(sql`
    select scope::timestamptz as since from listings where run_id = ${runId} and kind = 'audit-activity'
  `);
  return row?.since ?? null;
}

/** Keeps one page and where the next begins, in one transaction: a kill loses or repeats nothing. */
export async function stagePage(
  tx: Tx,
  runId: string,
  listing: Listing,
  rows: readonly object[],
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    insert into staged_rows (run_id, listing_key, position, data)
    select ${runId}, ${listing.key}, ${listing.rows - rows.length} + each.position, each.data
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as each(data, position)
  `);
  await saveCursor(tx, runId, listing, at);
}

/** For a listing whose rows need no staging because they are only ever added. */
export async function saveCursor(tx: Tx, runId: string, listing: Listing, at: Date): Promise<void> {
  await tx.execute(sql`
    update listings
       set state = ${listing.state}, cursor = ${listing.cursor}, pages = ${listing.pages}, rows = ${listing.rows},
           started_at = coalesce(started_at, ${at}), updated_at = ${at}
     where run_id = ${runId} and key = ${listing.key}
  `);
}

/** Forgets what was staged, so that the listing is read again from its first page. */
export async function restartListing(tx: Tx, runId: string, key: string, at: Date): Promise<void> {
  await tx.execute(sql`delete from staged_rows where run_id = ${runId} and listing_key = ${key}`);
  await tx.execute(sql`
    update listings
       set state = 'waiting', cursor = null, pages = 0, rows = 0, restarts = restarts + 1, started_at = null, updated_at = ${at}
     where run_id = ${runId} and key = ${key}
  `);
}

/** Only in the transaction that merges them: nobody ever sees a complete listing whose rows are not facts. */
export async function completeListings(
  tx: Tx,
  runId: string,
  listings: readonly Pick<Listing, "key" | "pages" | "rows">[],
  options: { keepStaged: boolean },
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    update listings l
       set state = 'complete', cursor = null, pages = each.pages, rows = each.rows,
           started_at = coalesce(started_at, ${at}), updated_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(listings.map(({ key, pages, rows }) => ({ key, pages, rows })))}::jsonb)
           as each(key text, pages integer, rows integer)
     where l.run_id = ${runId} and l.key = each.key
  `);
  if (!options.keepStaged)
    await forgetStaged(
      tx,
      runId,
      listings.map((each) => each.key),
    );
}

export async function forgetStaged(tx: Tx, runId: string, keys: readonly string[]): Promise<void> {
  await tx.execute(sql`delete from staged_rows where run_id = ${runId} and listing_key = any(${keys})`);
}

/** A listing that could not be read; what was staged of it goes, and it removes nothing. */
export async function failListing(
  tx: Tx,
  runId: string,
  key: string,
  state: "failed" | "not-allowed",
  error: ListingError,
  at: Date,
): Promise<void> {
  await tx.execute(sql`
    update listings
       set state = ${state}, error = ${JSON.stringify(error)}, updated_at = ${at}
     where run_id = ${runId} and key = ${key}
  `);
  await forgetStaged(tx, runId, [key]);
}
