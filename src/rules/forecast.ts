/** Atlassian, "Rate limiting": 65,000 points an hour for an app across all of its sites; the hour is that of the clock. */
export const POINTS_PER_HOUR = 65_000;

/** What runs may take of an hour's points, so that checks and other uses of the same app find some left. */
export const SHARE_PERCENT_MAX = 80;

const HOUR_MS = 3_600_000;

export interface ForecastVerdict {
  /** More than a run may take in one hour: it waits for the next ones. */
  isSpread: boolean;
  /** When a run that starts at `at` has all its points; null when it need not wait. */
  untilAt: Date | null;
  words: string;
}

/**
 * Points come back on the full UTC hour and nothing is carried over, so a run gets its share of the hour it starts in
 * and of each one after it.
 */
export function judgeForecast(points: number, at: Date): ForecastVerdict {
  const share = (POINTS_PER_HOUR * SHARE_PERCENT_MAX) / 100;
  if (points === 0)
    return { isSpread: false, untilAt: null, words: "No points: API tokens are exempt from the quota." };
  if (points <= share) {
    const words = `${number(points)} of the ${number(POINTS_PER_HOUR)} points that the app has an hour.`;
    return { isSpread: false, untilAt: null, words };
  }
  const hours = Math.ceil(points / share);
  const startOfHour = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
  const untilAt = new Date(startOfHour + (hours - 1) * HOUR_MS);
  const words =
    `${number(points)} points are more than ${SHARE_PERCENT_MAX} % of the ${number(POINTS_PER_HOUR)} that the app has ` +
    `an hour: a run spreads over ${hours} hours, and one started now goes on until after ${clockTime(untilAt)} UTC. ` +
    "With an API token beside the grant it would cost none.";
  return { isSpread: true, untilAt, words };
}

/** A run has eight requests under way side by side; that each takes a second is assumed, and is more than most take. */
const REQUESTS_A_SECOND = 8;

/** Whole minutes that a run started at `at` takes, at least one; hours where it waits for its points. */
export function forecastMinutes({ requests, points }: { requests: number; points: number }, at: Date): number {
  const { untilAt } = judgeForecast(points, at);
  const waitsMs = untilAt === null ? 0 : untilAt.getTime() - at.getTime();
  return Math.max(1, Math.ceil(Math.max(requests / REQUESTS_A_SECOND / 60, waitsMs / 60_000)));
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function clockTime(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace("T", " ");
}
