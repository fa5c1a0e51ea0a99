import { ok, refuse, type Result } from "../../lib/result.ts";
import type { CandidateMoveRefusal } from "../../model/candidate-moves.ts";
import type { Candidate, Hindrance } from "../../model/candidates.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import { daysAfter, linkExpiry } from "../../rules/candidates/check-in.ts";
import { sayUse } from "../../rules/candidates/say-use.ts";
import { takeDate } from "../../rules/candidates/timing.ts";
import { lockCandidate } from "../../store/candidates/candidates.ts";
import { type CandidateChange, moveCandidate } from "../../store/candidates/moves.ts";
import { type CandidateParties, findCandidateParties } from "../../store/candidates/parties.ts";
import type { Tx } from "../../store/database.ts";
import { queueMessage } from "../../store/messages.ts";
import { notify } from "../../store/notifications/notify.ts";
import type { Context } from "../context.ts";

/** A candidate that is held while a decision about it is carried out, with whom it concerns. */
export interface Step {
  tx: Tx;
  at: Date;
  actor: Context["actor"];
  candidate: Candidate;
  parties: CandidateParties;
}

export type StepResult = Result<Candidate, CandidateMoveRefusal>;

/** Waits for, then holds, a candidate; null where it is not there. */
export async function holdCandidate(tx: Tx, context: Context, candidateId: string): Promise<Step | null> {
  const at = context.clock.now();
  const candidate = await lockCandidate(tx, candidateId);
  const parties = candidate && (await findCandidateParties(tx, candidateId, at));
  return candidate && parties ? { tx, at, actor: context.actor, candidate, parties } : null;
}

export interface StepWords {
  /** Of the journal: `candidate.kept`. */
  entry: string;
  /** Free text of whoever decided. */
  reason: string | null;
  detail?: Record<string, unknown>;
  set?: CandidateChange;
}

/** Moves it, with the journal entry of who did it. */
export async function moveStep(step: Step, to: CandidateState, words: StepWords): Promise<StepResult> {
  const { tx, at, actor, candidate } = step;
  const { entry, reason, detail = {}, set } = words;
  const moved = await moveCandidate(tx, {
    candidateId: candidate.id,
    to,
    actorId: actor.operatorId,
    reason,
    evidence: null,
    detail,
    ...(set ? { set } : {}),
    at,
  });
  if (!moved.ok) {
    if (moved.error === "no-such-candidate") throw new Error(`The candidate ${candidate.id} is held and is not there.`);
    return refuse(moved.error);
  }
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry,
    subjectId: candidate.id,
    detail: { ...detail, from: candidate.state, to, siteId: candidate.siteId, accountId: candidate.accountId },
    ...(reason === null ? {} : { personal: { reason } }),
  });
  return ok(moved.value);
}

/** It is decided that the seat is taken; the holder is told when, unless nobody is to be told. */
export async function scheduleStep(step: Step, why: string, words: Partial<StepWords>): Promise<StepResult> {
  const { candidate, parties, at } = step;
  const { settings, savesFrom } = candidate;
  const scheduledFor = takeDate(settings, savesFrom ? { kind: "next-bill", from: savesFrom } : null, at);
  const moved = await moveStep(step, "scheduled", {
    entry: "candidate.scheduled",
    reason: null,
    ...words,
    detail: { ...words.detail, scheduledFor },
    set: { ...words.set, scheduledFor, keptUntil: null, leaveUntil: null },
  });
  if (moved.ok && settings.checkIn.asked === "holder") {
    await tellHolder(step, "seat-scheduled", moved.value.revision, {
      why,
      scheduledFor: scheduledFor.toISOString(),
      expiresAt: linkExpiry(scheduledFor).toISOString(),
      restoreDays: settings.restoreDays,
      personId: parties.personId,
    });
  }
  if (moved.ok) await tellDecided(step, "take", scheduledFor, moved.value.revision);
  return moved;
}

/** It stays with its holder until then, and is left alone as long. */
export async function keepStep(step: Step, keptUntil: Date, words: Partial<StepWords>): Promise<StepResult> {
  const moved = await moveStep(step, "kept", {
    entry: "candidate.kept",
    reason: null,
    ...words,
    detail: { ...words.detail, keptUntil },
    set: { scheduledFor: null, leaveUntil: null, ...words.set, keptUntil },
  });
  if (moved.ok) await tellDecided(step, "keep", keptUntil, moved.value.revision);
  return moved;
}

async function tellDecided(
  { tx, at, candidate, parties }: Step,
  decision: "take" | "keep",
  until: Date,
  revision: number,
): Promise<void> {
  const { id: candidateId, siteId, accountId } = candidate;
  await notify(tx, {
    kind: "candidate.decided",
    subjectId: candidateId,
    data: { site: parties.site, siteId, accountId, candidateId, decision, until: until.toISOString() },
    at,
    siteIds: [siteId],
    dedupeKey: `candidate.decided/${candidateId}/${revision}`,
  });
}

/** It cannot go on by itself: a person has to look. */
export function attentionStep(step: Step, attention: Hindrance, set: CandidateChange = {}): Promise<StepResult> {
  return moveStep(step, "attention", {
    entry: "candidate.attention",
    reason: null,
    detail: { code: attention.code },
    set: { ...set, attention },
  });
}

/**
 * Asks whoever decides: the manager where the rule says so and one is known, else the decider that the rule names.
 * `except` was asked already and did not answer.
 */
export async function escalateStep(
  step: Step,
  { why, set = {}, except = [] }: { why: string; set?: CandidateChange; except?: readonly string[] },
): Promise<StepResult> {
  const { candidate, parties, at } = step;
  const { decision } = candidate.settings;
  const manager = decision.by === "manager" && parties.manager ? parties.manager : null;
  const named = decision.email === null ? null : { personId: null, name: decision.email, email: decision.email };
  const decider = [manager, named].find((each) => each && !except.includes(each.personId ?? each.email));
  if (!decider) return attentionStep(step, except.length > 0 ? NOT_DECIDED : NO_DECIDER, set);

  const dueAt = daysAfter(at, decision.days);
  const moved = await moveStep(step, "deciding", {
    entry: "candidate.escalated",
    reason: null,
    detail: { deciderId: decider.personId, dueAt },
    set: { ...set, dueAt, deciderPerson: decider.personId, deciderEmail: decider.email },
  });
  if (!moved.ok) return moved;
  await queueMessage(step.tx, {
    channel: "mail",
    kind: "decision-needed",
    recipient: decider.email,
    subjectId: candidate.id,
    data: {
      ...messageData(step),
      why,
      deciderId: decider.personId ?? decider.email,
      dueAt: dueAt.toISOString(),
      expiresAt: linkExpiry(dueAt).toISOString(),
    },
    dedupeKey: `decision-needed/${candidate.id}/${moved.value.revision}`,
    at,
  });
  return moved;
}

export const NO_DECIDER: Hindrance = {
  code: "no-decider",
  message: "No decider is known: the holder has no manager with an e-mail address, and the rule names nobody.",
  fix: "Decide it here, or name a decider in the rule and retry.",
};

const NOT_DECIDED: Hindrance = {
  code: "not-decided",
  message: "Whoever was asked to decide has not done so in time.",
  fix: "Decide it here, or retry to ask again.",
};

/** Queues a message to the holder, unless they are told nothing or have no address. False: nobody could be told. */
export async function tellHolder(
  step: Step,
  kind: string,
  revision: number,
  data: Record<string, unknown>,
): Promise<boolean> {
  const { tx, at, candidate, parties } = step;
  if (parties.email === null || parties.isNotToldAnything) return false;
  await queueMessage(tx, {
    channel: "mail",
    kind,
    recipient: parties.email,
    subjectId: candidate.id,
    data: { ...messageData(step), ...data },
    dedupeKey: `${kind}/${candidate.id}/${revision}`,
    at,
  });
  return true;
}

/** What every message about a candidate says. */
function messageData({ candidate, parties }: Step): Record<string, unknown> {
  return { candidateId: candidate.id, name: parties.name, site: parties.site, says: sayUse(parties.evidence) };
}
