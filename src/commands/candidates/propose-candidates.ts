import { refuse, ok, type Result } from "../../lib/result.ts";
import { DEFAULT_RECLAMATION_SETTINGS, type ReclamationSettings } from "../../model/reclamation.ts";
import { sayDay } from "../../rules/candidates/say-use.ts";
import {
  type AssessedRow,
  assessProposals,
  insertProposals,
  type ProposedRow,
} from "../../store/candidates/proposals.ts";
import type { Context } from "../context.ts";
import { seatCosts } from "../licenses/seat-costs.ts";

export interface ProposalWish {
  rows: readonly ProposedRow[];
  /** Only seats of this site; null: of any. */
  siteId: string | null;
  reason: string;
  asks: boolean;
  /** Who decides where no manager is known. */
  decider: string | null;
  isPreview: boolean;
  acceptErrors: boolean;
}

export interface ProposalError {
  row: number;
  value: string;
  what: string;
  expected: string;
}

export interface ProposalOutcome {
  isPreview: boolean;
  proposed: number;
  rows: number;
  /** The first of them. */
  errors: ProposalError[];
  errorsCount: number;
}

const ERRORS_SHOWN = 200;

/**
 * Seats that a person names instead of a rule: each is checked as those of rules are, and nothing is proposed while a row
 * is wrong unless that was accepted. What they then go through is what every candidate goes through.
 */
export function proposeCandidates(
  context: Context,
  wish: ProposalWish,
): Promise<Result<ProposalOutcome, { code: "rows-with-errors"; outcome: ProposalOutcome }>> {
  return context.db.transaction(async (tx) => {
    const at = context.clock.now();
    const assessed = await assessProposals(tx, wish.rows, { siteId: wish.siteId, asks: wish.asks, at });
    const right = assessed.filter(({ verdict }) => verdict === "ok");
    const wrong = assessed.filter(({ verdict }) => verdict !== "ok");
    const named = new Map(wish.rows.map((each) => [each.row, each.email ?? each.accountId ?? ""]));
    const outcome: ProposalOutcome = {
      isPreview: wish.isPreview,
      proposed: right.length,
      rows: wish.rows.length,
      errors: wrong.slice(0, ERRORS_SHOWN).map((each) => errorOf(each, named.get(each.row) ?? "")),
      errorsCount: wrong.length,
    };
    if (wish.isPreview) return ok(outcome);
    if (wrong.length > 0 && !wish.acceptErrors) {
      return refuse({ code: "rows-with-errors" as const, outcome: { ...outcome, proposed: 0 } });
    }
    if (right.length === 0) return ok(outcome);

    const siteIds = [...new Set(right.map(({ siteId }) => siteId).filter((each) => each !== null))];
    const proposed = await insertProposals(tx, right, {
      settings: settingsOf(wish),
      because: [{ is: "proposed", says: `Proposed by hand: ${wish.reason}`, isNegated: false, saw: {} }],
      proposedBy: context.actor.operatorId,
      reason: wish.reason,
      costs: await seatCosts(tx, siteIds, at),
      at,
    });
    tx.record({
      actorId: context.actor.operatorId,
      through: context.actor.through,
      entry: "candidates.proposed",
      subjectId: null,
      detail: { proposed, leftOut: wrong.length, asks: wish.asks, siteIds },
      personal: { reason: wish.reason, decider: wish.decider },
    });
    return ok({ ...outcome, proposed });
  });
}

function settingsOf({ asks, reason, decider }: ProposalWish): ReclamationSettings {
  const { checkIn, decision, ...settings } = DEFAULT_RECLAMATION_SETTINGS;
  return {
    ...settings,
    checkIn: { ...checkIn, asked: asks ? "holder" : "nobody", silentReason: asks ? null : reason },
    decision: { ...decision, email: decider },
  };
}

function errorOf({ row, verdict, keptUntil }: AssessedRow, value: string): ProposalError {
  return { row, value, ...WORDS[verdict as Exclude<typeof verdict, "ok">](keptUntil) };
}

const WORDS: Record<
  Exclude<AssessedRow["verdict"], "ok">,
  (keptUntil: Date | null) => Pick<ProposalError, "what" | "expected">
> = {
  "not-found": () => ({
    what: "holds no seat that is known",
    expected: "the e-mail or account of somebody with a seat",
  }),
  several: () => ({ what: "holds several seats", expected: "the site as well, so that one seat is meant" }),
  "named-twice": () => ({ what: "names the same seat as a row before it", expected: "each seat once" }),
  excluded: () => ({ what: "is excluded from reclaiming", expected: "a seat that no exclusion covers" }),
  "already-candidate": () => ({
    what: "is a candidate already",
    expected: "a seat that is none; decide that candidate",
  }),
  kept: (until) => ({ what: `was kept until ${sayDay(until ?? "")}`, expected: "a seat that is not left alone" }),
  "lacks-evidence": () => ({
    what: "was not observed well enough to be taken without asking",
    expected: "its holder to be asked (ask), or evidence that covers reading",
  }),
};
