import { ok, refuse, type Result } from "../../lib/result.ts";
import type { PlanOutcome } from "../../model/plans.ts";
import { moveCandidate } from "../../store/candidates/moves.ts";
import type { Tx } from "../../store/database.ts";
import {
  type Action,
  findAction,
  lockAction,
  saveActionFailed,
  saveActionReported,
} from "../../store/plans/actions.ts";
import { listPlanRows, savePlanRow } from "../../store/plans/rows.ts";
import { signalWork } from "../../store/work-signal.ts";
import type { Context } from "../context.ts";

export interface ActionReport {
  actionId: string;
  /** `done` is read back before it counts. */
  outcome: "done" | "failed";
  /** What whoever did it says; needed where it failed. */
  note: string | null;
}

export interface ReportActionRefusal {
  code: "no-such-action" | "not-reported" | "already-ended" | "note-needed";
  detail: string;
}

/** A person, or an outside flow, says what became of a change that Usher does not make itself. */
export function reportAction(
  { db, clock, actor }: Context,
  report: ActionReport,
): Promise<Result<Action, ReportActionRefusal>> {
  return db.transaction(async (tx) => {
    const action = await lockAction(tx, report.actionId);
    if (!action) return refuse({ code: "no-such-action", detail: `There is no action ${report.actionId}.` });
    if (action.kind !== "instruction" && action.kind !== "webhook") {
      return refuse({
        code: "not-reported",
        detail: "Usher makes this change itself, and reads back what became of it.",
      });
    }
    if (action.state !== "planned" && action.state !== "running") {
      return refuse({ code: "already-ended", detail: `It is ${action.state}.` });
    }
    if (report.outcome === "failed" && report.note === null) {
      return refuse({ code: "note-needed", detail: "Say why it could not be done." });
    }
    const at = clock.now();
    if (report.outcome === "done") {
      await saveActionReported(tx, action.id, actor.operatorId, at);
      await signalWork(tx);
    } else await fail(tx, action, report.note ?? "", actor.operatorId, at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "action.reported",
      subjectId: action.id,
      detail: { planId: action.planId, accountId: action.accountId, outcome: report.outcome },
      ...(report.note === null ? {} : { personal: { note: report.note } }),
    });
    return ok((await findAction(tx, action.id)) ?? action);
  });
}

async function fail(tx: Tx, action: Action, note: string, operatorId: string, at: Date): Promise<void> {
  const outcome: PlanOutcome = { code: "reported-failed", message: note, fix: null };
  await saveActionFailed(tx, action.id, operatorId, outcome, at);
  await savePlanRow(tx, action, "failed", outcome);
  await signalWork(tx);
  const [row] = await listPlanRows(tx, action.planId, action.position);
  if (!row?.candidateId) return;
  const { candidateId, planId } = row;
  const set = { planId, attention: outcome };
  await moveCandidate(tx, {
    candidateId,
    to: "attention",
    actorId: operatorId,
    reason: note,
    evidence: null,
    detail: { planId },
    set,
    at,
  });
}
