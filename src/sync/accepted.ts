import { endHeld, findAcceptedRun } from "../store/held-runs.ts";
import { CLOSED_KINDS, closeGone, forgetClosed } from "../store/merge/gone.ts";
import { settleClosure } from "../store/merge/nestings.ts";
import { addRunCounts, saveSiteAccount, type RunRow } from "../store/runs.ts";
import { ROWS_A_CLOSE } from "./close.ts";
import type { SyncContext } from "./context.ts";
import type { Holding } from "./holding.ts";
import type { Progress } from "./progress.ts";

/**
 * Closes what a person accepted of a held run, in batches and with that run's own instant, before this run of the site
 * reads anything. Killed half-way, the held run still holds what is left, and whoever goes on closes that.
 */
export async function closeAccepted(
  { db, checkpoint }: Pick<SyncContext, "db" | "checkpoint">,
  { siteId }: RunRow,
  holding: Holding,
  progress: Progress,
): Promise<void> {
  const accepted = await findAcceptedRun(db, siteId);
  if (!accepted) return;
  const { id: runId, held, observedAt } = accepted;
  const merge = { siteId, runId, observedAt };
  let total = 0;
  for (const kind of CLOSED_KINDS) {
    let closed: number;
    do {
      holding.signal.throwIfAborted();
      closed = await holding.write(async (tx) => {
        const rows = await closeGone(tx, merge, kind, CLOSED_KINDS, ROWS_A_CLOSE);
        await addRunCounts(tx, runId, { gone: rows }, kind);
        return rows;
      });
      total += closed;
      if (closed > 0) await checkpoint?.(`closed ${closed} accepted ${kind}`);
    } while (closed === ROWS_A_CLOSE);
  }
  const isOfCredential = Object.values(held.kinds).some((each) => each.reason === "credential-changed");
  await holding.write(async (tx) => {
    await forgetClosed(tx, merge, CLOSED_KINDS);
    await settleClosure(tx, merge);
    if (held.currentAccountId !== null || isOfCredential) await saveSiteAccount(tx, siteId, held.currentAccountId);
    await endHeld(tx, runId, "succeeded");
  });
  progress.tell({
    level: "info",
    event: "held.closed",
    message: `What ${runId} had found gone was accepted: ${total} rows ended.`,
    data: { runId, ended: total },
  });
}
