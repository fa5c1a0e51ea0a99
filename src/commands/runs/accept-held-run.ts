import { ok, refuse, type Result } from "../../lib/result.ts";
import { closeGone, CLOSED_KINDS, forgetClosed } from "../../store/merge/gone.ts";
import { findHeldRun, findRun, markHeldAccepted, requestRun, saveSiteAccount } from "../../store/runs.ts";
import { findSiteReader } from "../../store/site-readers.ts";
import type { Context } from "../context.ts";

/** `superseded`: a later run replaced the difference; the newest one is to be looked at. */
export type AcceptHeldRunRefusal =
  | "no-such-run"
  | "not-held"
  | "superseded"
  | "connection-not-published"
  | "run-under-way";

/**
 * A person looked at the difference that the safeguard held, and it is right: what the run found gone is closed with the
 * run's instant, and the account behind the credential is accepted. A run is queued that computes anew what follows;
 * its id is the answer.
 */
export function acceptHeldRun(
  { db, clock, actor }: Context,
  runId: string,
): Promise<Result<string, AcceptHeldRunRefusal>> {
  return db.transaction(async (tx) => {
    const run = await findRun(tx, runId);
    if (!run) return refuse("no-such-run");
    const { held, observedAt, siteId } = run;
    if (run.state !== "held" || held === null || observedAt === null) return refuse("not-held");
    if ((await findHeldRun(tx, siteId))?.id !== runId) return refuse("superseded");
    // What follows is computed by a run, and one of a connection that was paused or archived meanwhile would not end well.
    const connectionId =
      (await findSiteReader(tx, siteId, run.connectionId))?.connectionId ??
      (await findSiteReader(tx, siteId, null))?.connectionId ??
      null;
    if (connectionId === null) return refuse("connection-not-published");

    const next = await requestRun(tx, {
      siteId,
      connectionId,
      scope: run.scope,
      trigger: "person",
      requestedBy: actor.operatorId,
      requestedAt: clock.now(),
    });
    if (!next.ok) return refuse("run-under-way");
    const merge = { siteId, runId, observedAt };
    for (const kind of CLOSED_KINDS) await closeGone(tx, merge, kind, CLOSED_KINDS, null);
    await forgetClosed(tx, merge, CLOSED_KINDS);
    const isOfCredential = Object.values(held.kinds).some((each) => each.reason === "credential-changed");
    if (held.currentAccountId !== null || isOfCredential) await saveSiteAccount(tx, siteId, held.currentAccountId);
    await markHeldAccepted(tx, runId);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "run.held-accepted",
      subjectId: runId,
      detail: { siteId, held: held.kinds, nextRunId: next.value },
    });
    return ok(next.value);
  });
}
