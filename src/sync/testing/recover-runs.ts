import { messageOf } from "../../lib/errors.ts";
import type { RunState } from "../../model/runs.ts";
import { listInterruptedRuns } from "../../store/runs.ts";
import type { SyncContext } from "../context.ts";
import { executeRun } from "../run.ts";

/** Takes over the runs of processes that are no more, several sites at once. One that fails does not stop the others. */
export async function recoverRuns(
  context: SyncContext,
  signal: AbortSignal,
): Promise<{ runId: string; state: RunState }[]> {
  const runIds = await listInterruptedRuns(context.db);
  const ended = await Promise.all(
    runIds.map(async (runId) => {
      try {
        return [{ runId, state: await executeRun(context, runId, signal) }];
      } catch (error) {
        context.log.error({ runId, error: messageOf(error) }, "could not resume a run");
        return [];
      }
    }),
  );
  return ended.flat();
}
