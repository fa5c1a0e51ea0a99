import { addDays, type Day, daysBetween } from "../../lib/day.ts";

export interface SeatDay {
  day: Day;
  used: number;
}

/** Looked back at for the forecast, and needed at least: a line through fewer days says nothing. */
const DAYS_LOOKED_BACK = 90;
const DAYS_MIN = 30;
/** As far ahead as is forecast, one point a week. */
const DAYS_AHEAD = 182;
const STEP_DAYS = 7;

/**
 * Where the seats go if they go on as in the last 90 days: the straight line with the least squares, laid through
 * today's number. Empty where fewer than 30 days are known.
 */
export function forecastSeats(days: readonly SeatDay[]): SeatDay[] {
  const recent = days.slice(-DAYS_LOOKED_BACK);
  const [first] = recent;
  const last = recent.at(-1);
  if (!first || !last || recent.length < DAYS_MIN) return [];
  const slope = slopeOf(recent.map(({ day, used }) => ({ x: daysBetween(first.day, day), y: used })));
  return Array.from({ length: DAYS_AHEAD / STEP_DAYS }, (_, index) => {
    const ahead = (index + 1) * STEP_DAYS;
    return { day: addDays(last.day, ahead), used: Math.max(0, Math.round(last.used + slope * ahead)) };
  });
}

function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (read: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
