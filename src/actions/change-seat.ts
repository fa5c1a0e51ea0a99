import { messageOf } from "../lib/errors.ts";
import type { Executor } from "../model/plans.ts";
import { ATTEMPTS_MAX, kindOfFailure, waitBeforeLook, waitBeforeTry } from "../rules/actions/failures.ts";
import { isSeatChanged } from "../rules/actions/is-so.ts";
import { stillBringing, whyNotBySource, whyNotByUse } from "../rules/actions/recheck.ts";
import { type AccessPart, type ObservedAccess, SourceFailure } from "../sources/source.ts";
import { StoreFailure } from "../store/database.ts";
import { type Action, type ActionChange, saveActions, saveActionWaiting } from "../store/plans/actions.ts";
import type { DueSeat } from "../store/plans/due.ts";
import { endSeat, type SeatEnd } from "./end-seat.ts";
import { changed, finished, isDone, openActions, seen } from "./open-actions.ts";
import { type KnownSeat, LeaseLost, type SeatContext, underLease } from "./seat-context.ts";
import { type FinalFailure, sendChanges } from "./send-changes.ts";

/**
 * Takes the change of one seat as far as it goes now: looks at its use and at the source, sends what is not so yet, and
 * reads it back. Whatever was sent before is read first, so that a change is never made twice because its answer was
 * lost. What cannot be told yet is due again later. Throws only what is no answer of the source: the database is away, or
 * another process has taken over.
 */
export async function changeSeat(ctx: SeatContext, due: DueSeat, signal: AbortSignal): Promise<void> {
  const known = { due };
  try {
    await attempt(ctx, known, signal);
  } catch (error) {
    if (signal.aborted || error instanceof StoreFailure || error instanceof LeaseLost) throw error;
    await noteTrouble(ctx, known.due, error);
  }
}

async function attempt(ctx: SeatContext, known: KnownSeat, signal: AbortSignal): Promise<void> {
  const { due } = known;
  const { row, plan } = due;
  if (isElsewhere(row.executor)) return readBackElsewhere(ctx, due, signal);
  const wasSent = openActions(due).some((each) => each.sentAt !== null);
  if (!wasSent && plan.kind === "reclaim") {
    const used = whyNotByUse(row.unusedSince, await readNewUse(ctx, due, signal));
    if (used) return leaveOut(ctx, due, used);
  }
  const access = await ctx.writer.readAccess(row.accountSourceId, partsOf(row.executor, plan.kind, wasSent), signal);
  if (!wasSent) {
    const groupSourceIds = row.memberships.map((each) => each.groupSourceId);
    const why = whyNotBySource({ ...plan, executor: row.executor, groupSourceIds }, access, ctx.bringing);
    if (why) return leaveOut(ctx, due, why);
  }
  await goOn(ctx, known, access, signal);
}

/** What is so is done; what was sent waits for its effect; the rest is sent, and read back. */
async function goOn(ctx: SeatContext, known: KnownSeat, access: ObservedAccess, signal: AbortSignal): Promise<void> {
  const pending = openActions(known.due).filter((each) => !isDone(each, access));
  if (pending.length === 0) return endVerified(ctx, known.due, access);
  const wait = shortestWait(pending, ctx.clock.now());
  if (wait !== null) return lookLater(ctx, known.due, wait);
  if (pending.some(hadItsTime)) return endUnverified(ctx, known.due, access);

  const failure = await sendChanges(ctx, known, pending, access, signal);
  if (failure === "ended") return;
  const after = await ctx.writer.readAccess(
    known.due.row.accountSourceId,
    partsOf(known.due.row.executor, "restore", true),
    signal,
  );
  const left = openActions(known.due).filter((each) => !isDone(each, after));
  if (left.length === 0) return endVerified(ctx, known.due, after);
  // A failure for good, unless the source says that it is so all the same: a group that is gone has no members.
  if (failure && left.some((each) => each.id === failure.actionId)) return endFailed(ctx, known.due, failure, after);
  await lookLater(ctx, known.due, waitBeforeLook(0) ?? 0);
}

/** Until something that was sent may show; null: nothing is waited for. */
function shortestWait(pending: readonly Action[], at: Date): number | null {
  const waits = pending.flatMap(({ sentAt }) => {
    const wait = sentAt && waitBeforeLook(at.getTime() - sentAt.getTime());
    return wait === null ? [] : [wait];
  });
  return waits.length === 0 ? null : Math.min(...waits);
}

/** It was sent, its effect had the time to show, and it is not sent again: it was answered, or tried often enough. */
function hadItsTime({ sentAt, answeredAt, attempts }: Action): boolean {
  return sentAt !== null && (answeredAt !== null || attempts >= ATTEMPTS_MAX);
}

/** Everything is as it was to be, unless something else gives the access again. */
async function endVerified(ctx: SeatContext, due: DueSeat, access: ObservedAccess): Promise<void> {
  const { row, plan } = due;
  const at = ctx.clock.now();
  const actions = openActions(due).map((each) => finished(each, access, at));
  const planned = row.memberships.map((each) => each.groupSourceId);
  const isByGroups = plan.kind === "reclaim" && row.executor === "group-memberships";
  const others = isByGroups ? stillBringing(planned, access, ctx.bringing) : [];
  if (others.length === 0) {
    const isUntouched = [...due.actions, ...actions].every((each) => each.sentAt === null);
    const outcome = isUntouched
      ? { code: "already-so", message: "It was already so; nothing was sent.", fix: null }
      : null;
    return endSeat(ctx, due, { state: "done", outcome, candidate: null, actions });
  }
  const outcome = {
    code: "still-has-access",
    message: `It left the planned groups and is in ${others.join(", ")} meanwhile, which gives the product as well.`,
    fix: "Find out what adds it, sync the site, and make the plan anew.",
  };
  await endSeat(ctx, due, { state: "failed", outcome, candidate: "attention", actions });
}

async function endUnverified(ctx: SeatContext, due: DueSeat, access: ObservedAccess): Promise<void> {
  const at = ctx.clock.now();
  const outcome = {
    code: "not-seen",
    message: "The source took the change, and reading it back does not show it.",
    fix: "Look at the account at the source; the next sync tells what is so.",
  };
  const actions = openActions(due).map((each): ActionChange => {
    if (isDone(each, access)) return finished(each, access, at);
    if (each.sentAt === null) return changed(each, { state: "skipped", finishedAt: at });
    return changed(each, { state: "unverified", finishedAt: at, outcome, after: seen(access) });
  });
  await endSeat(ctx, due, { state: "unverified", outcome, candidate: "attention", actions });
}

async function endFailed(ctx: SeatContext, due: DueSeat, failure: FinalFailure, access: ObservedAccess): Promise<void> {
  const at = ctx.clock.now();
  const { outcome } = failure;
  const actions = openActions(due).map((each): ActionChange => {
    if (isDone(each, access)) return finished(each, access, at);
    if (each.id === failure.actionId) return changed(each, { state: "failed", finishedAt: at, outcome });
    return changed(each, { state: each.sentAt === null ? "skipped" : "unverified", finishedAt: at });
  });
  await endSeat(ctx, due, { state: "failed", outcome, candidate: "attention", actions });
}

/** A person or another system says that it is done: what counts is what the source says. */
async function readBackElsewhere(ctx: SeatContext, due: DueSeat, signal: AbortSignal): Promise<void> {
  const { row, plan } = due;
  const [action] = openActions(due);
  if (!action?.reportedAt) return;
  const at = ctx.clock.now();
  const access = await ctx.writer.readAccess(row.accountSourceId, ["groups", "status"], signal);
  const groupSourceIds = row.memberships.map((each) => each.groupSourceId);
  const isChanged = isSeatChanged(plan.kind, groupSourceIds, access);
  if (isChanged === true) {
    const done = changed(action, { state: "done", finishedAt: at, after: seen(access), outcome: null });
    return endSeat(ctx, due, { state: "done", outcome: null, candidate: null, actions: [done] });
  }
  const wait = waitBeforeLook(at.getTime() - action.reportedAt.getTime());
  if (wait !== null) return lookLater(ctx, due, wait);
  if (isChanged === null) {
    const outcome = {
      code: "cannot-read-back",
      message: "It was reported as done, and what the source says does not tell.",
      fix: "The next sync tells who holds a seat.",
    };
    const actions = [changed(action, { state: "unverified", finishedAt: at, after: seen(access), outcome })];
    return endSeat(ctx, due, { state: "unverified", outcome, candidate: "attention", actions });
  }
  await waitAgain(ctx, action, access);
}

/** It is not so: whoever said it is asked again. */
function waitAgain(ctx: SeatContext, action: Action, access: ObservedAccess): Promise<void> {
  const outcome = {
    code: "not-so",
    message: "It was reported as done, and the source says that it is not.",
    fix: "Make the change, then report it again.",
  };
  return underLease(ctx, (tx) => saveActionWaiting(tx, action.id, seen(access), outcome));
}

function lookLater(ctx: SeatContext, due: DueSeat, waitMs: number): Promise<void> {
  const nextAt = new Date(ctx.clock.now().getTime() + waitMs);
  return underLease(ctx, (tx) =>
    saveActions(
      tx,
      openActions(due).map((each) => changed(each, { nextAt })),
    ),
  );
}

/** A read failed, or something that nobody thought of: tried again later, and given up in words after some times. */
async function noteTrouble(ctx: SeatContext, due: DueSeat, error: unknown): Promise<void> {
  const { row } = due;
  const isKnown = error instanceof SourceFailure;
  if (!isKnown)
    ctx.log.error(
      { planId: row.planId, position: row.position, error: messageOf(error) },
      "a seat could not be changed",
    );
  const outcome = {
    code: isKnown ? error.code : "unexpected",
    message: isKnown ? error.publicMessage : "Something unexpected happened; the log of the server says what.",
    fix: isKnown ? error.fix : "Look into the log, then make a plan for this seat anew.",
  };
  const open = openActions(due);
  const attempts = Math.max(0, ...open.map((each) => each.attempts)) + 1;
  const isFinal = isKnown && kindOfFailure(error.code) === "final";
  const at = ctx.clock.now();
  if (!isFinal && attempts < ATTEMPTS_MAX) {
    const nextAt = new Date(at.getTime() + waitBeforeTry(attempts));
    return underLease(ctx, (tx) =>
      saveActions(
        tx,
        open.map((each) => changed(each, { attempts, nextAt, outcome })),
      ),
    );
  }
  const wasSent = open.some((each) => each.sentAt !== null);
  const state = wasSent ? "unverified" : "failed";
  const actions = open.map((each) =>
    changed(each, { state: each.sentAt === null ? "skipped" : "unverified", finishedAt: at, outcome }),
  );
  await endSeat(ctx, due, { state, outcome, candidate: "attention", actions });
}

async function leaveOut(ctx: SeatContext, due: DueSeat, why: Pick<SeatEnd, "outcome" | "candidate">): Promise<void> {
  const at = ctx.clock.now();
  const actions = openActions(due).map((each) => changed(each, { state: "skipped", finishedAt: at }));
  await endSeat(ctx, due, { state: "left-out", ...why, actions });
}

async function readNewUse({ source }: SeatContext, { row }: DueSeat, signal: AbortSignal): Promise<Date | null> {
  if (!source.readLatestUse || row.unusedSince === null) return null;
  const uses = await source.readLatestUse(row.accountSourceId, row.unusedSince, signal);
  const latest = Math.max(...uses.map((each) => each.at.getTime()));
  return uses.length === 0 ? null : new Date(latest);
}

/** As few requests as the change at hand needs. */
function partsOf(executor: Executor, kind: "reclaim" | "restore", wasSent: boolean): AccessPart[] {
  if (executor === "group-memberships") return ["groups"];
  const actsOnEveryProduct = executor === "directory" || executor === "scim";
  return actsOnEveryProduct && kind === "reclaim" && !wasSent ? ["status", "products"] : ["status"];
}

function isElsewhere(executor: Executor): boolean {
  return executor === "instruction" || executor === "webhook";
}
