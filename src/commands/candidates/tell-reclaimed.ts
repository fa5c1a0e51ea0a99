import type { Context } from "../context.ts";
import { holdCandidate, tellHolder } from "./steps.ts";

/**
 * Tells the holder of a seat that was taken how to get it back, once, while that is possible. False: there is nothing to
 * tell, or nobody to be told.
 */
export function tellReclaimed(context: Context, candidateId: string): Promise<boolean> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (step?.candidate.state !== "reclaimed" || !step.candidate.dueAt || step.candidate.dueAt <= step.at) return false;
    const { parties, candidate } = step;
    return tellHolder(step, "seat-reclaimed", candidate.revision, {
      personId: parties.personId,
      expiresAt: step.candidate.dueAt.toISOString(),
    });
  });
}
