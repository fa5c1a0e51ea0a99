import { KINDS_THAT_SEE_READERS, type EvidenceKind, type EvidenceSource } from "../model/facts.ts";
import type { Reader } from "./database.ts";
import { rawSql, sql, type Sql } from "./sql.ts";

/** With which instants silence is judged; made by rules/evidence.ts, so that SQL and rule use the very same ones. */
export interface SilenceTerms {
  /** Use at or after this makes a seat active. */
  threshold: Date;
  /** Evidence that ends before this proves no silence. */
  freshSince: Date;
}

/** Of two uses at one instant the one that tells more comes first, as `latestUse` in rules/evidence.ts has it. */
const KINDS_BY_MEANING: readonly EvidenceKind[] = ["contributed", "administered", "viewed", "authenticated"];

/** Whether silence of an evidence row, or of a window, proves that nobody used the seat: `coverageOf` in SQL. */
function coversSql({ threshold, freshSince }: SilenceTerms): Sql {
  return sql`
    (kind = any (${KINDS_THAT_SEE_READERS as string[]}) and known_until >= ${freshSince}::timestamptz
     and (known_since is null or known_since <= ${threshold}::timestamptz))`;
}

/** A kind as one source tells it. */
const KIND_OF_SOURCE = rawSql("kind || '/' || source");

/**
 * The latest use of each account of a site and whether silence is proven for it: `account_id, last_at, last_kind,
 * last_source, is_covered, untold_kinds` (those, each with its source, whose window does not speak of it). Accounts of
 * which nothing is known have no row. What an import says of one account is its use alone; silence is proven by the
 * window of an import that is complete for the site.
 */
export function accountUseSql(siteId: Sql, terms: SilenceTerms): Sql {
  return sql`
    select distinct on (account_id) account_id, last_at, kind as last_kind, source as last_source,
           bool_or(${coversSql(terms)} and is_told and source <> 'import') over (partition by account_id) as is_covered,
           array_agg(${KIND_OF_SOURCE}) filter (where not is_told) over (partition by account_id) as untold_kinds
      from evidence
     where site_id = ${siteId}
     order by account_id, last_at desc nulls last, array_position(${KINDS_BY_MEANING as string[]}, kind)`;
}

/** The kinds, each with its source, whose window proves silence of everybody at the site of whom the source tells. */
export function coveringKindsSql(siteId: Sql, terms: SilenceTerms): Sql {
  return sql`
    (select coalesce(array_agg(${KIND_OF_SOURCE}), '{}')
       from evidence_windows
      where site_id = ${siteId} and ${coversSql(terms)})`;
}

/** `statusOfSeat` of rules/seats.ts in SQL; a property test holds both equal. */
export function seatStatusSql(use: { lastAt: Sql; isCovered: Sql }, { threshold }: SilenceTerms): Sql {
  return sql`
    case when ${use.lastAt} >= ${threshold}::timestamptz then 'active'
         when not ${use.isCovered} then 'no-evidence'
         when ${use.lastAt} is null then 'never-used'
         else 'idle'
     end`;
}

export interface EvidenceRow {
  siteId: string;
  accountId: string;
  kind: EvidenceKind;
  source: EvidenceSource;
  lastAt: Date | null;
  knownSince: Date | null;
  knownUntil: Date;
  /** False: the source does not tell of the account (any more), so the window of its kind does not hold for it. */
  isTold: boolean;
}

/**
 * What is known of these accounts, each kind at most once of each source, and nothing for accounts of which nothing is
 * known. How far content and the audit log are known is told by their windows, which wait for the last page; until then
 * nothing is known but the use that was seen. So with an import, which need not be complete: one without a window tells of
 * no silence.
 */
export async function listEvidenceOf(reader: Reader, accountIds: readonly string[]): Promise<EvidenceRow[]> {
  if (accountIds.length === 0) return [];
  return reader.query<EvidenceRow>(sql`
    select e.site_id as "siteId", e.account_id as "accountId", e.kind, e.source, e.last_at as "lastAt",
           case when e.source in ('content-search', 'audit-log', 'import')
                then coalesce(w.known_since, e.last_at) else e.known_since end as "knownSince",
           case when e.source in ('content-search', 'audit-log', 'import')
                then coalesce(w.known_until, e.last_at) else e.known_until end as "knownUntil",
           e.is_told and (e.source <> 'import' or w.kind is not null) as "isTold"
      from accounts a
      join evidence e on e.site_id = a.site_id and e.account_id = a.id
      left join evidence_windows w on w.site_id = e.site_id and w.kind = e.kind and w.source = e.source
     where a.id = any (${accountIds as string[]})
     order by e.account_id, e.kind, e.source
  `);
}

export interface EvidenceWindow {
  siteId: string;
  kind: EvidenceKind;
  source: EvidenceSource;
  knownSince: Date | null;
  knownUntil: Date;
}

/** What each kind of evidence covers for everybody at these sites. */
export async function listEvidenceWindows(reader: Reader, siteIds: readonly string[]): Promise<EvidenceWindow[]> {
  return reader.query<EvidenceWindow>(sql`
    select site_id as "siteId", kind, source, known_since as "knownSince", known_until as "knownUntil"
      from evidence_windows
     where site_id = any (${siteIds as string[]})
     order by site_id, kind, source
  `);
}

export interface StatusBasis {
  siteId: string;
  asOf: Date;
  idleAfterDays: number;
  lateHoursMax: number;
}

/** With what the statuses of each site were computed last. */
export async function listStatusBases(reader: Reader): Promise<StatusBasis[]> {
  return reader.query<StatusBasis>(sql`
    select site_id as "siteId", as_of as "asOf", idle_after_days as "idleAfterDays", late_hours_max as "lateHoursMax"
      from site_summaries
  `);
}

export async function findStatusBasis(reader: Reader, siteId: string): Promise<StatusBasis | null> {
  return (await listStatusBases(reader)).find((each) => each.siteId === siteId) ?? null;
}
