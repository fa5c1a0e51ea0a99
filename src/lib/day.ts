/** A calendar day in UTC, `2026-05-03`. Days compare as text. */
export type Day = string;

const DAY_MS = 86_400_000;

/** Whether it is one that there is, from 1900 to 2999: nothing that is bought lies beyond. */
export function isDay(text: string): boolean {
  return /^(19|2\d)\d{2}-\d{2}-\d{2}$/.test(text) && toDay(beginningOf(text)) === text;
}

export function toDay(instant: Date): Day {
  return Number.isNaN(instant.getTime()) ? "" : instant.toISOString().slice(0, 10);
}

/** Midnight, UTC, at which it begins. */
export function beginningOf(day: Day): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

export function addDays(day: Day, days: number): Day {
  return toDay(new Date(beginningOf(day).getTime() + days * DAY_MS));
}

/** The same day of another month, or the last one of a month that is shorter than `dayOfMonth`. */
export function addMonths(day: Day, months: number, dayOfMonth = Number(day.slice(8))): Day {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const [year, month] = [Math.floor(index / 12), index % 12];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return toDay(new Date(Date.UTC(year, month, Math.min(dayOfMonth, lastDay))));
}

/** How many midnights lie between; negative where `to` comes first. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((beginningOf(to).getTime() - beginningOf(from).getTime()) / DAY_MS);
}
