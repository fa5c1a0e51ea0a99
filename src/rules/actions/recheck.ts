import type { Executor, PlanKind, PlanOutcome } from "../../model/plans.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import type { AccessNow } from "./is-so.ts";

/** Why a seat is not changed after all, and what becomes of its candidate: null where others moved it already. */
export interface LeftOut {
  outcome: PlanOutcome;
  candidate: Extract<CandidateState, "canceled" | "excluded" | "attention"> | null;
}

export interface SeatFactsNow {
  exclusions: readonly string[];
  candidateState: CandidateState | null;
  lastUseAt: Date | null;
}

/** What the database says just before a seat is taken; null: nothing speaks against it. */
export function whyNotByFacts(unusedSince: Date | null, now: SeatFactsNow): LeftOut | null {
  if (now.exclusions.length > 0) {
    const message = `It was excluded from reclaiming meanwhile, by ${now.exclusions.join(", ")}.`;
    return { outcome: say("excluded", message), candidate: "excluded" };
  }
  // `executing`: this very change was begun before and its process ended.
  if (now.candidateState !== null && now.candidateState !== "scheduled" && now.candidateState !== "executing") {
    const message = `The decision to take it no longer stands: it is ${now.candidateState}.`;
    return { outcome: say("not-decided", message), candidate: null };
  }
  return whyNotByUse(unusedSince, now.lastUseAt);
}

/** Use after the last one that was known when the plan was made. */
export function whyNotByUse(unusedSince: Date | null, lastUseAt: Date | null): LeftOut | null {
  if (unusedSince === null || lastUseAt === null || lastUseAt <= unusedSince) return null;
  const message = `It was used on ${lastUseAt.toISOString()}, after what was known when it was decided.`;
  return { outcome: say("used", message), candidate: "canceled" };
}

export interface ReadNow extends AccessNow {
  /** Null where the source does not tell. */
  otherProducts: readonly string[] | null;
}

/** What the source itself says just before anything is sent; null: nothing speaks against it. */
export function whyNotBySource(
  plan: { kind: PlanKind; executor: Executor; groupSourceIds: readonly string[]; acceptsProducts: readonly string[] },
  now: ReadNow,
  bringing: ReadonlySet<string>,
): LeftOut | null {
  if (!now.isKnown) {
    if (plan.kind === "reclaim") return null;
    return attention("account-gone", "The account does not exist any more.", "Invite the person again.");
  }
  if (plan.kind === "restore") return null;
  if (plan.executor === "directory" || plan.executor === "scim") return whyNotWholeAccount(plan.acceptsProducts, now);
  if (plan.executor !== "group-memberships") return null;
  const others = stillBringing(plan.groupSourceIds, now, bringing);
  if (others.length === 0) return null;
  const message = `It is in ${others.join(", ")} since the plan was made, so that leaving the planned groups would not end its access.`;
  return attention("memberships-changed", message, "Sync the site and make the plan anew.");
}

/** Names of groups that give the product to an account beside the planned ones. */
export function stillBringing(
  groupSourceIds: readonly string[],
  now: AccessNow,
  bringing: ReadonlySet<string>,
): string[] {
  const others = now.groups?.filter(({ sourceId }) => bringing.has(sourceId) && !groupSourceIds.includes(sourceId));
  return others?.map((each) => each.name) ?? [];
}

/** PRODUCT.md §10: an account that uses another product is left alone unless the plan names that product. */
function whyNotWholeAccount(accepts: readonly string[], { otherProducts }: ReadNow): LeftOut | null {
  if (otherProducts === null) {
    const message = "Nobody can tell which other products the account uses, and the change would take them all.";
    return attention("products-unknown", message, "Give the connection an organization key that may read products.");
  }
  const lost = otherProducts.filter((each) => !accepts.includes(each));
  if (lost.length === 0) return null;
  const fix = `Take the seat by its groups, or make a plan that accepts ${lost.join(", ")}.`;
  return attention("other-products", `The account also uses ${lost.join(", ")}, which the plan does not name.`, fix);
}

function attention(code: string, message: string, fix: string): LeftOut {
  return { outcome: say(code, message, fix), candidate: "attention" };
}

function say(code: string, message: string, fix: string | null = null): PlanOutcome {
  return { code, message, fix };
}
