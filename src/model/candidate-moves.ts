import { ok, refuse, type Result } from "../lib/result.ts";
import type { Candidate } from "./candidates.ts";
import { CLOSED_CANDIDATE_STATES, type CandidateState } from "./reclamation.ts";

/** What happened to a seat from outside, which may end any wait. */
const ENDS = ["kept", "canceled", "excluded", "superseded", "gone"] as const;

/**
 * PRODUCT.md §6: `detected → ready → asking → deciding → scheduled → executing → reclaimed (→ restored) | attention`, or
 * closed. Steps may be left out forwards (nobody to ask, nobody to decide), and one that was decided may be asked anew;
 * but only what is scheduled is executed, so that whoever takes a seat passes the same gate.
 */
const MOVES: Record<CandidateState, readonly CandidateState[]> = {
  detected: ["ready", "scheduled", "attention", ...ENDS],
  // Back to `detected`: its rule is report-only again.
  ready: ["detected", "asking", "deciding", "scheduled", "attention", ...ENDS],
  asking: ["ready", "deciding", "scheduled", "attention", ...ENDS],
  deciding: ["ready", "scheduled", "attention", ...ENDS],
  scheduled: ["ready", "deciding", "executing", "attention", ...ENDS],
  // Back to `scheduled`: left out of its plan for a reason that passes, such as a limit.
  executing: ["scheduled", "reclaimed", "attention", "canceled", "excluded", "gone"],
  attention: ["ready", "deciding", "scheduled", "reclaimed", ...ENDS],
  reclaimed: ["restored"],
  restored: [],
  // The holder thought better of it, or keeps it for another reason, while the link still holds.
  kept: ["kept", "scheduled"],
  canceled: [],
  excluded: [],
  superseded: [],
  gone: [],
};

const CLOSED: ReadonlySet<CandidateState> = new Set(CLOSED_CANDIDATE_STATES);

export type CandidateMoveRefusal = "move-not-allowed" | "own-answer-needed";

/** Whether its way is over; `closed_at` is set then. */
export function isClosedState(state: CandidateState): boolean {
  return CLOSED.has(state);
}

/** The states from which `to` can be reached in one step. */
export function statesBefore(to: CandidateState): CandidateState[] {
  return (Object.keys(MOVES) as CandidateState[]).filter((from) => MOVES[from].includes(to));
}

/**
 * Whether a candidate may go to `to`. A step within an open state (a reminder, another date) is always one. Silence proves
 * nothing where reading is not observed: such a seat is neither scheduled nor taken unless its own holder gave it back,
 * whoever else decides it.
 */
export function checkCandidateMove(
  candidate: Pick<Candidate, "state" | "lacksEvidence" | "answer">,
  to: CandidateState,
): Result<CandidateState, CandidateMoveRefusal> {
  const stays = candidate.state === to && !isClosedState(to);
  if (!stays && !MOVES[candidate.state].includes(to)) return refuse("move-not-allowed");
  if ((to === "scheduled" || to === "executing") && needsOwnAnswer(candidate)) return refuse("own-answer-needed");
  return ok(to);
}

/** Nobody but its holder can give it back, and that has not happened. */
export function needsOwnAnswer(candidate: Pick<Candidate, "lacksEvidence" | "answer">): boolean {
  return candidate.lacksEvidence && candidate.answer !== "give-back";
}
