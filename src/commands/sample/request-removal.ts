import { ok, refuse, type Result } from "../../lib/result.ts";
import { lockSampleCompany, saveSampleRemoving } from "../../store/sample/sample-company.ts";
import type { Context } from "../context.ts";

/** Asks for the removal of the sample company, whole or half made; asked again, it answers that it is under way. */
export function requestSampleRemoval({ db, actor }: Context): Promise<Result<null, "no-sample">> {
  return db.transaction(async (tx) => {
    const sample = await lockSampleCompany(tx);
    if (!sample) return refuse("no-sample");
    if (sample.state === "removing") return ok(null);
    await saveSampleRemoving(tx);
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "sample-company.removal-requested",
      subjectId: null,
    });
    return ok(null);
  });
}
