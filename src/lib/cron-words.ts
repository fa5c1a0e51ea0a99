import { type Cron, parseCron } from "./cron.ts";

const WEEKDAYS = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const MONTHS = [
  ["January", "February", "March", "April", "May", "June"],
  ["July", "August", "September", "October", "November", "December"],
].flat();

/** More than this many times of day are told by their fields instead. */
const TIMES_MAX = 4;

/** A schedule in words, such as `every day at 03:17 UTC`; the text as it is where it is no schedule. */
export function sayCron(text: string): string {
  const cron = parseCron(text);
  if (!cron) return text;
  const days = sayDays(cron);
  const months = cron.months.size === 12 ? "" : ` in ${list([...cron.months].map((each) => MONTHS[each - 1] ?? ""))}`;
  const often = sayOften(cron);
  if (often !== null) return `${often}${days === "every day" ? "" : ` ${days}`}${months}${isExact(cron) ? " UTC" : ""}`;
  return `${days}${months} at ${sayTimes(cron)} UTC`;
}

/** Whether a time of day is named, so that its zone has to be. */
function isExact({ hours }: Cron): boolean {
  return hours.size < 24 && stepOf(hours, 24) === null;
}

/** What comes round within a day; null for what has times of day. */
function sayOften({ minutes, hours }: Cron): string | null {
  const everyMinutes = stepOf(minutes, 60);
  const everyHours = stepOf(hours, 24);
  if (everyMinutes !== null && everyHours === 1)
    return everyMinutes === 1 ? "every minute" : `every ${everyMinutes} minutes`;
  if (minutes.size > TIMES_MAX || everyHours === null || everyHours > 12) return null;
  const at = list([...minutes].sort(ascending).map((minute) => `:${two(minute)}`));
  return everyHours === 1 ? `every hour at ${at}` : `every ${everyHours} hours at ${at}`;
}

function sayTimes({ minutes, hours }: Cron): string {
  if (minutes.size * hours.size <= TIMES_MAX) {
    const times = [...hours]
      .sort(ascending)
      .flatMap((hour) => [...minutes].sort(ascending).map((minute) => `${two(hour)}:${two(minute)}`));
    return list(times);
  }
  const each = stepOf(minutes, 60);
  const within = each === null ? `minute ${list([...minutes].sort(ascending).map(String))}` : `every ${each} minutes`;
  return `${within} of ${list([...hours].sort(ascending).map((hour) => `${two(hour)}:00`))}`;
}

function sayDays({ daysOfMonth, daysOfWeek, eitherDay }: Cron): string {
  const ofMonth =
    daysOfMonth.size === 31 ? null : `on day ${list([...daysOfMonth].sort(ascending).map(String))} of the month`;
  const ofWeek = daysOfWeek.size === 7 ? null : sayWeek(daysOfWeek);
  if (ofMonth === null) return ofWeek ?? "every day";
  if (ofWeek === null) return ofMonth;
  return eitherDay ? `${ofMonth} or ${ofWeek}` : `${ofMonth} if that is ${ofWeek}`;
}

function sayWeek(days: ReadonlySet<number>): string {
  if (days.size === 5 && !days.has(0) && !days.has(6)) return "on weekdays";
  if (days.size === 2 && days.has(0) && days.has(6)) return "at weekends";
  return `on ${list([...days].sort(ascending).map((each) => WEEKDAYS[each] ?? ""))}`;
}

/** The step of a field that comes round evenly from 0 on, within `size`; null of any other. */
function stepOf(field: ReadonlySet<number>, size: number): number | null {
  const values = [...field].sort(ascending);
  const step = size / values.length;
  return Number.isInteger(step) && values.every((value, index) => value === index * step) ? step : null;
}

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function ascending(left: number, right: number): number {
  return left - right;
}
