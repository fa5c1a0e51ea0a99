import { ok, refuse, type Result } from "../../lib/result.ts";
import type { CandidateMoveRefusal } from "../../model/candidate-moves.ts";
import type { Candidate } from "../../model/candidates.ts";
import { daysAfter, KEEP_DAYS_MAX } from "../../rules/candidates/check-in.ts";
import { hasOtherOpenCandidate } from "../../store/candidates/candidates.ts";
import type { Context } from "../context.ts";
import { escalateStep, holdCandidate, keepStep, moveStep, scheduleStep, type Step, tellHolder } from "./steps.ts";

/** What somebody else than the holder decides about a seat. */
export type Decision =
  /** Without a date: as long as the rule's cool-down. */
  | { verb: "keep"; reason: string; until: Date | null }
  | { verb: "take"; reason: string | null }
  | { verb: "ask"; reason: string | null }
  | { verb: "cancel"; reason: string }
  | { verb: "retry"; reason: string | null };

export type DecideRefusal =
  | CandidateMoveRefusal
  | "no-such-candidate"
  | "not-yours"
  | "acted-on"
  | "stale-revision"
  | "keep-date-wrong"
  | "reason-needed"
  | "nothing-to-retry";

export interface DecideOptions {
  /** The revision that was looked at; null: whichever it is. */
  revision?: number | null;
  /** Who decides by a link: only what is theirs to decide, and not against the holder's own answer. */
  decider?: string;
}

/** A decision about one candidate, by an operator or by whoever was asked to decide. */
export function decideCandidate(
  context: Context,
  candidateId: string,
  decision: Decision,
  options: DecideOptions = {},
): Promise<Result<Candidate, DecideRefusal>> {
  return context.db.transaction(async (tx) => {
    const step = await holdCandidate(tx, context, candidateId);
    if (!step) return refuse("no-such-candidate");
    const { candidate } = step;
    if (typeof options.revision === "number" && options.revision !== candidate.revision) {
      return refuse("stale-revision");
    }
    // A plan has it in hand; what becomes of it, the plan says.
    if (candidate.state === "executing") return refuse(options.decider === undefined ? "move-not-allowed" : "acted-on");
    if (options.decider !== undefined) {
      if (!isDecider(candidate, options.decider)) return refuse("not-yours");
      if (!isDecidable(candidate)) return refuse("acted-on");
    }
    // What was kept is kept: whoever wants the seat nevertheless proposes it anew, with a reason of their own.
    if (candidate.closedAt && options.decider === undefined && decision.verb !== "keep") return refuse("acted-on");
    if (candidate.closedAt && (await hasOtherOpenCandidate(tx, candidate))) return refuse("acted-on");
    return carryOut(step, decision);
  });
}

/** Whether this person, or this address, was asked to decide. */
export function isDecider({ deciderPerson, deciderEmail }: Candidate, decider: string): boolean {
  return decider === (deciderPerson ?? deciderEmail);
}

/** Whether whoever was asked to decide still can: the holder's own answer goes before theirs. */
export function isDecidable({ state, answer }: Candidate): boolean {
  const isOpen = state === "deciding" || state === "scheduled" || state === "attention" || state === "kept";
  return isOpen && (answer === null || answer === "none");
}

async function carryOut(step: Step, decision: Decision): Promise<Result<Candidate, DecideRefusal>> {
  const { candidate, at, actor } = step;
  const words = { reason: decision.reason, detail: { verb: decision.verb } };
  const set = { decidedBy: actor.operatorId };
  switch (decision.verb) {
    case "keep":
      return keep(step, decision);
    case "take":
      return scheduleStep(step, "It was decided that your place is given back.", { ...words, set });
    case "ask":
      return moveStep(step, "ready", {
        ...words,
        entry: "candidate.asked-again",
        set: asksAgain(step, decision.reason),
      });
    case "cancel":
      if (decision.reason.trim() === "") return refuse("reason-needed");
      return moveStep(step, "canceled", { ...words, entry: "candidate.canceled", set });
    case "retry":
      if (candidate.state !== "attention") return refuse("nothing-to-retry");
      return retry(step, words, at);
  }
}

async function keep(
  step: Step,
  decision: Extract<Decision, { verb: "keep" }>,
): Promise<Result<Candidate, DecideRefusal>> {
  const { candidate, at, actor } = step;
  if (decision.reason.trim() === "") return refuse("reason-needed");
  const until = decision.until ?? daysAfter(at, candidate.settings.coolDownDays);
  if (until <= at || until > daysAfter(at, KEEP_DAYS_MAX)) return refuse("keep-date-wrong");
  const kept = await keepStep(step, until, {
    reason: decision.reason.trim(),
    detail: { verb: "keep" },
    set: { decidedBy: actor.operatorId },
  });
  if (kept.ok && candidate.askedAt) {
    await tellHolder(step, "seat-kept", kept.value.revision, { keptUntil: until.toISOString() });
  }
  return kept;
}

/** Whoever says so wants the holder asked, whatever the rule says and does. A decider by link is no operator. */
function asksAgain({ candidate, actor }: Step, reason: string | null) {
  const { settings } = candidate;
  const isOperator = actor.through !== "link";
  return {
    settings: { ...settings, checkIn: { ...settings.checkIn, asked: "holder" as const, silentReason: null } },
    answer: null,
    answeredAt: null,
    remindersSent: 0,
    scheduledFor: null,
    ...(isOperator ? { proposedBy: actor.operatorId, proposedReason: reason } : {}),
  };
}

async function retry(
  step: Step,
  words: { reason: string | null; detail: object },
  at: Date,
): Promise<Result<Candidate, DecideRefusal>> {
  const { candidate } = step;
  const code = candidate.attention?.code;
  if (code === "no-decider" || code === "not-decided") {
    return escalateStep(step, { why: "Nobody has decided yet." });
  }
  const entry = "candidate.retried";
  const detail = { ...words.detail, code: code ?? null };
  const scheduled = await moveStep(step, "scheduled", {
    entry,
    reason: words.reason,
    detail,
    set: { scheduledFor: candidate.scheduledFor ?? at },
  });
  if (scheduled.ok) return ok(scheduled.value);
  return moveStep(step, "ready", { entry, reason: words.reason, detail });
}
