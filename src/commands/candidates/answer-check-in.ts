import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Candidate } from "../../model/candidates.ts";
import { daysAfter, isLeaveDate, keptAfterLeave } from "../../rules/candidates/check-in.ts";
import { hasOtherOpenCandidate } from "../../store/candidates/candidates.ts";
import type { Context } from "../context.ts";
import { holdCandidate, keepStep, scheduleStep, type Step, type StepResult } from "./steps.ts";

/** What a holder says of the seat. */
export type HolderAnswer =
  | { answer: "keep"; reason: string }
  | { answer: "give-back" }
  | { answer: "on-leave"; until: Date };

export type AnswerRefusal = "no-such-candidate" | "not-yours" | "acted-on" | "reason-needed" | "leave-date-wrong";

/** States in which an answer still changes what happens. Of those that are closed, only one that the holder kept. */
const ANSWERABLE = new Set(["ready", "asking", "deciding", "scheduled", "attention"]);

/** Whether what the holder says still changes what happens. */
export function isAnswerable({ state, answer }: Pick<Candidate, "state" | "answer">): boolean {
  return ANSWERABLE.has(state) || (state === "kept" && (answer === "keep" || answer === "on-leave"));
}

/**
 * Takes the answer of the person who holds the seat, as often as it is given until it was acted on. It goes before
 * whatever anybody else decided: nobody's seat is taken against their word, nor kept against it.
 */
export function answerCheckIn(
  context: Context,
  candidateId: string,
  given: HolderAnswer,
): Promise<Result<Candidate, AnswerRefusal>> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (!step) return refuse("no-such-candidate");
    const { candidate, parties, at } = step;
    if (parties.personId !== context.actor.operatorId) return refuse("not-yours");
    if (!isAnswerable(candidate)) return refuse("acted-on");
    // A seat that was kept and then found anew has a question of its own.
    if (candidate.closedAt && (await hasOtherOpenCandidate(tx, candidate))) return refuse("acted-on");
    if (given.answer === "keep" && given.reason.trim() === "") return refuse("reason-needed");
    if (given.answer === "on-leave" && !isLeaveDate(given.until, at)) return refuse("leave-date-wrong");

    const answered = await take(step, given);
    if (!answered.ok) throw new Error(`An answer could not be taken: ${answered.error}.`);
    return ok(answered.value);
  });
}

function take(step: Step, given: HolderAnswer): Promise<StepResult> {
  const { settings } = step.candidate;
  const { at } = step;
  const set = { answer: given.answer, answeredAt: at, decidedBy: step.actor.operatorId };
  const words = { entry: "candidate.answered", set, detail: { answer: given.answer } };
  switch (given.answer) {
    case "keep":
      return keepStep(step, daysAfter(at, settings.coolDownDays), { ...words, reason: given.reason.trim() });
    case "on-leave":
      return keepStep(step, keptAfterLeave(given.until, settings), {
        ...words,
        set: { ...set, leaveUntil: given.until },
        detail: { ...words.detail, leaveUntil: given.until },
      });
    case "give-back":
      return scheduleStep(step, "You said that you do not need it any more.", words);
  }
}
