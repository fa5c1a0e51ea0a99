import { ok, refuse, type Result } from "../../lib/result.ts";
import type { RunScope } from "../../model/runs.ts";
import { findSiteReader } from "../../store/site-readers.ts";
import { findNamedRun, type NamedRun } from "../../store/run-lists.ts";
import { requestRun as queueRun } from "../../store/runs.ts";
import type { Context } from "../context.ts";

export interface RunWish {
  siteId: string;
  /** Null: the published connection that has read the site longest. */
  connectionId: string | null;
  scope: RunScope;
}

export type RequestRunRefusal =
  | { code: "no-such-site" }
  | { code: "connection-not-published" }
  | { code: "run-under-way"; detail: string };

/** Queues a run that a person asked for. The process that executes runs hears of it when this commits. */
export function requestRun({ db, clock, actor }: Context, wish: RunWish): Promise<Result<NamedRun, RequestRunRefusal>> {
  return db.transaction(async (tx) => {
    const reader = await findSiteReader(tx, wish.siteId, wish.connectionId);
    if (!reader) return refuse({ code: "no-such-site" });
    const { connectionId } = reader;
    if (connectionId === null) return refuse({ code: "connection-not-published" });

    const queued = await queueRun(tx, {
      siteId: wish.siteId,
      connectionId,
      scope: wish.scope,
      trigger: "person",
      requestedBy: actor.operatorId,
      requestedAt: clock.now(),
    });
    if (!queued.ok) {
      const { runId, message } = queued.error;
      return refuse({ code: "run-under-way", detail: runId === null ? message : `${message} It is ${runId}.` });
    }
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "run.requested",
      subjectId: queued.value,
      detail: { siteId: wish.siteId, connectionId, scope: wish.scope },
    });
    const run = await findNamedRun(tx, queued.value);
    if (!run) throw new Error(`The run ${queued.value} was just queued and is not there.`);
    return ok(run);
  });
}
