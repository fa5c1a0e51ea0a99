import { createHash } from "node:crypto";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Plan, PlanCounts, PlanKind, PlanMoney } from "../../model/plans.ts";
import { DEFAULT_RECLAMATION_SETTINGS, type ReclamationSettings } from "../../model/reclamation.ts";
import type { Tx } from "../../store/database.ts";
import { insertPlan } from "../../store/plans/plans.ts";
import { insertPlanRows, type PlanRowDraft } from "../../store/plans/rows.ts";
import { countSeatsOfSites, findReclamationSettings, findRuleOfCandidates } from "../../store/plans/limits.ts";
import { findSite } from "../../store/sites.ts";
import type { Context } from "../context.ts";
import { monthSavings, seatCosts } from "../licenses/seat-costs.ts";
import { draftReclaimRows, draftRestoreRows, type SiteOfPlan } from "./draft-rows.ts";

export interface PlanWish {
  kind: PlanKind;
  seats: readonly { siteId: string; accountId: string; candidateId: string | null }[];
  reason: string;
  /** Whose limits hold, and whose seats they are when they are given back. */
  ruleId: string | null;
  /** Nobody looks at it before it is applied, so that the bounds of a run hold for it. */
  isUnattended: boolean;
  /** Of a restore: the plan whose seats are given back; left out or null: whichever took each seat last. */
  undoesPlanId?: string | null;
  /** The holder of the seat asked for it back. */
  askedByHolder?: boolean;
  /** Products other than Confluence that the accounts may lose. */
  acceptsProducts?: readonly string[];
  /**
   * False: seats of which nobody knows whether they are used are left out, unless a candidate's decision stands behind
   * them. Whoever chooses seats by hand says which; left out: true.
   */
  acceptsNoEvidence?: boolean;
  /** Until when it can be applied. */
  validHours?: number;
}

export interface CreatePlanRefusal {
  code: "no-seats" | "too-many-seats" | "no-such-site" | "no-such-account" | "over-run-limit";
  detail: string;
}

/** Rows pass through memory when a plan is made and hashed; more than this is more than one. */
export const PLAN_SEATS_MAX = 10_000;
export const PLAN_VALID_HOURS = 24;
const HOUR_MS = 3_600_000;

/**
 * Saves what would be done for these seats, each with its exact memberships, what it loses besides, and what cannot be
 * done here. Nothing changes until the plan is applied. A seat that must be left alone is a row that says why. Where a
 * person names candidates and one rule found them all, it is a plan of that rule.
 */
export function createPlan(context: Context, wish: PlanWish): Promise<Result<Plan, CreatePlanRefusal>> {
  return context.db.transaction(async (tx) => {
    const isOfCandidates = wish.kind === "reclaim" && wish.ruleId === null;
    const ruleId = isOfCandidates ? await findRuleOfCandidates(tx, wish.seats) : wish.ruleId;
    return createPlanIn(tx, context, { ...wish, ruleId });
  });
}

/** The same as part of a greater transaction, of exactly the rule that is said. */
export async function createPlanIn(
  tx: Tx,
  { clock, actor }: Pick<Context, "clock" | "actor">,
  wish: PlanWish,
): Promise<Result<Plan, CreatePlanRefusal>> {
  const at = clock.now();
  const sized = checkSize(wish);
  if (!sized.ok) return sized;
  const settings = wish.ruleId === null ? null : await findReclamationSettings(tx, wish.ruleId);
  const { limits, blackouts } = settings ?? DEFAULT_RECLAMATION_SETTINGS;
  const bounded = await checkRunLimit(tx, wish, limits);
  if (!bounded.ok) return bounded;

  const rows: PlanRowDraft[] = [];
  const siteIds = [...new Set(wish.seats.map((each) => each.siteId))];
  const costs = await seatCosts(tx, siteIds, at);
  for (const siteId of siteIds) {
    const site = await findSite(tx, siteId);
    const cost = costs.get(siteId);
    if (!site || !cost) return refuse({ code: "no-such-site", detail: `There is no site ${siteId}.` });
    const seats = wish.seats.filter((each) => each.siteId === siteId);
    const drafted = await draftRowsOf(tx, wish, { site, cost, at }, seats);
    if (!drafted.ok) return drafted;
    rows.push(...drafted.value.map((row, index) => ({ ...row, position: rows.length + index })));
  }
  const planned = rows.filter((row) => row.state === "planned");
  const plan = await insertPlan(tx, {
    kind: wish.kind,
    reason: wish.reason,
    ruleId: wish.ruleId,
    undoesPlanId: wish.undoesPlanId ?? null,
    isUnattended: wish.isUnattended,
    askedByHolder: wish.askedByHolder ?? false,
    siteIds,
    acceptsProducts: [...(wish.acceptsProducts ?? [])],
    counts: countsOf(rows),
    money: wish.kind === "reclaim" ? await moneyOf(tx, planned, at) : [],
    limits: { ...limits, blackouts },
    hash: hashOf(wish, rows),
    // Giving back what was taken is never held up by who may take.
    approvalsNeeded: wish.kind === "reclaim" && planned.length > limits.secondPersonAbove ? 1 : 0,
    canarySize: wish.kind === "reclaim" && planned.length > limits.canary ? limits.canary : 0,
    createdBy: actor.operatorId,
    createdAt: at,
    expiresAt: new Date(at.getTime() + (wish.validHours ?? PLAN_VALID_HOURS) * HOUR_MS),
  });
  await insertPlanRows(tx, plan.id, rows);
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "plan.created",
    subjectId: plan.id,
    detail: { kind: plan.kind, hash: plan.hash, counts: { ...plan.counts }, ruleId: plan.ruleId },
    personal: { reason: plan.reason },
  });
  return ok(plan);
}

function checkSize({ seats }: PlanWish): Result<void, CreatePlanRefusal> {
  if (seats.length === 0) return refuse({ code: "no-seats", detail: "A plan needs at least one seat." });
  if (seats.length > PLAN_SEATS_MAX) {
    const detail = `A plan has at most ${PLAN_SEATS_MAX} seats, and these are ${seats.length}. Make several plans.`;
    return refuse({ code: "too-many-seats", detail });
  }
  return ok(undefined);
}

/** PRODUCT.md §6: unattended, 25 seats or 5 % of the site's a run, whichever is less. */
async function checkRunLimit(
  tx: Tx,
  { kind, isUnattended, seats }: PlanWish,
  limits: ReclamationSettings["limits"],
): Promise<Result<void, CreatePlanRefusal>> {
  if (kind !== "reclaim" || !isUnattended) return ok(undefined);
  const held = await countSeatsOfSites(tx, [...new Set(seats.map((each) => each.siteId))]);
  const most = Math.min(limits.perRun, Math.floor((held * limits.perRunPercent) / 100));
  if (seats.length <= most) return ok(undefined);
  return refuse({
    code: "over-run-limit",
    detail: `Unattended, at most ${most} seats are taken in one run, and these are ${seats.length}.`,
  });
}

async function draftRowsOf(
  tx: Tx,
  wish: PlanWish,
  site: SiteOfPlan,
  seats: PlanWish["seats"],
): Promise<Result<PlanRowDraft[], CreatePlanRefusal>> {
  const rows =
    wish.kind === "reclaim"
      ? await draftReclaimRows(tx, site, seats, { acceptsNoEvidence: wish.acceptsNoEvidence ?? true })
      : await draftRestoreRows(tx, site, seats, wish.undoesPlanId ?? null);
  const missing = seats.find((seat) => rows.every((row) => row.accountId !== seat.accountId));
  if (!missing) return ok(rows);
  const detail =
    wish.kind === "reclaim"
      ? `There is no account ${missing.accountId} on ${site.site.name}.`
      : `No plan took the seat of ${missing.accountId} on ${site.site.name}, so there is nothing to give back.`;
  return refuse({ code: "no-such-account", detail });
}

function countsOf(rows: readonly PlanRowDraft[]): PlanCounts {
  const planned = rows.filter((row) => row.state === "planned");
  return {
    seats: planned.length,
    leftOut: rows.length - planned.length,
    elsewhere: planned.filter(({ executor }) => executor === "instruction" || executor === "webhook").length,
    memberships: planned.reduce((sum, row) => sum + row.memberships.length, 0),
    lastAdmins: planned.filter((row) => row.loses.lastAdminOf.length > 0).length,
  };
}

/** One line for each currency, date and way of saving: sums of different ones say nothing. */
async function moneyOf(tx: Tx, rows: readonly PlanRowDraft[], at: Date): Promise<PlanMoney[]> {
  const seats = new Map<string, number>();
  for (const { siteId, savesMinor } of rows) {
    if (savesMinor !== null) seats.set(siteId, (seats.get(siteId) ?? 0) + 1);
  }
  const { savings } = await monthSavings(tx, seats, at);
  return savings.map(({ saving, ...sum }) => ({ ...sum, saving: saving.kind, from: saving.from }));
}

/** Of everything that applying it would do, and to whom: whoever applies it names what they have looked at. */
function hashOf({ kind, acceptsProducts }: PlanWish, rows: readonly PlanRowDraft[]): string {
  const changes = rows.map(({ position, siteId, accountId, executor, memberships, state }) => ({
    position,
    siteId,
    accountId,
    executor,
    groups: memberships.map((each) => each.groupSourceId),
    state,
  }));
  return createHash("sha256")
    .update(canonicalJson({ kind, acceptsProducts: acceptsProducts ?? [], changes }))
    .digest("hex");
}
