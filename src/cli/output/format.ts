const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Instants up to this far away are told relatively, others as a date. */
const RELATIVE_MS_MAX = 7 * DAY_MS;

/** What stands where there is nothing to say. */
export const NOTHING = "—";

const wholeNumbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
/** Three letters each: `Intl` writes "Sept" in British English, which shifts columns. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function formatNumber(value: number): string {
  return wholeNumbers.format(value);
}

/** `4 min ago`, `in 3 h`, `2 d ago`; beyond seven days `19 Jul 2026`, in UTC. */
export function formatRelative(instant: Date, now: Date): string {
  const awayMs = instant.getTime() - now.getTime();
  const distanceMs = Math.abs(awayMs);
  if (distanceMs > RELATIVE_MS_MAX) return formatDate(instant);
  if (distanceMs < MINUTE_MS) return awayMs > 0 ? "in a moment" : "just now";
  const distance = coarse(distanceMs);
  return awayMs > 0 ? `in ${distance}` : `${distance} ago`;
}

/** `19 Jul 2026`, in UTC. */
export function formatDate(instant: Date): string {
  return `${instant.getUTCDate()} ${MONTHS[instant.getUTCMonth()]} ${instant.getUTCFullYear()}`;
}

function coarse(ms: number): string {
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** `48 s`, `2 min 5 s`, `3 h 20 min`: how long something takes, to the nearest second. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `14:05:24`, in the time zone of whoever reads it. */
export function formatClock(instant: Date, timeZone?: string): string {
  return instant.toLocaleTimeString("en-GB", { hour12: false, timeZone });
}

/** `$5,160.00`: minor units of an ISO 4217 currency, with as many decimals as that currency has. */
export function formatMoney(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return format.format(minor / 10 ** decimalsOf(format));
}

/** `5160.00 USD`: for a program that reads it, without grouping and with the currency's own code. */
export function formatPlainMoney(minor: number, currency: string): string {
  const decimals = decimalsOf(new Intl.NumberFormat("en-US", { style: "currency", currency }));
  return `${(minor / 10 ** decimals).toFixed(decimals)} ${currency}`;
}

function decimalsOf(format: Intl.NumberFormat): number {
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** A share in whole percent, cut and never rounded up: 100% means everything. */
export function formatPercent(done: number, total: number): string {
  if (total <= 0) return "0%";
  return `${Math.min(100, Math.floor((done / total) * 100))}%`;
}

/** `1 group`, `3 groups`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
