import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ProductAccessDecision as DecisionState } from "../../model/facts.ts";
import { type ProductAccessVerb, productAccessAfter, type ProductAccessRefusal } from "../../rules/product-access.ts";
import { findGroupAccess, saveProductAccessDecision } from "../../store/product-access.ts";
import { lockSite } from "../../store/sites.ts";
import type { Context } from "../context.ts";

export interface ProductAccessDecision {
  verb: ProductAccessVerb;
  /** Needed to drop a group: its members' seats are then no longer managed. */
  reason: string | null;
}

export type DecideProductAccessRefusal = ProductAccessRefusal | "no-such-site" | "no-such-group";

/** What a person says of a group that gives a seat. It counts from the next summary on, and can be said anew. */
export function decideProductAccess(
  { db, clock, actor }: Context,
  siteId: string,
  groupId: string,
  { verb, reason }: ProductAccessDecision,
): Promise<Result<DecisionState, DecideProductAccessRefusal>> {
  return db.transaction(async (tx) => {
    // Two decisions on one site are taken one after the other.
    if (!(await lockSite(tx, siteId))) return refuse("no-such-site");
    const group = await findGroupAccess(tx, siteId, groupId);
    if (!group) return refuse("no-such-group");
    const next = productAccessAfter(group, verb, reason);
    if (!next.ok) return next;

    const decidedBy = actor.operatorId;
    await saveProductAccessDecision(tx, { siteId, groupId, state: next.value, reason, decidedBy, at: clock.now() });
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: `product-access.${next.value}`,
      subjectId: groupId,
      detail: { siteId, before: group.decision ?? (group.isFound ? "found" : null) },
      ...(reason === null ? {} : { personal: { reason } }),
    });
    return ok(next.value);
  });
}
