import { findDataAsOf } from "../store/freshness.ts";
import { findAuditSince, findContentSince } from "../store/listings.ts";
import { findEvidenceWindow, type EvidenceWindow } from "../store/merge/activity.ts";
import { findFollowedUntil, type RunRow, type RunSetup } from "../store/runs.ts";
import type { SyncContext } from "./context.ts";

/** What was written in the last minutes may not be in the search index yet (FACTS §3). */
const SEARCH_LATE_MS = 10 * 60_000;
/** A later run reads content again from this long before what it already covers. */
const OVERLAP_MS = 24 * 3_600_000;

/** A run through another connection may have read it, so a run without it does not overrule it before that. */
export async function isDirectoryDataStale(
  { db }: SyncContext,
  { siteId }: RunRow,
  { settings }: RunSetup,
  observedAt: Date,
): Promise<boolean> {
  const asOf = await findDataAsOf(db, ["organization-accounts"], [siteId]);
  return asOf !== null && observedAt.getTime() - asOf.getTime() > settings.staleAfterHours * 3_600_000;
}

/**
 * Content is read from where the last complete run ended, or from the wanted start if that moved back. What is covered
 * then follows from where this run really began to read (a resumed one keeps its beginning, whatever was changed
 * meanwhile): together with what was covered before only where the two meet.
 */
export async function contentWindow(
  { db }: SyncContext,
  { id: runId, siteId }: RunRow,
  { settings }: RunSetup,
  observedAt: Date,
): Promise<{ contributed: EvidenceWindow; contentSince: Date }> {
  const wanted = settings.analyzeActivitySince;
  const covered = await findEvidenceWindow(db, siteId, "contributed", "content-search");
  const coveredSince = covered?.knownSince ?? null;
  const goesOn = covered && coveredSince && coveredSince <= wanted;
  const contentSince =
    (await findContentSince(db, runId)) ??
    (goesOn ? new Date(Math.max(wanted.getTime(), covered.knownUntil.getTime() - OVERLAP_MS)) : wanted);
  const meets = covered && coveredSince && coveredSince < contentSince && contentSince <= covered.knownUntil;
  return {
    contributed: {
      kind: "contributed",
      source: "content-search",
      knownSince: meets ? coveredSince : contentSince,
      knownUntil: new Date(observedAt.getTime() - SEARCH_LATE_MS),
    },
    contentSince,
  };
}

/** No audit log reaches further back (FACTS §3: one year at most). */
const AUDIT_KEPT_MS = 365 * 24 * 3_600_000;
/** A delta run follows the log from this long before: clocks differ, and a record may come after what it tells of. */
const FOLLOW_OVERLAP_MS = 15 * 60_000;

/**
 * What the audit log covers once this run has read it, and from when on it reads; null where a delta run has nothing to
 * follow from. A full run reads on from where the log was read to, as with content; a delta run from where everything
 * that the log can name was last looked at.
 */
export async function auditWindow(
  { db }: SyncContext,
  { id: runId, siteId, scope }: RunRow,
  { settings }: RunSetup,
  observedAt: Date,
): Promise<{ administered: EvidenceWindow; auditSince: Date | null }> {
  const keptSince = observedAt.getTime() - AUDIT_KEPT_MS;
  const wanted = new Date(Math.max(settings.analyzeActivitySince.getTime(), keptSince));
  const covered = await findEvidenceWindow(db, siteId, "administered", "audit-log");
  const coveredSince = covered?.knownSince ?? null;
  const goesOn = covered && coveredSince && coveredSince <= wanted;
  const resumedSince = goesOn ? covered.knownUntil.getTime() - OVERLAP_MS : 0;
  const followedUntil = scope === "delta" ? await findFollowedUntil(db, siteId) : null;
  const begins = scope === "delta" ? followedUntil && followedUntil.getTime() - FOLLOW_OVERLAP_MS : resumedSince;
  const from = scope === "delta" ? keptSince : wanted.getTime();
  const auditSince = (await findAuditSince(db, runId)) ?? (begins === null ? null : new Date(Math.max(from, begins)));
  const meets = covered && coveredSince && auditSince && coveredSince < auditSince && auditSince <= covered.knownUntil;
  return {
    administered: {
      kind: "administered",
      source: "audit-log",
      knownSince: meets ? coveredSince : (auditSince ?? wanted),
      knownUntil: observedAt,
    },
    auditSince,
  };
}
