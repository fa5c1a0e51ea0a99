import { t } from "./t.ts";
import { formatTexts } from "./texts.ts";

/** The reader's own language and region, for numbers and days; words are the catalog's. */
const REGION = navigator.languages.find((each) => each.startsWith("en") && isKnown(each)) ?? "en-US";

/** Browsers of some systems name languages that `Intl` refuses, such as `en-US@posix`. */
function isKnown(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0;
  } catch {
    return false;
  }
}

const whole = new Intl.NumberFormat(REGION);
const percent = new Intl.NumberFormat(REGION, { style: "percent", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short", year: "numeric" });
const dayInUtc = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const dayAndTime = new Intl.DateTimeFormat(REGION, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(REGION, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const exact = new Intl.DateTimeFormat(REGION, { dateStyle: "medium", timeStyle: "long" });
const exactInUtc = new Intl.DateTimeFormat(REGION, { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
const list = new Intl.ListFormat(REGION);
const moneyFormats = new Map<string, Intl.NumberFormat>();

/** What stands where there is none; "unknown" is said in words. */
export const NONE = "—";

export function formatNumber(value: number): string {
  return whole.format(value);
}

/** 0.129 as "12.9%". */
export function formatPercent(share: number): string {
  return percent.format(share);
}

/** Money in its currency's smallest unit, such as cents; never rounded. */
export function formatMoney(minor: number, currency: string): string {
  let format = moneyFormats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(REGION, { style: "currency", currency });
    moneyFormats.set(currency, format);
  }
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** "People, Groups, and Spaces". */
export function formatList(words: readonly string[]): string {
  return list.format(words);
}

/** A calendar day such as `2026-11-21`, or the reader's day of an instant. */
export function formatDay(value: string | Date): string {
  if (typeof value === "string" && value.length === 10) return dayInUtc.format(new Date(`${value}T00:00:00Z`));
  return day.format(new Date(value));
}

export function formatDateTime(value: string | Date): string {
  return dayAndTime.format(new Date(value));
}

/** The time of the reader's day to the second, such as "14:05:24". */
export function formatClock(value: string | Date): string {
  return clock.format(new Date(value));
}

/** Local and UTC, for hover and focus. */
export function formatExact(value: string | Date): string {
  const date = new Date(value);
  return `${exact.format(date)}\n${exactInUtc.format(date)}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Up to here "3 days ago" says more than a date. */
const RELATIVE_DAYS_MAX = 7;

/** "4 min ago", "in 2 hours"; a date beyond seven days. */
export function formatRelative(value: string | Date, now: Date): string {
  const ms = new Date(value).getTime() - now.getTime();
  const size = Math.abs(ms);
  if (size > RELATIVE_DAYS_MAX * DAY_MS) return formatDay(value);
  const isPast = ms <= 0;
  if (size < MINUTE_MS) return t(isPast ? formatTexts.justNow : formatTexts.inAMoment);
  if (size < HOUR_MS) {
    return t(isPast ? formatTexts.minutesAgo : formatTexts.inMinutes, { count: Math.round(size / MINUTE_MS) });
  }
  if (size < DAY_MS)
    return t(isPast ? formatTexts.hoursAgo : formatTexts.inHours, { count: Math.round(size / HOUR_MS) });
  return t(isPast ? formatTexts.daysAgo : formatTexts.inDays, { count: Math.round(size / DAY_MS) });
}

/** 64,000 ms as "1:04", 450 as "0.5 s", 3,725,000 as "1:02:05". */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return t(formatTexts.seconds, { seconds: (ms / 1000).toFixed(1) });
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
