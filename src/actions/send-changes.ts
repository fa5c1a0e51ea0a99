import type { Change } from "../model/changes.ts";
import type { PlanOutcome, PlanPause } from "../model/plans.ts";
import { ATTEMPTS_MAX, kindOfFailure, waitBeforeTry } from "../rules/actions/failures.ts";
import { type LeftOut, whyNotByFacts } from "../rules/actions/recheck.ts";
import { type ObservedAccess, SourceFailure } from "../sources/source.ts";
import { moveCandidate } from "../store/candidates/moves.ts";
import type { Tx } from "../store/database.ts";
import { tellPlanPaused } from "../store/notifications/tell-plan.ts";
import { type Action, type ActionChange, saveActions, saveActionsSent } from "../store/plans/actions.ts";
import { type DueSeat, lockSeatNow, type SeatNow } from "../store/plans/due.ts";
import { savePlanPause } from "../store/plans/progress.ts";
import { findRestorable } from "../store/plans/restorable.ts";
import { endSeat, endSeatIn } from "./end-seat.ts";
import { changed, openActions, seen } from "./open-actions.ts";
import { type KnownSeat, type SeatContext, underLease } from "./seat-context.ts";

/** How often what was sent is looked at while its plan is paused. */
const PAUSED_LOOK_MS = 60_000;

const NOT_DECIDED: LeftOut = {
  outcome: { code: "not-decided", message: "The decision to take it no longer stands.", fix: null },
  candidate: null,
};

const IS_BACK: LeftOut = {
  outcome: { code: "given-back", message: "It was given back since the plan was made.", fix: null },
  candidate: null,
};

/** What became of one request. */
interface Sent {
  action: Action;
  failure: SourceFailure | null;
}

/** A request that will fail however often it is sent. */
export interface FinalFailure {
  actionId: string;
  outcome: PlanOutcome;
}

/**
 * Sends the changes of one seat, one after the other up to the first that fails, after a commit that says so. Null: they
 * are to be read back now. `ended`: nothing is to be read back now, and why is saved.
 */
export async function sendChanges(
  ctx: SeatContext,
  known: KnownSeat,
  pending: readonly Action[],
  before: ObservedAccess,
  signal: AbortSignal,
): Promise<FinalFailure | "ended" | null> {
  const sentAt = await commitToSend(ctx, known.due, pending);
  if (sentAt === null) return "ended";
  const marked = pending.map((each): Action => ({
    ...each,
    state: "running",
    sentAt,
    answeredAt: null,
    attempts: each.attempts + 1,
    before: each.before ?? seen(before),
  }));
  known.due = withActions(known.due, marked);
  const sent = await makeEach(ctx, marked, signal);
  known.due = withActions(known.due, afterSending(pending, marked, sent));
  const failed = sent.find((each) => each.failure !== null);
  if (!failed?.failure) return null;
  switch (kindOfFailure(failed.failure.code)) {
    case "uncertain":
      return null;
    case "final":
      return { actionId: failed.action.id, outcome: outcomeOf(failed.failure) };
    case "not-taken":
      await tryLater(ctx, known.due, failed.action, failed.failure);
      return "ended";
  }
}

/** Null: it is not sent after all, and what that means is saved. */
async function commitToSend(ctx: SeatContext, due: DueSeat, pending: readonly Action[]): Promise<Date | null> {
  const at = ctx.clock.now();
  return underLease(ctx, async (tx) => {
    const now = await lockSeatNow(tx, due.row, at);
    if (now?.rowState !== "executing" || now.planState !== "applying") return null;
    const stops = whyStopped(now);
    if (now.isPaused || stops) {
      if (stops && !now.isPaused) await pause(tx, due, stops, at);
      // What was sent before is looked at again even so; the rest is due when the plan is resumed.
      const nextAt = new Date(at.getTime() + PAUSED_LOOK_MS);
      await saveActions(
        tx,
        openActions(due).map((each) => changed(each, each.sentAt === null ? {} : { nextAt })),
      );
      return null;
    }
    const isFirst = due.actions.every((each) => each.sentAt === null);
    const why = isFirst && due.plan.kind === "reclaim" ? whyNotByFacts(due.row.unusedSince, now) : null;
    if (why) {
      await leaveOut(tx, due, why, at);
      return null;
    }
    if (isFirst && due.plan.kind === "restore" && !(await isStillTaken(tx, due))) {
      await leaveOut(tx, due, IS_BACK, at);
      return null;
    }
    if (isFirst && !(await beginCandidate(tx, due, at))) {
      await leaveOut(tx, due, NOT_DECIDED, at);
      return null;
    }
    await saveActionsSent(
      tx,
      pending.map((each) => each.id),
      ctx.holder,
      at,
    );
    tx.record({
      actorId: due.plan.appliedBy,
      through: "job",
      entry: due.plan.kind === "reclaim" ? "seat.reclaim-sent" : "seat.restore-sent",
      subjectId: due.row.accountId,
      detail: {
        planId: due.row.planId,
        position: due.row.position,
        siteId: due.row.siteId,
        actions: pending.map(({ id, kind }) => ({ id, kind })),
      },
    });
    return at;
  });
}

/** Null: the site may be changed, and whoever began the plan still wants it. */
function whyStopped({ isAct, isServed, isRuleGoing }: SeatNow): Pick<PlanPause, "by" | "message"> | null {
  if (!isAct) return { by: "site", message: "A site of the plan was set to Observe only." };
  if (!isServed) {
    return { by: "site", message: "No published connection serves reclaim for a site of the plan any more." };
  }
  if (isRuleGoing) return null;
  const message = "Its rule does not act any more. Activate the rule and resume the plan, or discard the plan.";
  return { by: "rule", message };
}

async function pause(tx: Tx, { row }: DueSeat, why: Pick<PlanPause, "by" | "message">, at: Date): Promise<void> {
  if (!(await savePlanPause(tx, row.planId, { ...why, at }))) return;
  const detail = { by: why.by };
  tx.record({ actorId: "system", through: "job", entry: "plan.paused", subjectId: row.planId, detail });
  await tellPlanPaused(tx, row.planId, why.message, at);
}

async function leaveOut(tx: Tx, due: DueSeat, why: LeftOut, at: Date): Promise<void> {
  const actions = openActions(due).map((each) => changed(each, { state: "skipped", finishedAt: at }));
  await endSeatIn(tx, at, due, { state: "left-out", outcome: why.outcome, candidate: why.candidate, actions });
}

/** False: another plan gave it back, and what was taken from it since is not this one's to give. */
async function isStillTaken(tx: Tx, { row, plan }: DueSeat): Promise<boolean> {
  return (await findRestorable(tx, row.siteId, row.accountId, plan.undoesPlanId)) !== null;
}

/** False: the decision to take the seat does not stand any more. */
async function beginCandidate(tx: Tx, { row, plan }: DueSeat, at: Date): Promise<boolean> {
  if (row.candidateId === null || plan.kind !== "reclaim") return true;
  const { candidateId, planId } = row;
  const moved = await moveCandidate(tx, {
    candidateId,
    to: "executing",
    actorId: plan.appliedBy,
    reason: null,
    evidence: null,
    detail: { planId },
    set: { planId },
    at,
  });
  return moved.ok;
}

async function makeEach(ctx: SeatContext, actions: readonly Action[], signal: AbortSignal): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const action of actions) {
    try {
      await ctx.writer.make({ kind: action.kind, ...action.target } as Change, signal);
      sent.push({ action: { ...action, answeredAt: ctx.clock.now() }, failure: null });
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      sent.push({ action, failure: error });
      break;
    }
  }
  return sent;
}

function withActions(due: DueSeat, actions: readonly Action[]): DueSeat {
  const known = new Map(actions.map((each) => [each.id, each]));
  return { ...due, actions: due.actions.map((each) => known.get(each.id) ?? each) };
}

/** What was not reached, or not taken, was not sent. */
function afterSending(pending: readonly Action[], marked: readonly Action[], sent: readonly Sent[]): Action[] {
  return marked.map((mark, index): Action => {
    const result = sent.find(({ action }) => action.id === mark.id);
    if (!result) return { ...mark, sentAt: null, attempts: pending[index]?.attempts ?? 0 };
    const wasTaken = !result.failure || kindOfFailure(result.failure.code) === "uncertain";
    return wasTaken ? result.action : { ...result.action, sentAt: null };
  });
}

async function tryLater(ctx: SeatContext, due: DueSeat, failed: Action, failure: SourceFailure): Promise<void> {
  const at = ctx.clock.now();
  const outcome = outcomeOf(failure);
  if (failed.attempts < ATTEMPTS_MAX) {
    const nextAt = new Date(at.getTime() + waitBeforeTry(failed.attempts));
    const open = openActions(due);
    return underLease(ctx, (tx) =>
      saveActions(
        tx,
        open.map((each) => changed(each, { nextAt, ...(each.id === failed.id ? { outcome } : {}) })),
      ),
    );
  }
  const actions = openActions(due).map((each) => asGivenUp(each, failed.id, outcome, at));
  await endSeat(ctx, due, { state: "failed", outcome, candidate: "attention", actions });
}

function asGivenUp(action: Action, failedId: string, outcome: PlanOutcome, at: Date): ActionChange {
  if (action.id === failedId) return changed(action, { state: "failed", finishedAt: at, outcome });
  const state = action.sentAt === null ? "skipped" : "unverified";
  return changed(action, { state, finishedAt: at });
}

function outcomeOf({ code, publicMessage, fix }: SourceFailure): PlanOutcome {
  return { code, message: publicMessage, fix };
}
