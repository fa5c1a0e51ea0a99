import { ok, refuse, type Result } from "../../lib/result.ts";
import { SAMPLE_SEED, type SampleScale } from "../../model/sample-company.ts";
import { findRestoredCopy } from "../../store/restored-copy.ts";
import { hasRealCompany, insertSampleCompany } from "../../store/sample/sample-company.ts";
import type { Context } from "../context.ts";

export type RequestSampleRefusal = "sample-exists" | "real-company" | "unconfirmed-copy";

/**
 * Asks for the sample company; whoever keeps it is woken. Refused beside a real one: its seats and its money would stand
 * among those of a company that pays for them.
 */
export function requestSample(
  { db, clock, actor }: Context,
  scale: SampleScale,
): Promise<Result<null, RequestSampleRefusal>> {
  return db.transaction(async (tx) => {
    if (await hasRealCompany(tx)) return refuse("real-company");
    if (await findRestoredCopy(tx)) return refuse("unconfirmed-copy");
    const requestedBy = actor.operatorId;
    const isNew = await insertSampleCompany(tx, { scale, seed: SAMPLE_SEED, requestedBy, at: clock.now() });
    if (!isNew) return refuse("sample-exists");
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "sample-company.requested",
      subjectId: null,
      detail: { scale },
    });
    return ok(null);
  });
}
