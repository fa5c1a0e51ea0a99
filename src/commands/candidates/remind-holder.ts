import { afterSilence, linkExpiry, remindersDue } from "../../rules/candidates/check-in.ts";
import type { Context } from "../context.ts";
import { holdCandidate, moveStep, tellHolder } from "./steps.ts";

/** Repeats the question, once for all reminders that are due. False: none is, or nobody can be told. */
export function remindHolder(context: Context, candidateId: string): Promise<boolean> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (step?.candidate.state !== "asking" || !step.candidate.dueAt) return false;
    const { candidate, parties, at } = step;
    const due = remindersDue(candidate, at);
    if (due <= candidate.remindersSent) return false;

    const moved = await moveStep(step, "asking", {
      entry: "candidate.reminded",
      reason: null,
      detail: { reminders: due },
      set: { remindersSent: due },
    });
    if (!moved.ok) throw new Error(`A candidate that is asked could not be reminded: ${moved.error}.`);
    const dueAt = step.candidate.dueAt;
    return tellHolder(step, "check-in-reminder", moved.value.revision, {
      personId: parties.personId,
      dueAt: dueAt.toISOString(),
      expiresAt: linkExpiry(dueAt).toISOString(),
      onSilence: afterSilence(candidate),
      restoreDays: candidate.settings.restoreDays,
    });
  });
}
