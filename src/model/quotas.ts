/** What one process spent and learned of a quota since it last told. */
export interface QuotaReport {
  quota: string;
  /** Start of the UTC hour that the points belong to. */
  hourAt: Date;
  /** Points spent since the last report. */
  points: number;
  /** All points of the hour are at least so many: a header said what is left. */
  pointsMin: number;
  blockedUntil: Date | null;
  blockedBy: "rate-limited" | "quota" | null;
  /** Most requests that were under way at once since the last report: so many the process keeps room for. */
  slots: number;
}

/** What all processes together know of a quota. */
export interface QuotaState {
  quota: string;
  hourAt: Date;
  points: number;
  blockedUntil: Date | null;
  blockedBy: "rate-limited" | "quota" | null;
  /** Requests that the other processes keep room for. */
  othersSlots: number;
}
