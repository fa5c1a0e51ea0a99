import type { SavingDate } from "../../model/money.ts";
import type { ReclamationSettings } from "../../model/reclamation.ts";

const DAY_MS = 86_400_000;
/** Before the billing event, so that what fails at first can be tried again in time. */
const LEAD_MS = 2 * DAY_MS;

/**
 * When a seat that is decided is taken: now, or two days before the bill that it would be on; and on no blackout day. A
 * blackout over the days before a bill moves it forward to before the blackout, where that is still to come, else past it.
 */
export function takeDate(
  { timing, blackouts }: Pick<ReclamationSettings, "timing" | "blackouts">,
  saving: SavingDate | null,
  at: Date,
): Date {
  const billed = timing === "before-billing" ? (saving?.from ?? null) : null;
  const wanted = Math.max(at.getTime(), (billed?.getTime() ?? 0) - LEAD_MS);
  const blocked = blackoutAt(blackouts, wanted);
  if (!blocked) return new Date(wanted);
  if (billed !== null) {
    const before = earlierFree(blackouts, blocked.start - 1);
    if (before >= at.getTime()) return new Date(before);
  }
  return new Date(laterFree(blackouts, blocked.end));
}

/** Why nothing is taken at this moment; null where something may be. */
export function blackoutReason(blackouts: ReclamationSettings["blackouts"], at: Date): string | null {
  return blackoutAt(blackouts, at.getTime())?.reason ?? null;
}

interface Span {
  start: number;
  /** The first instant after it. */
  end: number;
  reason: string;
}

function blackoutAt(blackouts: ReclamationSettings["blackouts"], at: number): Span | null {
  for (const { from, until, reason } of blackouts) {
    const span = { start: Date.parse(`${from}T00:00:00Z`), end: Date.parse(`${until}T00:00:00Z`) + DAY_MS, reason };
    if (span.start <= at && at < span.end) return span;
  }
  return null;
}

function laterFree(blackouts: ReclamationSettings["blackouts"], at: number): number {
  const blocked = blackoutAt(blackouts, at);
  return blocked ? laterFree(blackouts, blocked.end) : at;
}

function earlierFree(blackouts: ReclamationSettings["blackouts"], at: number): number {
  const blocked = blackoutAt(blackouts, at);
  return blocked ? earlierFree(blackouts, blocked.start - 1) : at;
}
