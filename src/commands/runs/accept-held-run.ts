import { ok, refuse, type Result } from "../../lib/result.ts";
import { findRunUnderWay, lockNewestHeld, saveHeldDecision, type HeldRunRefusal } from "../../store/held-runs.ts";
import { requestRun } from "../../store/runs.ts";
import { findSiteReader } from "../../store/site-readers.ts";
import type { Context } from "../context.ts";

export type AcceptHeldRunRefusal = HeldRunRefusal | "already-accepted" | "connection-not-published" | "run-under-way";

/**
 * A person looked at the difference that the safeguard held, and it is right. A run is queued that closes what the held
 * one found gone, with that one's instant and in batches, accepts the account behind the credential, and then reads the
 * site anew; its id is the answer. Should that run be canceled before, the site's next one does it.
 */
export function acceptHeldRun(
  { db, clock, actor }: Context,
  runId: string,
  reason: string | null,
): Promise<Result<string, AcceptHeldRunRefusal>> {
  return db.transaction(async (tx) => {
    const found = await lockNewestHeld(tx, runId);
    if (!found.ok) return found;
    const { siteId, held, scope, heldDecision } = found.value;
    const isAccepted = heldDecision === "accepted";
    if (isAccepted && (await findRunUnderWay(tx, siteId))) return refuse("already-accepted");
    // What follows is done by a run, and one of a connection that was paused or archived meanwhile would not end well.
    const connectionId =
      (await findSiteReader(tx, siteId, found.value.connectionId))?.connectionId ??
      (await findSiteReader(tx, siteId, null))?.connectionId ??
      null;
    if (connectionId === null) return refuse("connection-not-published");

    const at = clock.now();
    const asked = { trigger: "person", requestedBy: actor.operatorId, requestedAt: at } as const;
    const next = await requestRun(tx, { siteId, connectionId, scope, ...asked });
    if (!next.ok) return refuse("run-under-way");
    await saveHeldDecision(tx, runId, "accepted", at);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "run.held-accepted",
      subjectId: runId,
      detail: { siteId, held: held.kinds, nextRunId: next.value },
      ...(reason === null ? {} : { personal: { reason } }),
    });
    return ok(next.value);
  });
}
