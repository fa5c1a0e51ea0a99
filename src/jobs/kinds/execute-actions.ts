import { executeActions as execute } from "../../actions/execute-actions.ts";
import { expireWaitingPlans, settlePlans } from "../../commands/plans/settle-plans.ts";
import { findNextDue } from "../../store/plans/due.ts";
import { isPlanToFinish } from "../../store/plans/progress.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import type { JobKind } from "../kinds.ts";

export const EXECUTE_ACTIONS = "execute-actions";

/** Carries out the changes of plans that were applied. It is begun as soon as one is due. */
export const executeActions: JobKind = {
  kind: EXECUTE_ACTIONS,
  name: "Execute actions",
  cron: "*/15 * * * *",
  followsRuns: false,
  async hasWork({ db, clock }) {
    const next = await findNextDue(db);
    const isDue = (next !== null && next <= clock.now()) || (await isPlanToFinish(db));
    return isDue && (await findRestoredCopy(db)) === null;
  },
  async execute({ db, clock, log, openSite, holder }, _, signal) {
    if (await findRestoredCopy(db)) {
      return { state: "skipped", message: "This is a restored copy: changes wait until somebody confirms it." };
    }
    await expireWaitingPlans(db, clock.now());
    const settle = () => settlePlans(db, clock.now());
    const seats = await execute({ db, clock, log, openSite, holder, lease: `job/${EXECUTE_ACTIONS}`, settle }, signal);
    return { state: "succeeded", message: seats === 0 ? "Nothing was due." : `Worked on ${seats} seats.` };
  },
};
