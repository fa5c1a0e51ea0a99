import { ok, refuse, type Result } from "../../lib/result.ts";
import { unmarkRestoredCopy } from "../../store/restored-copy.ts";
import type { Context } from "../context.ts";

/** Somebody says that this is the living copy: its connections may be resumed, one by one. */
export function confirmCopy({ db, actor }: Context): Promise<Result<null, "not-restored">> {
  return db.transaction(async (tx) => {
    if (!(await unmarkRestoredCopy(tx))) return refuse("not-restored");
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "installation.confirmed",
      subjectId: null,
    });
    return ok(null);
  });
}
