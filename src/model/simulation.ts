/** What a rule would do with a seat whose condition holds, or why not yet; the first that is so. */
export const SIMULATED_OUTCOMES = [
  "would-take",
  "excluded",
  "in-grace",
  "cooling-down",
  "already-candidate",
  "lacks-evidence",
] as const;
export type SimulatedOutcome = (typeof SIMULATED_OUTCOMES)[number];

/** Whole days since the last use of any kind; `no-evidence`: it may have been used since, unseen. */
export const SILENCE_BUCKETS = ["0-30", "30-60", "60-90", "90-120", "120+", "never", "no-evidence"] as const;
export type SilenceBucket = (typeof SILENCE_BUCKETS)[number];

/** Seats of one site alike in both; `outcome` null: the condition does not hold. */
export interface SimulatedCount {
  siteId: string;
  outcome: SimulatedOutcome | null;
  bucket: SilenceBucket;
  isSeat: boolean;
  accounts: number;
}
