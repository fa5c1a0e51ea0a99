interface Reading {
  requests: number;
  forecastRequests: number | null;
}

interface StepCounts {
  listings: number;
  ended: number;
}

/** Until it has ended, a run is not said to be whole. */
const SHARE_MAX = 0.99;

/**
 * How much of a run is done, from 0 to 0.99: by the requests that it was forecast to take, else by what it has listed so
 * far, which grows while it reads.
 */
export function shareDone({ requests, forecastRequests }: Reading, steps: readonly StepCounts[]): number {
  if (forecastRequests !== null && forecastRequests > 0) return Math.min(SHARE_MAX, requests / forecastRequests);
  const listings = steps.reduce((sum, each) => sum + each.listings, 0);
  const ended = steps.reduce((sum, each) => sum + each.ended, 0);
  return listings === 0 ? 0 : Math.min(SHARE_MAX, ended / listings);
}

/** With less of it done, what is left cannot be guessed. */
const GUESS_FROM = 0.05;

/** Milliseconds that are left at the pace so far; null while too little is done to tell. */
export function guessLeft(share: number, startedAt: Date, now: Date): number | null {
  if (share < GUESS_FROM) return null;
  const spent = now.getTime() - startedAt.getTime();
  return Math.max(0, Math.round((spent / share) * (1 - share)));
}

export interface Announcement {
  /** In tens: 40 of a run of which 43 % are read. */
  tens: number;
  atMs: number;
}

const ANNOUNCED_EVERY_MS = 5000;

/** What is read aloud next: each 10 %, and no more often than every five seconds; null says nothing. */
export function nextAnnouncement(share: number, last: Announcement, nowMs: number): Announcement | null {
  const tens = Math.floor(share * 10) * 10;
  return tens > last.tens && nowMs - last.atMs >= ANNOUNCED_EVERY_MS ? { tens, atMs: nowMs } : null;
}
