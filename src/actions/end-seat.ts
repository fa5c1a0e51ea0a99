import type { CandidateState } from "../model/reclamation.ts";
import type { PlanOutcome, PlanRowState } from "../model/plans.ts";
import { moveCandidate } from "../store/candidates/moves.ts";
import type { Tx } from "../store/database.ts";
import { type ActionChange, saveActions } from "../store/plans/actions.ts";
import { notify } from "../store/notifications/notify.ts";
import type { DueSeat } from "../store/plans/due.ts";
import { lockPlanRow, savePlanRow } from "../store/plans/rows.ts";
import { findRestoreDays, saveRowRestored } from "../store/plans/restorable.ts";
import { findSite } from "../store/sites.ts";
import { type SeatContext, underLease } from "./seat-context.ts";

/** How the change of a seat ended. */
export interface SeatEnd {
  state: Extract<PlanRowState, "done" | "failed" | "unverified" | "left-out">;
  outcome: PlanOutcome | null;
  /** What becomes of the candidate of a seat that was not taken; null leaves it as it is. */
  candidate: Extract<CandidateState, "canceled" | "excluded" | "attention"> | null;
  actions: ActionChange[];
}

const ENTRIES = {
  reclaim: { done: "seat.reclaimed", failed: "seat.reclaim-failed" },
  restore: { done: "seat.restored", failed: "seat.restore-failed" },
} as const;

const DAY_MS = 86_400_000;

/** Saves how it ended, once: the row, its actions, its candidate and the journal's entry together. */
export async function endSeat(ctx: SeatContext, due: DueSeat, end: SeatEnd): Promise<void> {
  await underLease(ctx, (tx) => endSeatIn(tx, ctx.clock.now(), due, end));
  if (end.state === "failed" || end.state === "unverified") await ctx.settle();
}

export async function endSeatIn(tx: Tx, at: Date, due: DueSeat, end: SeatEnd): Promise<void> {
  const row = await lockPlanRow(tx, due.row.planId, due.row.position);
  if (row?.state !== "executing") return;
  await saveActions(tx, end.actions);
  await savePlanRow(tx, row, end.state, end.outcome);
  const { plan } = due;
  if (end.state === "done" && plan.kind === "restore") await noteRestored(tx, due, at);
  else if (row.candidateId !== null && plan.kind === "reclaim") await moveOn(tx, due, row.candidateId, end, at);
  tx.record({
    actorId: plan.appliedBy,
    through: "job",
    entry: entryOf(plan.kind, end.state),
    subjectId: row.accountId,
    detail: {
      planId: row.planId,
      position: row.position,
      siteId: row.siteId,
      code: end.outcome?.code ?? null,
      actions: end.actions.map(({ id, state }) => ({ id, state })),
    },
  });
  if (end.state === "done") await tellDone(tx, due, at);
}

/** For systems that follow each seat; people are told of the plan. */
async function tellDone(tx: Tx, { row, plan }: DueSeat, at: Date): Promise<void> {
  const { siteId, accountId, planId, candidateId } = row;
  const site = (await findSite(tx, siteId))?.name ?? siteId;
  const kind = ENTRIES[plan.kind].done;
  await notify(tx, {
    kind,
    subjectId: row.accountId,
    data: { site, siteId, accountId, planId, candidateId },
    at,
    siteIds: [siteId],
    dedupeKey: `${kind}/${planId}/${row.position}`,
  });
}

function entryOf(kind: "reclaim" | "restore", state: SeatEnd["state"]): string {
  if (state === "left-out") return "seat.left-out";
  if (state === "unverified") return "seat.change-unverified";
  return ENTRIES[kind][state];
}

/** The seat that was taken is back: its row, its candidate and the false positives of its rule follow. */
async function noteRestored(tx: Tx, { row, plan }: DueSeat, at: Date): Promise<void> {
  const taken = await saveRowRestored(tx, row.siteId, row.accountId, plan.undoesPlanId);
  if (!taken?.candidateId) return;
  await moveCandidate(tx, {
    candidateId: taken.candidateId,
    to: "restored",
    actorId: plan.appliedBy,
    reason: null,
    evidence: null,
    detail: { planId: row.planId },
    at,
  });
}

async function moveOn(tx: Tx, due: DueSeat, candidateId: string, end: SeatEnd, at: Date): Promise<void> {
  const { planId } = due.row;
  const move = { candidateId, actorId: due.plan.appliedBy, evidence: null, detail: { planId }, at };
  if (end.state === "done") {
    // Nothing had to be sent: what was decided was so already. Refused where it is under way, and that is as well.
    await moveCandidate(tx, { ...move, to: "executing", reason: null, set: { planId } });
    const days = await findRestoreDays(tx, candidateId);
    const dueAt = new Date(at.getTime() + days * DAY_MS);
    await moveCandidate(tx, { ...move, to: "reclaimed", reason: null, set: { planId, dueAt } });
    return;
  }
  const to = end.state === "left-out" ? end.candidate : "attention";
  if (to === null || end.outcome === null) return;
  const set = to === "attention" ? { planId, attention: end.outcome } : { planId };
  await moveCandidate(tx, { ...move, to, reason: end.outcome.message, set });
}
