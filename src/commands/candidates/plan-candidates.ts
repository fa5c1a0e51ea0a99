import { needsOwnAnswer } from "../../model/candidate-moves.ts";
import type { Hindrance } from "../../model/candidates.ts";
import type { Plan } from "../../model/plans.ts";
import {
  DEFAULT_RECLAMATION_SETTINGS,
  type ReclamationRule,
  type ReclamationSettings,
} from "../../model/reclamation.ts";
import { roomFor } from "../../rules/candidates/room.ts";
import { blackoutReason } from "../../rules/candidates/timing.ts";
import { TRIPPING } from "../../rules/plans/may-apply.ts";
import {
  listLeftOut,
  lockDue,
  saveWaits,
  savePlanned,
  type ScheduledCandidate,
} from "../../store/candidates/scheduled.ts";
import type { Tx } from "../../store/database.ts";
import { countUnattendedSeats, listSiteReadiness, type SiteReadiness } from "../../store/plans/apply.ts";
import { countSeatsOfSites } from "../../store/plans/limits.ts";
import { lockReclamationRule } from "../../store/reclamation/rules.ts";
import type { Context } from "../context.ts";
import { applyPlanIn } from "../plans/apply-plan.ts";
import { createPlanIn } from "../plans/create-plan.ts";
import { pauseRule } from "../reclamation-rules/pause-reclamation-rule.ts";
import { attentionStep, holdCandidate } from "./steps.ts";

export interface PlannedCounts {
  /** Seats of a plan that was begun. */
  planned: number;
  /** Seats that stay scheduled, each with why. */
  waiting: number;
  /** Seats that a plan could not take, which a person has to look at. */
  attention: number;
  /** Why the rule was paused; null where it was not. */
  paused: string | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Takes the scheduled seats of one rule whose time has come into a plan and begins it, within the limits of the rule:
 * nobody looks at it before. Only an active rule does, at sites that Usher may change; what stays says why. Data that are
 * too old pause the rule. Null stands for the seats that were proposed by hand, under default limits.
 */
export async function planCandidates(context: Context, ruleId: string | null): Promise<PlannedCounts> {
  try {
    return await context.db.transaction((tx) => planOfRule(tx, context, ruleId));
  } catch (error) {
    if (!(error instanceof NotBegun)) throw error;
    // What was saved of the plan is undone; only why it was not begun is kept.
    return context.db.transaction((tx) => keepWaiting(tx, context, ruleId, error));
  }
}

/** A plan was made and cannot be begun now. */
class NotBegun extends Error {
  readonly waits: Hindrance;

  constructor({ code, detail }: { code: string; detail: string }) {
    super(detail);
    this.name = new.target.name;
    this.waits = { code, message: detail, fix: null };
  }
}

/** Every seat that is due says so, not those of the plan alone: none of them is to begin it again at once. */
async function keepWaiting(
  tx: Tx,
  context: Context,
  ruleId: string | null,
  { waits }: NotBegun,
): Promise<PlannedCounts> {
  const due = await lockDue(tx, ruleId, context.clock.now());
  await saveWaits(
    tx,
    due.map(({ id }) => id),
    waits,
  );
  const trips = TRIPPING.some((code) => code === waits.code);
  const paused = trips ? await pause(tx, context, ruleId, waits.message) : null;
  return { planned: 0, waiting: due.length, attention: 0, paused };
}

async function planOfRule(tx: Tx, context: Context, ruleId: string | null): Promise<PlannedCounts> {
  const at = context.clock.now();
  const rule = ruleId === null ? null : await lockReclamationRule(tx, ruleId);
  const settings = rule?.settings ?? DEFAULT_RECLAMATION_SETTINGS;
  const due = await lockDue(tx, ruleId, at);
  const sites = await listSiteReadiness(tx, [...new Set(due.map(({ siteId }) => siteId))]);
  const counts: PlannedCounts = { planned: 0, waiting: 0, attention: 0, paused: null };
  const wait = async (waits: Hindrance, waiting: readonly ScheduledCandidate[]) => {
    await saveWaits(
      tx,
      waiting.map(({ id }) => id),
      waits,
    );
    counts.waiting += waiting.length;
  };

  const free: ScheduledCandidate[] = [];
  const because = (each: ScheduledCandidate) =>
    whyRuleWaits(ruleId, rule, settings, at) ??
    whySeatWaits(
      each,
      sites.find(({ siteId }) => siteId === each.siteId),
    );
  const byCode = Map.groupBy(due, (each) => JSON.stringify(because(each)));
  for (const [waits, group] of byCode) {
    if (waits === "null") free.push(...group);
    else await wait(JSON.parse(waits) as Hindrance, group);
  }
  const stale = whatIsStale(free, sites, settings, at);
  if (stale) {
    await wait(stale, free);
    return { ...counts, paused: await pause(tx, context, ruleId, stale.message) };
  }
  const { room, limit } = roomFor(settings.limits, {
    seats: await countSeatsOfSites(tx, [...new Set(free.map(({ siteId }) => siteId))]),
    takenToday: await countUnattendedSeats(tx, ruleId, new Date(at.getTime() - DAY_MS)),
  });
  const left = free.slice(room);
  if (left.length > 0) await wait(limit === "day" ? sayDayLimit(settings) : sayRunLimit(settings), left);
  const taken = free.slice(0, room);
  if (taken.length === 0) return counts;
  return { ...counts, ...(await begin(tx, context, rule, taken)) };
}

function whyRuleWaits(
  ruleId: string | null,
  rule: ReclamationRule | null,
  { blackouts }: ReclamationSettings,
  at: Date,
): Hindrance | null {
  if (ruleId !== null && rule?.status !== "active") {
    return {
      code: "rule-not-active",
      message: `Its rule is ${rule ? rule.status : "ended"}, and only an active rule takes seats by itself.`,
      fix: "Activate the rule, or make a plan of these seats and apply it yourself.",
    };
  }
  const blackout = blackoutReason(blackouts, at);
  return blackout === null
    ? null
    : { code: "blackout", message: `Nothing is taken now: ${blackout}.`, fix: "Wait until the blackout is over." };
}

function whySeatWaits(candidate: ScheduledCandidate, site: SiteReadiness | undefined): Hindrance | null {
  if (needsOwnAnswer(candidate)) {
    return {
      code: "own-answer-needed",
      message: "What is known of its use does not cover the time that the rule asks about any more.",
      fix: "Sync the site, or ask its holder.",
    };
  }
  if (site?.mode !== "act") {
    return {
      code: "observe-only",
      message: `Usher only observes ${site?.name ?? "the site"}.`,
      fix: "Set the site to Act, or take the seat there yourself.",
    };
  }
  if (site.isServed) return null;
  return {
    code: "reclaim-not-served",
    message: `No published connection with the capability "reclaim" serves ${site.name}.`,
    fix: "Switch the capability on in one.",
  };
}

function whatIsStale(
  free: readonly ScheduledCandidate[],
  sites: readonly SiteReadiness[],
  { limits }: ReclamationSettings,
  at: Date,
): Hindrance | null {
  const oldest = at.getTime() - limits.dataHoursMax * HOUR_MS;
  const stale = sites.filter(
    ({ siteId, dataAsOf }) =>
      free.some((each) => each.siteId === siteId) && (dataAsOf === null || dataAsOf.getTime() < oldest),
  );
  if (stale.length === 0) return null;
  return {
    code: "data-too-old",
    message: `Data of ${stale.map(({ name }) => name).join(", ")} are older than ${limits.dataHoursMax} hours.`,
    fix: "Sync, then activate the rule again.",
  };
}

function sayRunLimit({ limits }: ReclamationSettings): Hindrance {
  return {
    code: "over-run-limit",
    message: `At most ${limits.perRun} seats, or ${limits.perRunPercent} % of the site's, are taken in one run.`,
    fix: "The next run goes on; where the share is less than one seat, raise it or apply a plan yourself.",
  };
}

function sayDayLimit({ limits }: ReclamationSettings): Hindrance {
  return {
    code: "over-day-limit",
    message: `At most ${limits.perDay} seats are taken in a day.`,
    fix: "It goes on tomorrow; or apply a plan yourself.",
  };
}

async function begin(
  tx: Tx,
  context: Context,
  rule: ReclamationRule | null,
  taken: readonly ScheduledCandidate[],
): Promise<Pick<PlannedCounts, "planned" | "attention">> {
  const ids = taken.map(({ id }) => id);
  const made = await createPlanIn(tx, context, {
    kind: "reclaim",
    seats: taken.map(({ id, siteId, accountId }) => ({ siteId, accountId, candidateId: id })),
    reason: rule ? `Found by the rule ${rule.name}, and decided.` : "Proposed by hand, and decided.",
    ruleId: rule?.id ?? null,
    isUnattended: true,
  });
  if (!made.ok) throw new NotBegun(made.error);
  const plan = made.value;
  const leftOut = await handOver(tx, context, plan);
  const planned = ids.filter((id) => !leftOut.has(id));
  if (planned.length === 0) return { planned: 0, attention: leftOut.size };
  await savePlanned(tx, planned, plan.id);
  // Above a size a second person looks at it first: it waits for them, ready.
  if (plan.approvalsNeeded > 0) return { planned: 0, attention: leftOut.size };

  const applied = await applyPlanIn(tx, context, { planId: plan.id, hash: plan.hash, confirmCount: null });
  if (!applied.ok) throw new NotBegun(applied.error);
  return { planned: planned.length, attention: leftOut.size };
}

/** What a plan cannot take, a person has to look at: trying it again every hour would change nothing. */
async function handOver(tx: Tx, context: Context, plan: Plan): Promise<Set<string>> {
  const leftOut = await listLeftOut(tx, plan.id);
  for (const { candidateId, outcome } of leftOut) {
    const step = await holdCandidate(tx, context, candidateId);
    if (!step) continue;
    const { code = "left-out", message = "The plan left it out.", fix = null } = outcome ?? {};
    await attentionStep(step, { code, message, fix });
  }
  return new Set(leftOut.map(({ candidateId }) => candidateId));
}

async function pause(tx: Tx, context: Context, ruleId: string | null, reason: string): Promise<string | null> {
  if (ruleId === null) return null;
  const at = context.clock.now();
  const paused = await pauseRule(tx, context.actor, { ruleId, revision: null, by: "limit", reason }, at);
  return paused.ok ? reason : null;
}
