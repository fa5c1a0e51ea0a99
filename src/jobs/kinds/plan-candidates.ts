import { recheckCandidates } from "../../commands/candidates/find-candidates.ts";
import { type PlannedCounts, planCandidates } from "../../commands/candidates/plan-candidates.ts";
import type { Context } from "../../commands/context.ts";
import { isPlanningDue, listRulesWithDue } from "../../store/candidates/scheduled.ts";
import { findReclamationRule } from "../../store/reclamation/rules.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import type { JobKind } from "../kinds.ts";

export const PLAN_CANDIDATES = "plan-candidates";

/** Takes scheduled seats whose time has come into plans; begun as soon as one is due that nobody has looked at. */
export const planScheduledCandidates: JobKind = {
  kind: PLAN_CANDIDATES,
  name: "Plan scheduled candidates",
  cron: "5 * * * *",
  followsRuns: false,
  async hasWork({ db, clock }) {
    return (await isPlanningDue(db, clock.now())) && (await findRestoredCopy(db)) === null;
  },
  async execute({ db, clock, secrets, tell }, _result, signal) {
    if (await findRestoredCopy(db)) return { state: "skipped", message: "A restored copy changes nothing." };
    const context: Context = { db, clock, secrets, actor: { operatorId: "system", through: "job" } };
    const counts: Omit<PlannedCounts, "paused"> = { planned: 0, waiting: 0, attention: 0 };
    const paused: string[] = [];
    for (const ruleId of await listRulesWithDue(db, clock.now())) {
      signal.throwIfAborted();
      // A rule may have been edited, or facts have come, since its candidates were last looked at.
      if (ruleId !== null) await recheckCandidates(context, ruleId);
      const done = await planCandidates(context, ruleId);
      counts.planned += done.planned;
      counts.waiting += done.waiting;
      counts.attention += done.attention;
      if (done.paused === null || ruleId === null) continue;
      const name = (await findReclamationRule(db, ruleId))?.name ?? ruleId;
      paused.push(name);
      await tell(`${name} was paused: ${done.paused}`);
    }
    return { state: paused.length > 0 ? "partial" : "succeeded", message: sayPlanned(counts, paused) };
  },
};

function sayPlanned(counts: Omit<PlannedCounts, "paused">, paused: readonly string[]): string {
  const said = [
    counts.planned > 0 ? `${counts.planned} planned` : null,
    counts.waiting > 0 ? `${counts.waiting} waiting` : null,
    counts.attention > 0 ? `${counts.attention} for somebody to look at` : null,
  ].filter((each) => each !== null);
  const seats = said.length > 0 ? `Seats: ${said.join(", ")}.` : "Nothing was due.";
  return paused.length > 0 ? `${seats} Paused: ${paused.join(", ")}.` : seats;
}
