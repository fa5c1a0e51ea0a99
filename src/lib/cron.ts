/** One field of a cron expression: the values at which it fires. */
type Field = ReadonlySet<number>;

export interface Cron {
  minutes: Field;
  hours: Field;
  daysOfMonth: Field;
  months: Field;
  daysOfWeek: Field;
  /** As cron has it: where both days are restricted, either one suffices. */
  eitherDay: boolean;
}

const BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Five fields of numbers, `*`, ranges, steps and lists; null when the text is not that. Names and seconds are not taken. */
export function parseCron(text: string): Cron | null {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== BOUNDS.length) return null;
  const fields = parts.map((part, index) => parseField(part, BOUNDS[index]!));
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = fields;
  if (!minutes || !hours || !daysOfMonth || !months || !daysOfWeek) return null;
  // Seven is Sunday too.
  const week = new Set([...daysOfWeek].map((day) => day % 7));
  const eitherDay = !parts[2]!.startsWith("*") && !parts[4]!.startsWith("*");
  return { minutes, hours, daysOfMonth, months, daysOfWeek: week, eitherDay };
}

function parseField(text: string, [min, max]: readonly [number, number]): Field | null {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return null;
    const [, first, last, stepText] = match;
    const step = stepText === undefined ? 1 : Number(stepText);
    const from = first === undefined ? min : Number(first);
    const to = last !== undefined ? Number(last) : first === undefined || stepText !== undefined ? max : from;
    if (step === 0 || from < min || to > max || from > to) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A date such as 29 February comes again within eight years; what does not come by then never does. */
const DAYS_AHEAD_MAX = 8 * 366;

/** The first instant after `after` at which the expression fires, in UTC; null when it never does. */
export function nextTime(cron: Cron, after: Date): Date | null {
  const start = Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const firstDay = Math.floor(start / DAY_MS) * DAY_MS;
  for (let day = 0; day < DAYS_AHEAD_MAX; day += 1) {
    const midnight = firstDay + day * DAY_MS;
    if (!firesOn(cron, new Date(midnight))) continue;
    for (const hour of sorted(cron.hours)) {
      for (const minute of sorted(cron.minutes)) {
        const instant = midnight + (hour * 60 + minute) * MINUTE_MS;
        if (instant >= start) return new Date(instant);
      }
    }
  }
  return null;
}

function firesOn(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const inMonth = cron.daysOfMonth.has(date.getUTCDate());
  const inWeek = cron.daysOfWeek.has(date.getUTCDay());
  return cron.eitherDay ? inMonth || inWeek : inMonth && inWeek;
}

function sorted(field: Field): number[] {
  return [...field].sort((left, right) => left - right);
}
