import type { Candidate } from "../../model/candidates.ts";
import type { ReclamationSettings } from "../../model/reclamation.ts";

const DAY_MS = 86_400_000;
/** Longest leave that is taken on somebody's word, in days; parental leave is the longest that is common. */
export const LEAVE_DAYS_MAX = 400;
/** Longest time that a seat can be kept by one decision, in days. */
export const KEEP_DAYS_MAX = 730;
/** A link goes on opening its page for so long after its question was due, in days, to say what became of it. */
const LINK_DAYS_AFTER = 30;

export function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

/** Until when the link of a question opens. */
export function linkExpiry(dueAt: Date): Date {
  return daysAfter(dueAt, LINK_DAYS_AFTER);
}

/**
 * What silence means once the answer is due. It proves nothing of a seat whose evidence does not cover its window: that
 * one is escalated where the rule would take it.
 */
export function afterSilence(
  candidate: Pick<Candidate, "lacksEvidence" | "settings">,
): ReclamationSettings["noAnswer"] {
  const { noAnswer } = candidate.settings;
  return noAnswer === "reclaim" && candidate.lacksEvidence ? "escalate" : noAnswer;
}

/**
 * How many reminders should have gone out by `at`: one for each of `reminderDays` before the answer is due. Days that lie
 * before the question itself are none. Several that were missed are made up for by one.
 */
export function remindersDue(
  { dueAt, askedAt, settings }: Pick<Candidate, "dueAt" | "askedAt" | "settings">,
  at: Date,
): number {
  if (!dueAt || !askedAt) return 0;
  const days = settings.checkIn.reminderDays.filter((each) => daysAfter(dueAt, -each) > askedAt);
  return days.filter((each) => daysAfter(dueAt, -each) <= at).length;
}

/** Of a seat whose holder is on leave: whoever comes back is left alone as long as somebody new. */
export function keptAfterLeave(leaveUntil: Date, { graceDays }: Pick<ReclamationSettings, "graceDays">): Date {
  return daysAfter(leaveUntil, graceDays);
}

/** Whether the date of a leave can be taken: from tomorrow on, within bounds. */
export function isLeaveDate(until: Date, at: Date): boolean {
  return until > at && until <= daysAfter(at, LEAVE_DAYS_MAX);
}
