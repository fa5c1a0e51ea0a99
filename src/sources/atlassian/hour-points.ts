/** Atlassian, "Rate limiting": 65,000 points an hour for an app across all of its sites, unless a header says otherwise. */
const POINTS_PER_HOUR = 65_000;
const HOUR_MS = 3_600_000;

/** The points of one OAuth client in the hour under way. Nothing is carried over: each UTC hour begins with all of them. */
export class HourPoints {
  private limit = POINTS_PER_HOUR;
  private hourStart = 0;
  /** Of this hour, by whomever, as far as it is known. */
  private total = 0;
  /** The part of it that the other processes were not told of. */
  private untold = 0;
  /** What a header said is at least spent, together with those that draw on the quota outside of this installation. */
  private totalMin = 0;

  /** Points that the other processes were not told of. */
  get untoldNow(): number {
    return this.untold;
  }

  spend(points: number, now: number): void {
    this.turn(now);
    this.total += points;
    this.untold += points;
  }

  /** What headers say: points left of the hour, and points an hour; null where they do not. */
  told(remaining: number | null, perHour: number | null, now: number): void {
    this.turn(now);
    if (perHour !== null) this.limit = perHour;
    if (remaining === null) return;
    this.totalMin = Math.max(this.totalMin, this.limit - remaining);
    this.total = Math.max(this.total, this.totalMin);
  }

  /** What the other processes are told now. */
  take(now: number): { hourAt: Date; points: number; pointsMin: number } {
    this.turn(now);
    const points = this.untold;
    this.untold = 0;
    return { hourAt: new Date(this.hourStart), points, pointsMin: this.totalMin };
  }

  /** Could not be told: it is told with the next. */
  giveBack({ hourAt, points }: { hourAt: Date; points: number }): void {
    if (hourAt.getTime() === this.hourStart) this.untold += points;
  }

  /** What all processes spent; this one may have spent more since it told. */
  heard({ hourAt, points }: { hourAt: Date; points: number }, now: number): void {
    this.turn(now);
    if (hourAt.getTime() === this.hourStart) this.total = Math.max(this.total, points + this.untold);
  }

  /** When whoever may spend this share of an hour can go on: the next hour once it is spent, else at once (0). */
  opensAt(share: number, now: number): number {
    this.turn(now);
    return this.total >= this.limit * share ? this.hourStart + HOUR_MS : 0;
  }

  private turn(now: number): void {
    const hourStart = Math.floor(now / HOUR_MS) * HOUR_MS;
    if (hourStart === this.hourStart) return;
    this.hourStart = hourStart;
    this.total = 0;
    this.untold = 0;
    this.totalMin = 0;
  }
}
