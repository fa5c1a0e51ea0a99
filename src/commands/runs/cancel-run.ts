import { ok, refuse, type Result } from "../../lib/result.ts";
import { findNamedRun, type NamedRun } from "../../store/run-lists.ts";
import { requestCancel } from "../../store/runs.ts";
import type { Context } from "../context.ts";

/** Asks the process that executes the run to stop; one that nobody has begun ends at once. */
export function cancelRun(
  { db, clock, actor }: Context,
  runId: string,
): Promise<Result<NamedRun, "no-such-run" | "run-ended">> {
  return db.transaction(async (tx) => {
    if (!(await findNamedRun(tx, runId))) return refuse("no-such-run");
    if (!(await requestCancel(tx, runId, clock.now()))) return refuse("run-ended");

    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "run.cancel-requested",
      subjectId: runId,
    });
    const run = await findNamedRun(tx, runId);
    if (!run) throw new Error(`The run ${runId} was just asked to stop and is not there.`);
    return ok(run);
  });
}
