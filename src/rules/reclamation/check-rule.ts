import type { ConditionProblem } from "../../model/conditions.ts";
import { KINDS_THAT_SEE_READERS } from "../../model/facts.ts";
import type { ReclamationRule, ReclamationSettings } from "../../model/reclamation.ts";
import { checkCondition } from "../conditions/check.ts";

/** What is wrong with a rule as a whole, each with where; the bounds of single fields the contract has checked. */
export function problemsOfRule(rule: Pick<ReclamationRule, "condition" | "settings">): ConditionProblem[] {
  const condition = checkCondition(rule.condition, { path: "condition", evidence: rule.settings.evidence });
  return [...(condition.ok ? [] : condition.error), ...problemsOfSettings(rule.settings)];
}

function problemsOfSettings(settings: ReclamationSettings): ConditionProblem[] {
  const { checkIn, decision, evidence, noAnswer, asksWithoutEvidence, blackouts } = settings;
  const problems: ConditionProblem[] = [];
  const say = (path: string, message: string) => problems.push({ path: `settings.${path}`, message });

  if (checkIn.asked === "nobody" && checkIn.silentReason === null) {
    say(
      "checkIn.silentReason",
      "Say why the holder is not asked: a seat would be taken from somebody who cannot object.",
    );
  }
  if (checkIn.asked === "holder" && checkIn.silentReason !== null) {
    say("checkIn.silentReason", "The holder is asked, so there is nothing to say here: null.");
  }
  if (checkIn.reminderDays.some((days) => days >= checkIn.answerDays)) {
    say("checkIn.reminderDays", `Each has to be less than the ${checkIn.answerDays} days there are to answer.`);
  }
  if (new Set(checkIn.reminderDays).size < checkIn.reminderDays.length) {
    say("checkIn.reminderDays", "Each day once.");
  }
  if (decision.by === "named" && decision.email === null) {
    say("decision.email", "The e-mail address of whoever decides.");
  }
  if (asksWithoutEvidence && checkIn.asked !== "holder") {
    say("asksWithoutEvidence", "Only where the holder is asked: their answer is the evidence.");
  }
  if (asksWithoutEvidence && noAnswer === "reclaim") {
    say("noAnswer", "Where seats without evidence are asked, silence proves nothing: keep or escalate.");
  }
  if (noAnswer === "reclaim" && !evidence.some((kind) => KINDS_THAT_SEE_READERS.includes(kind))) {
    say(
      "noAnswer",
      `Without a kind of evidence that sees readers (${KINDS_THAT_SEE_READERS.join(", ")}): keep or escalate.`,
    );
  }
  blackouts.forEach(({ from, until }, index) => {
    if (until < from) say(`blackouts[${index}].until`, `A day from ${from} on.`);
  });
  return problems;
}

/** What a rule needs beyond being right before it may act. */
export function problemsOfActivation({ settings }: Pick<ReclamationRule, "settings">): ConditionProblem[] {
  if (settings.decision.email !== null || settings.noAnswer === "keep") return [];
  const message = "The e-mail address of whoever decides where no manager is known.";
  return [{ path: "settings.decision.email", message }];
}
