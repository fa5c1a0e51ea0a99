import type { Reader } from "../store/database.ts";
import { countListings, type ListingTotals } from "../store/listings.ts";

export type StepState = "waiting" | "reading" | "complete" | "partial" | "failed" | "not-allowed";

export interface RunStep extends ListingTotals {
  state: StepState;
  tookMs: number | null;
  rowsPerSecond: number | null;
}

/** The steps of a run: its listings by kind, each with how it stands and how fast it is read. */
export async function readSteps(reader: Reader, runId: string): Promise<RunStep[]> {
  return (await countListings(reader, runId)).map(withPace);
}

function withPace(totals: ListingTotals): RunStep {
  const { startedAt, updatedAt, rows } = totals;
  const tookMs = startedAt && updatedAt ? Math.max(0, updatedAt.getTime() - startedAt.getTime()) : null;
  const rowsPerSecond = tookMs ? Math.round((rows / tookMs) * 10_000) / 10 : null;
  return { ...totals, state: stateOf(totals), tookMs, rowsPerSecond };
}

function stateOf({ listings, ended, complete, failed, notAllowed, startedAt }: ListingTotals): StepState {
  if (ended < listings) return startedAt === null ? "waiting" : "reading";
  if (complete === listings) return "complete";
  if (notAllowed === listings) return "not-allowed";
  return failed === listings ? "failed" : "partial";
}
