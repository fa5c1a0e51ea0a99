/** Days before a renewal, or before notice has to be given, on which people are reminded. */
export const REMINDER_DAYS = [90, 60, 30, 7] as const;

/** The nearest of them that has been reached; null while it is longer, and once the day has passed. */
export function dueReminder(daysLeft: number): number | null {
  if (daysLeft < 0) return null;
  return REMINDER_DAYS.findLast((each) => daysLeft <= each) ?? null;
}
