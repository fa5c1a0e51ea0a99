import { afterSilence, daysAfter } from "../../rules/candidates/check-in.ts";
import type { Context } from "../context.ts";
import { escalateStep, holdCandidate, keepStep, scheduleStep, type Step, type StepResult } from "./steps.ts";

export type WaitOutcome = "kept" | "escalated" | "scheduled" | "attention" | "left";

/**
 * What an answer or a decision that did not come in time means: the holder's silence what the rule says, the decider's
 * nothing. Nobody is ever taken a seat from by a decider's silence. `left`: somebody was quicker, or it is not due.
 */
export function endWait(context: Context, candidateId: string): Promise<WaitOutcome> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (!step?.candidate.dueAt || step.candidate.dueAt > step.at) return "left";
    if (step.candidate.state === "asking") return outcomeOf(await endSilence(step));
    if (step.candidate.state === "deciding") return outcomeOf(await endIndecision(step));
    return "left";
  });
}

function endSilence(step: Step): Promise<StepResult> {
  const { candidate, at } = step;
  const set = { answer: "none", decidedBy: "system" } as const;
  switch (afterSilence(candidate)) {
    case "keep":
      return keepStep(step, daysAfter(at, candidate.settings.coolDownDays), { set, detail: { why: "silence" } });
    case "reclaim":
      return scheduleStep(step, "You have not answered the question whether you still need it.", {
        set,
        detail: { why: "silence" },
      });
    case "escalate":
      return escalateStep(step, { why: "They were asked and have not answered.", set: { answer: "none" } });
  }
}

function endIndecision(step: Step): Promise<StepResult> {
  const { deciderPerson, deciderEmail, settings } = step.candidate;
  const asked = [deciderPerson, deciderEmail].filter((each) => each !== null);
  // A manager who says nothing is followed by the decider whom the rule names; after that one there is nobody.
  const wasNamed = deciderPerson === null;
  const except =
    wasNamed && settings.decision.by === "manager" ? [...asked, step.parties.manager?.personId ?? ""] : asked;
  return escalateStep(step, { why: "Whoever was asked first has not decided.", except });
}

function outcomeOf(result: StepResult): WaitOutcome {
  if (!result.ok) throw new Error(`A wait that was over could not be ended: ${result.error}.`);
  const outcomes = { kept: "kept", deciding: "escalated", scheduled: "scheduled", attention: "attention" } as const;
  return outcomes[result.value.state as keyof typeof outcomes];
}
