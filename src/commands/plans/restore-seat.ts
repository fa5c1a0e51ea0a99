import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan } from "../../model/plans.ts";
import type { Tx } from "../../store/database.ts";
import { lockApplying } from "../../store/plans/apply.ts";
import { findRestorable, type RestorableSeat } from "../../store/plans/restorable.ts";
import type { Context } from "../context.ts";
import { applyPlanIn } from "./apply-plan.ts";
import { createPlanIn } from "./create-plan.ts";
import { countFreeSeats } from "./free-seats.ts";

export interface RestoreWish {
  siteId: string;
  accountId: string;
  /** The plan that took it; null: whichever took it last. */
  planId: string | null;
  /** The holder gets it at once only where the rule says so; an operator always. */
  asked: "holder" | "operator";
  reason: string;
}

export interface RestoreRefusal {
  code: "nothing-taken" | "window-closed" | "under-way" | "cannot-restore" | "cannot-act";
  detail: string;
}

export interface Restore {
  plan: Plan;
  /** `requested`: the plan waits until an operator applies it. */
  outcome: "under-way" | "requested";
  /** Why it waits, in words; null where it does not. */
  why: string | null;
}

/** What is given back is given for a week: an operator who is away does not lose the request. */
const REQUEST_VALID_HOURS = 7 * 24;

/**
 * Gives a taken seat back by exactly what was taken, at once or, where its holder asks and that is not for them to decide,
 * as a plan that waits for an operator.
 */
export function restoreSeat(context: Context, wish: RestoreWish): Promise<Result<Restore, RestoreRefusal>> {
  return context.db.transaction(async (tx) => {
    const seat = await findRestorable(tx, wish.siteId, wish.accountId, wish.planId);
    if (!seat)
      return refuse({ code: "nothing-taken", detail: "No plan took this seat, or it was given back already." });
    if (seat.restoringPlanId !== null) {
      return refuse({ code: "under-way", detail: `It is being given back already, by ${seat.restoringPlanId}.` });
    }
    const at = context.clock.now();
    if (wish.asked === "holder" && seat.restoreUntil <= at) {
      return refuse({
        code: "window-closed",
        detail: `It could be given back until ${seat.restoreUntil.toISOString()}.`,
      });
    }
    return giveBack(tx, context, wish, seat);
  });
}

async function giveBack(
  tx: Tx,
  context: Context,
  wish: RestoreWish,
  seat: RestorableSeat,
): Promise<Result<Restore, RestoreRefusal>> {
  const made = await createPlanIn(tx, context, {
    kind: "restore",
    seats: [{ siteId: wish.siteId, accountId: wish.accountId, candidateId: null }],
    reason: wish.reason,
    ruleId: seat.ruleId,
    isUnattended: false,
    undoesPlanId: seat.planId,
    askedByHolder: wish.asked === "holder",
    validHours: REQUEST_VALID_HOURS,
  });
  if (!made.ok) return refuse({ code: "cannot-restore", detail: made.error.detail });
  const plan = made.value;
  if (plan.counts.seats === 0) {
    return refuse({ code: "cannot-restore", detail: "It cannot be given back by Usher; the plan's row says why." });
  }
  const at = context.clock.now();
  // One free seat is given to one of those who ask at the same moment.
  if (wish.asked === "holder") await lockApplying(tx);
  const why = wish.asked === "holder" ? whyItWaits(seat, await countFreeSeats(tx, wish.siteId, at)) : null;
  if (why !== null) return ok({ plan, outcome: "requested", why });

  const applied = await applyPlanIn(tx, context, { planId: plan.id, hash: plan.hash, confirmCount: null });
  if (applied.ok) return ok({ plan: applied.value, outcome: "under-way", why: null });
  if (wish.asked === "holder") return ok({ plan, outcome: "requested", why: applied.error.detail });
  return refuse({ code: "cannot-act", detail: applied.error.detail });
}

function whyItWaits({ selfServiceRestore }: RestorableSeat, seatsFree: number | null): string | null {
  if (!selfServiceRestore) return "An operator decides about seats that are asked for again.";
  if (seatsFree !== null && seatsFree <= 0) return "No seat is free now, so an operator decides.";
  return null;
}
