import { afterSilence, daysAfter, linkExpiry } from "../../rules/candidates/check-in.ts";
import type { ObservedUse } from "../../sources/source.ts";
import { saveLookedUpUse } from "../../store/candidates/looked-up-use.ts";
import { isExcludedFromReclaim } from "../../store/candidates/parties.ts";
import type { Context } from "../context.ts";
import {
  escalateStep,
  holdCandidate,
  moveStep,
  scheduleStep,
  type Step,
  type StepResult,
  tellHolder,
} from "./steps.ts";

/** What a query for this seat alone showed; null: it could not be asked. */
export interface LookedUpUse {
  at: Date;
  uses: ObservedUse[];
}

export type AskOutcome = "asked" | "escalated" | "scheduled" | "canceled" | "excluded" | "attention" | "left";

/**
 * Asks the holder of a seat by mail. One who was seen meanwhile is left alone, one who cannot be asked is decided by
 * whoever decides, and where the rule asks nobody it is scheduled. `left`: it is no longer ready, so somebody was quicker.
 */
export function askHolder(context: Context, candidateId: string, lookedUp: LookedUpUse | null): Promise<AskOutcome> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (step?.candidate.state !== "ready") return "left";
    if (lookedUp && (await isSeenMeanwhile(step, lookedUp))) return "canceled";
    if (await isExcludedFromReclaim(tx, candidateId, step.at)) {
      await moveStep(step, "excluded", { entry: "candidate.excluded", reason: null });
      return "excluded";
    }
    const { settings, lacksEvidence } = step.candidate;
    if (settings.checkIn.asked === "nobody" && !lacksEvidence) {
      return outcomeOf(await scheduleStep(step, "", { set: { decidedBy: "system" }, detail: { asked: "nobody" } }));
    }
    if (step.parties.email === null || step.parties.isNotToldAnything) {
      const why = step.parties.isNotToldAnything
        ? "They are not written to, by a rule of this Usher."
        : "They could not be asked, because their e-mail address is not known.";
      return outcomeOf(await escalateStep(step, { why }));
    }
    return outcomeOf(await ask(step));
  });
}

async function ask(step: Step): Promise<StepResult> {
  const { candidate, parties, at } = step;
  const { checkIn, restoreDays } = candidate.settings;
  const dueAt = daysAfter(at, checkIn.answerDays);
  const asked = await moveStep(step, "asking", {
    entry: "candidate.asked",
    reason: null,
    detail: { dueAt },
    set: { askedAt: at, dueAt, remindersSent: 0, answer: null, answeredAt: null },
  });
  if (asked.ok) {
    await tellHolder(step, "check-in", asked.value.revision, {
      personId: parties.personId,
      dueAt: dueAt.toISOString(),
      expiresAt: linkExpiry(dueAt).toISOString(),
      onSilence: afterSilence(candidate),
      restoreDays,
    });
  }
  return asked;
}

/** Keeps what was seen as evidence; use that is newer than what was known cancels the candidate. */
async function isSeenMeanwhile(step: Step, lookedUp: LookedUpUse): Promise<boolean> {
  const { candidate, tx } = step;
  await saveLookedUpUse(tx, candidate, lookedUp);
  const known = candidate.lastUsedAt?.getTime() ?? -Infinity;
  const latest = Math.max(-Infinity, ...lookedUp.uses.map(({ at }) => at.getTime()));
  if (latest <= known) return false;
  await moveStep(step, "canceled", {
    entry: "candidate.canceled",
    reason: null,
    detail: { why: "activity", lastUseAt: new Date(latest) },
  });
  return true;
}

function outcomeOf(result: StepResult): AskOutcome {
  if (!result.ok) throw new Error(`A ready candidate could not be moved: ${result.error}.`);
  const outcomes = { asking: "asked", deciding: "escalated", scheduled: "scheduled", attention: "attention" } as const;
  return outcomes[result.value.state as keyof typeof outcomes];
}
