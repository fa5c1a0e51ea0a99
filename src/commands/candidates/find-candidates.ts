import type { CandidateReason } from "../../model/candidates.ts";
import type { ConditionTerms } from "../../model/conditions.ts";
import type { ReclamationRule } from "../../model/reclamation.ts";
import { evaluateCondition } from "../../rules/conditions/evaluate.ts";
import {
  closeExcluded,
  closeGone,
  closeNoLongerFound,
  closeOfEndedRules,
  closeUsedProposals,
  dropFound,
  followRule,
  gatherFound,
  insertFound,
  listUnexplained,
  noteEvidence,
  saveReasons,
  settleStatus,
  supersedeReported,
} from "../../store/candidates/find.ts";
import type { Tx } from "../../store/database.ts";
import { lockReclamationRule } from "../../store/reclamation/rules.ts";
import { settleExclusions } from "../../store/exclusions/settle.ts";
import { notify } from "../../store/notifications/notify.ts";
import { toSeatFacts } from "../../store/seat-facts.ts";
import { listSeatSiteIds } from "../../store/candidates/sites.ts";
import { findStandings } from "../../store/standings.ts";
import type { Context } from "../context.ts";
import { seatCosts } from "../licenses/seat-costs.ts";
import { findRuleTerms } from "../reclamation-rules/find-rule-terms.ts";
import { toldOf } from "../reclamation-rules/told-of.ts";

export interface FoundCounts {
  found: number;
  /** Of those: found only because the rule may ask without evidence. */
  lackEvidence: number;
  canceled: number;
  excluded: number;
  gone: number;
  superseded: number;
}

/**
 * Brings the candidates of one rule up to what is known now: closes those whose seat was used, excluded or given up, and
 * finds new ones. A rule that is paused or a draft finds nothing, and what it began stands still. Null: it was ended.
 */
export async function findCandidates(context: Context, ruleId: string): Promise<FoundCounts | null> {
  const counts = await context.db.transaction((tx) => findOfRule(tx, context, ruleId));
  if (counts && counts.found > 0) await explainFound(context, ruleId);
  return counts;
}

async function findOfRule(tx: Tx, context: Context, ruleId: string): Promise<FoundCounts | null> {
  const at = context.clock.now();
  const actorId = context.actor.operatorId;
  const rule = await lockReclamationRule(tx, ruleId);
  if (!rule) return null;
  const gone = await closeGone(tx, ruleId, actorId, at);
  const excluded = await closeExcluded(tx, ruleId, actorId, at);
  const looks = rule.status === "active" || rule.status === "report-only";
  const seen = looks ? await look(tx, rule, actorId, at) : { found: 0, lackEvidence: 0, canceled: 0, superseded: 0 };
  const counts = { ...seen, gone, excluded };
  if (Object.values(counts).some((count) => count > 0)) recordFound(tx, context, rule, counts);
  if (counts.found > 0) await tellFound(tx, rule, counts.found, at);
  return counts;
}

/**
 * Closes candidates of a rule that acts and finds them no more, by its terms and by what is known now; it finds no
 * others. Evidence is judged anew where the rule was edited since: data that are too old are told apart before that.
 */
export async function recheckCandidates(context: Context, ruleId: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const at = context.clock.now();
    const { operatorId } = context.actor;
    const rule = await lockReclamationRule(tx, ruleId);
    if (rule?.status !== "active") return;
    await gatherFound(tx, rule, await findRuleTerms(tx, rule, at));
    const canceled = await closeNoLongerFound(tx, rule.id, operatorId, at);
    await noteEvidence(tx, rule, "found-by-older-terms");
    await dropFound(tx);
    if (canceled > 0) {
      recordFound(tx, context, rule, { found: 0, lackEvidence: 0, excluded: 0, gone: 0, superseded: 0, canceled });
    }
  });
}

async function look(tx: Tx, rule: ReclamationRule, actorId: string, at: Date) {
  await gatherFound(tx, rule, await findRuleTerms(tx, rule, at));
  const canceled = await closeNoLongerFound(tx, rule.id, actorId, at);
  await noteEvidence(tx, rule);
  await followRule(tx, rule);
  const superseded = rule.status === "active" ? await supersedeReported(tx, rule.id, actorId, at) : 0;
  const costs = await seatCosts(tx, rule.siteIds ?? (await listSeatSiteIds(tx)), at);
  const made = await insertFound(tx, rule, costs, actorId, at);
  await settleStatus(tx, rule, actorId, at);
  await dropFound(tx);
  return { ...made, canceled, superseded };
}

function recordFound(tx: Tx, { actor }: Context, rule: ReclamationRule, counts: FoundCounts): void {
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: "candidates.found",
    subjectId: rule.id,
    detail: { revision: rule.revision, status: rule.status, ...counts },
  });
}

async function tellFound(tx: Tx, rule: ReclamationRule, count: number, at: Date): Promise<void> {
  await notify(tx, {
    kind: "candidates-found",
    subjectId: rule.id,
    data: { rule: rule.name, ruleId: rule.id, count },
    at,
    ...(await toldOf(tx, rule)),
    dedupeKey: `candidates-found/${rule.id}/${at.toISOString()}`,
  });
}

/**
 * What comes before any rule looks: whom exclusions catch is settled by what is known now, and what no rule looks after
 * is closed, which is proposals by hand and what rules found that are no more.
 */
export function closeOthers(
  context: Context,
): Promise<Pick<FoundCounts, "canceled" | "excluded" | "gone" | "superseded">> {
  return context.db.transaction(async (tx) => {
    const at = context.clock.now();
    const actorId = context.actor.operatorId;
    await settleExclusions(tx, at);
    const counts = {
      superseded: await closeOfEndedRules(tx, actorId, at),
      gone: await closeGone(tx, null, actorId, at),
      excluded: await closeExcluded(tx, null, actorId, at),
      canceled: await closeUsedProposals(tx, actorId, at),
    };
    if (Object.values(counts).some((count) => count > 0)) {
      tx.record({
        actorId,
        through: context.actor.through,
        entry: "candidates.closed",
        subjectId: null,
        detail: counts,
      });
    }
    return counts;
  });
}

/** Puts into words why each was found, a thousand at a time: what a person reads is made as for one seat. */
async function explainFound(context: Context, ruleId: string): Promise<void> {
  for (;;) {
    const isDone = await context.db.transaction(async (tx) => {
      const rule = await lockReclamationRule(tx, ruleId);
      const rows = rule ? await listUnexplained(tx, ruleId) : [];
      if (!rule || rows.length === 0) return true;
      const terms = await findRuleTerms(tx, rule, context.clock.now());
      const ids = rows.map(({ accountId }) => accountId);
      const standings = ranks(terms) ? await findStandings(tx, terms, ids) : new Map();
      const reasons = rows.map(({ id, ...row }) => {
        const outcome = evaluateCondition(
          rule.condition,
          toSeatFacts(row),
          terms,
          standings.get(row.accountId) ?? null,
        );
        return { id, because: outcome.because.length > 0 ? outcome.because : [LACKING] };
      });
      await saveReasons(tx, reasons);
      return false;
    });
    if (isDone) return;
  }
}

function ranks({ capacities = {} }: ConditionTerms): boolean {
  return Object.keys(capacities).length > 0;
}

const LACKING: CandidateReason = {
  is: "lacks-evidence",
  says: "What is known of its use does not cover the time that the rule asks about, so it is only asked",
  isNegated: false,
  saw: {},
};
